/** Takes a seat in a call without a gate: with the devices and switches that the browser remembers. */

import { enterChannel, joinSession, mintToken } from "../api/sessions";
import type { CallToken, JoinAnswer } from "../api/types";
import { chosenDevices } from "../sessions/devices/findDevice";
import { readSettings } from "../sessions/devices/settings";
import { listDevices } from "../sessions/devices/listDevices";
import { recallSwitches } from "../sessions/gate/memory";
import type { Switches } from "../sessions/gate/memory";
import type { JoinChoice } from "../sessions/types";
import type { Place } from "./types";

export type Entry = { choice: JoinChoice; answer: JoinAnswer; firstToken: Promise<CallToken> };

/** `switches`: as they were before a reload; else as at the gate, the camera only where one is meant. */
export async function enterPlace(
  place: Place,
  displayName: string,
  switches: Switches | null,
): Promise<Entry> {
  const [seat, devices] = await Promise.all([takeSeat(place, displayName), listDevices()]);
  const settings = readSettings();
  const { microphoneOn, cameraOn } = switches ?? rememberedSwitches(place);
  return {
    ...seat,
    choice: {
      displayName: seat.answer.participant.display_name,
      microphoneOn,
      cameraOn,
      devices: chosenDevices(devices, settings),
      settings,
    },
  };
}

function rememberedSwitches(place: Place): Switches {
  const switches = recallSwitches();
  const voice = place.kind === "channel" && !place.camera;
  return voice ? { ...switches, cameraOn: false } : switches;
}

async function takeSeat(place: Place, displayName: string): Promise<Omit<Entry, "choice">> {
  if (place.kind === "channel") {
    const { session, participant, ...token } = await enterChannel(place.id);
    const answer = { session, participant, credential: null };
    return { answer, firstToken: Promise.resolve(token) };
  }
  const answer = await joinSession(place.slug, displayName);
  const firstToken = mintToken(place.slug, { afterLoss: false });
  // The call hears of a refusal, once it is there.
  firstToken.catch(() => undefined);
  return { answer, firstToken };
}
