/** Where the page of a session begins. */
import type { CallToken, JoinAnswer } from "../api/types";
import { endOfRefusedPage } from "../sessions/ends/endOfRefusal";
import { endOfSession } from "../sessions/ends/endOfSession";
import { readSettings } from "../sessions/devices/settings";
import { recallPresence } from "../sessions/presence";
import { missingSupport } from "../sessions/support";
import type { Config, EndReason, JoinChoice } from "../sessions/types";

export type Step =
  | { at: "gate" }
  | { at: "call"; choice: JoinChoice; answer: JoinAnswer; firstToken: Promise<CallToken> | null }
  /** With the choice that was made at the gate, so that a later try needs no second answer. */
  | { at: "end"; end: EndReason; choice: JoinChoice | null };

export function firstStep(config: Config): Step {
  const end = missingSupport() ?? endOfPage(config);
  if (end) return { at: "end", end, choice: null };
  return backInCall(config) ?? { at: "gate" };
}

function endOfPage({ problem, session }: Config): EndReason | null {
  const end = session && endOfSession(session);
  if (end) return end;
  if (problem) return endOfRefusedPage(problem);
  return session ? null : { kind: "error" };
}

/** A reload in the call leads straight back to the seat. */
function backInCall({ slug, session }: Config): Step | null {
  const presence = recallPresence(slug);
  const me = session?.me;
  if (!presence || !session || me?.state !== "admitted") return null;
  const settings = readSettings();
  return {
    at: "call",
    choice: {
      displayName: me.display_name,
      ...presence,
      // A minute ago they were there under these ids; the call looks again by itself.
      devices: {
        microphoneId: settings.microphone.device?.id,
        cameraId: settings.camera.device?.id,
        speakerId: settings.speaker.device?.id,
      },
      settings,
    },
    answer: { session, participant: me, credential: null },
    firstToken: null,
  };
}
