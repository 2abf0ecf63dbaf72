/** The strip above the bar that says what is wrong with the connection, one thing at a time. */

import {
  HeadphoneOff,
  LoaderCircle,
  ServerOff,
  SignalMedium,
  VolumeX,
  WifiOff,
} from "lucide-react";
import { useEffect } from "react";
import { t } from "../i18n/translate";
import { announce } from "../ui/announcements";
import { Button } from "../ui/Button";
import { Strip } from "../ui/Strip";
import { useNow } from "../ui/useNow";
import { useCallView } from "./CallContext";
import { connectionNotice } from "./connectionState";
import type { ConnectionNotice } from "./connectionState";
import { useLasting } from "./useLasting";
import { useOnline } from "./useOnline";

/** A short break is nobody's business. */
const PATIENCE: Partial<Record<ConnectionNotice, number>> = {
  connecting: 1_000,
  reconnecting: 400,
  weak: 4_000,
  sound_held: 300,
};
const patience = (notice: ConnectionNotice | null) => (notice ? (PATIENCE[notice] ?? 0) : 0);

export function ConnectionStrips() {
  const { snapshot } = useCallView();
  const online = useOnline();
  const notice = useLasting(connectionNotice(snapshot, online), patience);
  useEffect(() => {
    if (notice && notice !== "connecting") announce(t(`call.strip_${notice}`));
  }, [notice]);
  if (!notice) return null;
  return (
    <div className="nz-call-strips">
      <Notice notice={notice} />
    </div>
  );
}

function Notice({ notice }: { notice: ConnectionNotice }) {
  const { call, settings, changeSettings } = useCallView();
  switch (notice) {
    case "offline":
      return (
        <Strip tone="warn" icon={<WifiOff size={18} aria-hidden="true" />}>
          <strong>{t("call.strip_offline")}</strong> {t("call.strip_offline_more")}
        </Strip>
      );
    case "unavailable":
      return <Unavailable />;
    case "reconnecting":
      return (
        <Strip icon={<Waiting />}>
          <strong>{t("call.strip_reconnecting")}</strong> {t("call.strip_reconnecting_more")}
        </Strip>
      );
    case "connecting":
      return (
        <Strip icon={<Waiting />}>
          <strong>{t("call.strip_connecting")}</strong>
        </Strip>
      );
    case "sound_held":
      return (
        <Strip
          icon={<VolumeX size={18} aria-hidden="true" />}
          action={
            <Button size="sm" kind="primary" onClick={call.hearEveryone}>
              {t("call.hear_everyone")}
            </Button>
          }
        >
          <strong>{t("call.strip_sound_held")}</strong>
        </Strip>
      );
    case "deafened":
      return (
        <Strip
          icon={<HeadphoneOff size={18} aria-hidden="true" />}
          action={
            <Button size="sm" kind="primary" onClick={() => call.setDeafened(false)}>
              {t("call.hear_everyone")}
            </Button>
          }
        >
          <strong>{t("call.strip_deafened")}</strong>
        </Strip>
      );
    case "weak":
      return (
        <Strip
          tone="warn"
          icon={<SignalMedium size={18} aria-hidden="true" />}
          action={
            settings.received !== "audio_only" && (
              <Button
                size="sm"
                kind="quiet"
                onClick={() => changeSettings({ ...settings, received: "audio_only" })}
              >
                {t("call.sound_only")}
              </Button>
            )
          }
        >
          {t("call.strip_weak")}
        </Strip>
      );
  }
}

function Waiting() {
  return <LoaderCircle size={18} className="nz-spin" aria-hidden="true" />;
}

function Unavailable() {
  const { call, snapshot } = useCallView();
  const now = useNow(250, snapshot.retryAt !== null);
  const seconds = Math.ceil(((snapshot.retryAt ?? now) - now) / 1_000);
  return (
    <Strip
      tone="bad"
      icon={<ServerOff size={18} aria-hidden="true" />}
      action={
        <Button size="sm" kind="quiet" onClick={call.retryNow}>
          {t("common.try_again")}
        </Button>
      }
    >
      <strong>{t("call.strip_unavailable")}</strong>{" "}
      {seconds > 0 ? t("call.trying_in", { count: seconds }) : t("call.trying_now")}
    </Strip>
  );
}
