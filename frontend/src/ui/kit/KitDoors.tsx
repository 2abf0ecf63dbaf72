/** The doors of the end pages. */
import { Door, type DoorState } from "../Door";

const STATES: readonly DoorState[] = ["open", "shut", "sea", "full", "outline"];

export function KitDoors() {
  return STATES.map((state) => <Door key={state} state={state} />);
}
