/** Gate, call, end: which of them the page of a session shows. */
import { createElement, useCallback, useEffect, useState } from "react";

import { CallSkeleton } from "../call/CallSkeleton";
import { useCallPage } from "../call/useCallPage";
import { ReadChatLater } from "../chat/session/ReadChatLater";
import { getSession, joinSession, mintToken } from "../api/sessions";
import type { JoinAnswer, Session } from "../api/types";
import { readSettings, writeSettings } from "../sessions/devices/settings";
import { endOfFailure, endOfRefusal } from "../sessions/ends/endOfRefusal";
import { endOfSession } from "../sessions/ends/endOfSession";
import { EndPage } from "../sessions/ends/EndPage";
import { JoinGate } from "../sessions/gate/JoinGate";
import type { Config, DeviceSettings, EndReason, JoinChoice } from "../sessions/types";
import { Announcer } from "../ui/Announcer";
import { ErrorBoundary } from "../ui/ErrorBoundary";
import { Toaster } from "../ui/Toaster";
import { firstStep, type Step } from "./firstStep";

export function SessionPage({ config }: { config: Config }) {
  const [step, setStep] = useState<Step>(() => firstStep(config));
  const [session, setSession] = useState(config.session);
  const [settings, setSettings] = useState(readSettings);

  useFrame(step.at);

  const changeSettings = useCallback((next: DeviceSettings) => {
    setSettings(next);
    writeSettings(next);
  }, []);
  const enter = useCallback((choice: JoinChoice, answer: JoinAnswer) => {
    setSession(answer.session);
    // Asked for at once: while the call is drawn the answer is on its way.
    const firstToken = mintToken(answer.session.slug, { afterLoss: false });
    // Who waits for it hears of a refusal; until then nobody does.
    firstToken.catch(() => undefined);
    setStep({ at: "call", choice, answer, firstToken });
  }, []);
  const choice = step.at === "gate" ? null : step.choice;
  const end = useCallback(
    (reason: EndReason) => setStep({ at: "end", end: reason, choice }),
    [choice],
  );

  const callPage = useCallPage(step.at, () => end({ kind: "error" }));

  const showGate = (fresh: Session) => {
    setSession(fresh);
    setStep({ at: "gate" });
  };
  const ways: Ways = { enter, end, gate: showGate };

  return (
    <>
      <Announcer />
      {step.at === "gate" && session && (
        <JoinGate
          config={config}
          session={session}
          settings={settings}
          onSettingsChange={changeSettings}
          onJoin={enter}
          onEnd={(reason, chosen) => setStep({ at: "end", end: reason, choice: chosen })}
        />
      )}
      {step.at === "call" && (
        <ErrorBoundary onError={() => end({ kind: "error" })}>
          {callPage ? (
            createElement(callPage, {
              config,
              session: step.answer.session,
              participant: step.answer.participant,
              firstToken: step.firstToken,
              joinChoice: step.choice,
              dock: null,
              onEnd: end,
              onSettingsChange: changeSettings,
            })
          ) : (
            <CallSkeleton />
          )}
        </ErrorBoundary>
      )}
      {step.at === "end" && (
        <EndPage
          end={step.end}
          session={session}
          onRetry={() => retry(step.end, () => goOn(config.slug, choice, ways))}
          onComeBack={() => void goOn(config.slug, null, ways)}
          chat={
            config.chat && (
              <ReadChatLater slug={config.slug} participantId={session?.me?.id ?? null} />
            )
          }
        />
      )}
      <Toaster />
    </>
  );
}

/** The page's top line makes room for the call. */
function useFrame(at: Step["at"]): void {
  useEffect(() => {
    document.documentElement.dataset.view = at;
  }, [at]);
}

type Ways = {
  enter: (choice: JoinChoice, answer: JoinAnswer) => void;
  end: (reason: EndReason) => void;
  gate: (session: Session) => void;
};

/** What broke, or is no longer on the server as it was, comes anew with the page. */
function retry(end: EndReason, again: () => Promise<void>): Promise<void> | void {
  if (end.kind !== "error") return again();
  location.reload();
}

/** Into the call if the person has chosen everything before, else to the gate. */
async function goOn(slug: string, choice: JoinChoice | null, ways: Ways): Promise<void> {
  try {
    if (choice) {
      ways.enter(choice, await joinSession(slug, choice.displayName));
      return;
    }
    const session = await getSession(slug);
    const end = endOfSession(session);
    if (end) ways.end(end);
    else ways.gate(session);
  } catch (error) {
    ways.end(endOfRefusal(error) ?? endOfFailure(error));
  }
}
