/** The call in the dock: asking, entering, the call itself large or in a bar, and its end. */
import "./dock.css";
import "../call/styles/call-bar.css";

import { createElement, useCallback, useSyncExternalStore } from "react";

import { ReadChatLater } from "../chat/session/ReadChatLater";
import { t } from "../i18n/translate";
import { writeSettings } from "../sessions/devices/settings";
import { EndPage } from "../sessions/ends/EndPage";
import type { Config, DockPlace } from "../sessions/types";
import { Announcer } from "../ui/Announcer";
import { ErrorBoundary } from "../ui/ErrorBoundary";
import { Toaster } from "../ui/Toaster";
import { CallSkeleton } from "../call/CallSkeleton";
import { useCallPage } from "../call/useCallPage";
import { AskToMove } from "./AskToMove";
import type { CallDock } from "./callDock";
import { EnteringBar } from "./EnteringBar";
import type { DockConfig, DockState, DockStep } from "./types";
import { useDockPlace } from "./useDockPlace";
import { useRemember } from "./useRemember";

type DockProps = { dock: CallDock; config: DockConfig };

export function Dock({ dock, config }: DockProps) {
  const state = useSyncExternalStore(dock.subscribe, dock.getState);
  const { step, expanded, wanted } = state;
  useDockPlace(state);
  useRemember(dock, step.at === "call");
  return (
    <>
      <Announcer />
      {step.at !== "none" && (
        <div className={expanded ? "nz-dock-large" : "nz-dock-bar"}>
          <Inside dock={dock} config={config} state={state} />
        </div>
      )}
      {wanted && step.at !== "none" && (
        <AskToMove from={step.place.name} to={wanted.name} onMove={dock.move} onStay={dock.stay} />
      )}
      <Toaster />
    </>
  );
}

type InsideProps = DockProps & { state: DockState };

function Inside({ dock, config, state }: InsideProps) {
  const { step, expanded } = state;
  const failed = useCallback(() => dock.end({ kind: "error" }), [dock]);
  const callPage = useCallPage(step.at === "call" ? "call" : "gate", failed);
  if (step.at === "end") {
    return (
      <EndPage
        end={step.end}
        session={null}
        onRetry={dock.retry}
        onComeBack={() => void dock.retry()}
        onClose={dock.close}
        chat={
          config.chat &&
          step.slug !== null && <ReadChatLater slug={step.slug} participantId={null} />
        }
      />
    );
  }
  if (step.at !== "call" || !callPage) {
    if (step.at === "none") return null;
    return expanded ? (
      <section id="call" tabIndex={-1} aria-label={t("spaces.entering", { name: step.place.name })}>
        <CallSkeleton />
      </section>
    ) : (
      <EnteringBar name={step.place.name} onLeave={dock.leave} />
    );
  }
  return (
    // What broke in one call is not broken in the next.
    <ErrorBoundary key={step.answer.session.id} onError={failed}>
      {createElement(callPage, {
        config: callConfig(config, step),
        session: step.answer.session,
        participant: step.answer.participant,
        firstToken: step.firstToken,
        joinChoice: step.choice,
        dock: placeOf(dock, step, expanded),
        onEnd: dock.end,
        onSettingsChange: writeSettings,
      })}
    </ErrorBoundary>
  );
}

type Inside = DockStep & { at: "call" };

function placeOf(dock: CallDock, { place, since }: Inside, expanded: boolean): DockPlace {
  return { name: place.name, expanded, since, expand: dock.expand, collapse: dock.collapse };
}

function callConfig(config: DockConfig, { answer }: Inside): Config {
  const { slug } = answer.session;
  return {
    ...config,
    slug,
    link: `${location.origin}/session/${slug}/`,
    session: answer.session,
    problem: null,
  };
}
