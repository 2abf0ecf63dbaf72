/** A page for every end: a door, one sentence, one reason, at most two ways on. */
import { lazy, Suspense, type ReactNode } from "react";

import type { Session } from "../../api/types";
import { t } from "../../i18n/translate";
import { Button, buttonClass } from "../../ui/Button";
import type { EndReason } from "../types";
import { CloseKey } from "./CloseKey";
import { EndFrame } from "./EndFrame";
import { wordsOfEnd, type EndAct } from "./endPages";
import { WaitForSeat } from "./WaitForSeat";
import { WaitToRetry } from "./WaitToRetry";

// Few people see it, and nobody misses it if it does not come.
const HowItWent = lazy(() =>
  import("../statistics/HowItWent").catch(() => ({ default: () => null })),
);
const AFTER_A_CALL: readonly EndReason["kind"][] = ["left", "ended", "expired"];
/** What was written can be read for a while. */
const OVER: readonly EndReason["kind"][] = ["ended", "expired"];
const HOSTS: readonly string[] = ["host", "cohost"];

export type EndPageProps = {
  end: EndReason;
  session: Session | null;
  /** Tries to go on where the page left off; resolves when it is known whether it did. */
  onRetry: () => Promise<void> | void;
  /** Back to the gate. */
  onComeBack: () => void;
  /** In a dock: instead of the front page there is the page beside it, and no title to change. */
  onClose?: (() => void) | undefined;
  /** The way to what was written. */
  chat?: ReactNode;
};

export function EndPage({ end, session, onRetry, onComeBack, onClose, chat }: EndPageProps) {
  const { door, title, reason, acts } = wordsOfEnd(end);
  if (end.kind === "full") {
    return (
      <WaitForSeat door={door} title={title} session={session} onTry={onRetry} onClose={onClose} />
    );
  }
  if (end.kind === "media_unavailable" || end.kind === "offline") {
    return (
      <WaitToRetry
        key={end.kind}
        door={door}
        title={title}
        reason={reason}
        onTry={onRetry}
        onClose={onClose}
      />
    );
  }
  return (
    <EndFrame
      door={door}
      title={title}
      reason={reason}
      docked={onClose !== undefined}
      more={
        <>
          {OVER.includes(end.kind) && chat}
          {hosted(session) && AFTER_A_CALL.includes(end.kind) && (
            <Suspense fallback={null}>
              <HowItWent slug={session.slug} />
            </Suspense>
          )}
        </>
      }
    >
      {acts.map((act, index) => (
        <Act
          key={act}
          act={act}
          likely={index === 0}
          onPress={act === "come_back" ? onComeBack : onRetry}
          onClose={onClose}
        />
      ))}
      {onClose && !acts.some(isWayOut) && <CloseKey onClose={onClose} />}
    </EndFrame>
  );
}

function isWayOut(act: EndAct): boolean {
  return act === "front_page" || act === "start_new";
}

function hosted(session: Session | null): session is Session {
  return HOSTS.includes(session?.me?.role ?? "");
}

const WORDS = {
  come_back: "sessions.come_back",
  try_again: "common.try_again",
  use_here: "sessions.use_here",
  start_new: "sessions.start_new",
  front_page: "sessions.front_page",
} as const;

type ActProps = {
  act: EndAct;
  likely: boolean;
  onPress: () => Promise<void> | void;
  onClose: (() => void) | undefined;
};

function Act({ act, likely, onPress, onClose }: ActProps) {
  const words = t(WORDS[act]);
  if (isWayOut(act)) {
    if (onClose) return <CloseKey onClose={onClose} />;
    const kind = likely && act === "start_new" ? "primary" : "default";
    return (
      <a className={buttonClass(kind, "lg")} href="/">
        {words}
      </a>
    );
  }
  return (
    <Button kind={likely ? "primary" : "default"} size="lg" onClick={() => void onPress()}>
      {words}
    </Button>
  );
}
