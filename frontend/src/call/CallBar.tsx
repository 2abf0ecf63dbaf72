/** The call while one looks at other pages: who, how long, and the keys that one needs at once. */

import { HeadphoneOff, Headphones, Maximize2, Mic, MicOff, Phone } from "lucide-react";
import { t } from "../i18n/translate";
import type { DockPlace } from "../sessions/types";
import { Button } from "../ui/Button";
import { classes } from "../ui/classes";
import { IconButton } from "../ui/IconButton";
import type { IconButtonProps } from "../ui/IconButton";
import { useNow } from "../ui/useNow";
import { useCallView } from "./CallContext";
import { UnreadCount } from "./UnreadCount";
import { connectionNotice } from "./connectionState";
import type { ConnectionNotice } from "./connectionState";
import { writeDuration } from "./duration";
import { useCallNews } from "./useCallNews";
import { useInSight } from "./useInSight";
import { useOnline } from "./useOnline";
import { withTrouble } from "./withTrouble";

export function CallBar({ dock }: { dock: DockPlace }) {
  const view = useCallView();
  const { call, snapshot, pip, leave, chat } = view;
  const unread = chat?.unread ?? 0;
  const notice = connectionNotice(snapshot, useOnline());
  const { on, trouble } = snapshot.microphone;
  useCallNews(view, dock.expand);
  // Nobody's picture is shown here, so none is received.
  useInSight(call, NO_TILES, pip.shown);
  return (
    <section className="nz-call-bar" aria-label={t("call.place", { name: dock.name })}>
      <div className="nz-call-bar-row">
        <button
          type="button"
          id="call-bar-open"
          className="nz-call-bar-open"
          aria-label={[
            t("call.expand", { name: dock.name }),
            ...(unread > 0 ? [t("call.chat_unread", { count: unread })] : []),
          ].join(". ")}
          onClick={dock.expand}
        >
          <span className="nz-call-bar-name">
            <bdi>{dock.name}</bdi>
            <SpeakingMark />
            {unread > 0 && <UnreadCount count={unread} />}
            <Maximize2 size={14} aria-hidden="true" className="nz-call-bar-sign" />
          </span>
          <Status notice={notice} since={dock.since} />
        </button>
        <BarKey
          label={withTrouble(on ? t("call.mute") : t("call.unmute"), trouble)}
          off={!on}
          onClick={() => call.setMicrophone(!on)}
        >
          {on ? <Mic {...SIGN} /> : <MicOff {...SIGN} />}
        </BarKey>
        <BarKey
          label={snapshot.deafened ? t("call.hear_everyone") : t("call.deafen")}
          off={snapshot.deafened}
          onClick={() => call.setDeafened(!snapshot.deafened)}
        >
          {snapshot.deafened ? <HeadphoneOff {...SIGN} /> : <Headphones {...SIGN} />}
        </BarKey>
        <BarKey label={t("call.leave")} className="nz-call-bar-leave" onClick={leave}>
          <Phone {...SIGN} />
        </BarKey>
      </div>
      {notice === "sound_held" && (
        <Button size="sm" kind="primary" wide onClick={call.hearEveryone}>
          {t("call.hear_everyone")}
        </Button>
      )}
    </section>
  );
}

const NO_TILES: readonly [] = [];
const SIGN = { size: 20, strokeWidth: 1.75, "aria-hidden": true } as const;

type BarKeyProps = Omit<IconButtonProps, "look"> & { off?: boolean };

function BarKey({ off = false, className, ...rest }: BarKeyProps) {
  return (
    <IconButton
      {...rest}
      look="nz-call-bar-key"
      className={classes(off && "nz-call-bar-key-off", className)}
    />
  );
}

/** Somebody speaks just now. */
function SpeakingMark() {
  const { people } = useCallView();
  const speaker = people.find((person) => person.media?.speaking);
  if (!speaker) return null;
  return (
    <span className="nz-bars">
      <i />
      <i />
      <i />
    </span>
  );
}

const WORDS = {
  offline: "call.bar_offline",
  unavailable: "call.bar_unavailable",
  reconnecting: "call.strip_reconnecting",
  connecting: "call.strip_connecting",
  sound_held: "call.bar_sound_held",
} as const;

function Status({ notice, since }: { notice: ConnectionNotice | null; since: number }) {
  const now = useNow(1_000);
  const told = notice && notice in WORDS ? WORDS[notice as keyof typeof WORDS] : null;
  return (
    <span className={classes("nz-call-bar-status", told && "nz-call-bar-trouble")}>
      {told ? t(told) : t("call.bar_connected", { time: writeDuration(now - since) })}
    </span>
  );
}
