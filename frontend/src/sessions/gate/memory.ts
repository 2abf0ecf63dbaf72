/** What the gate remembers of a person between sessions. */
import { recall, remember } from "../devices/storage";

const NAME = "nonza.name";
const SWITCHES = "nonza.switches";

export type Switches = { microphoneOn: boolean; cameraOn: boolean };

export function recallName(): string {
  const name = recall(NAME);
  return typeof name === "string" ? name : "";
}

export function rememberName(name: string): void {
  remember(NAME, name);
}

export function recallSwitches(): Switches {
  const kept = recall(SWITCHES) as Partial<Switches> | null;
  return { microphoneOn: kept?.microphoneOn !== false, cameraOn: kept?.cameraOn !== false };
}

export function rememberSwitches(switches: Switches): void {
  remember(SWITCHES, switches);
}
