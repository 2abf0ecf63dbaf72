/** What the parts of the call share. */

import { createContext, useContext } from "react";
import type { SessionState } from "../api/sessionStore";
import type { Participant } from "../api/types";
import type { CallSnapshot, MediaCall } from "../livekit/types";
import type { DeviceSettings, DockPlace } from "../sessions/types";
import type { CallPerson } from "./callPeople";
import type { CallChat } from "./useCallChat";
import type { Pip } from "./pip/usePictureInPicture";

export type Layout = "grid" | "speaker";
/** What opens beside the stage, one at a time. */
export type PanelName = "people" | "chat";

export type CallView = {
  call: MediaCall;
  snapshot: CallSnapshot;
  state: SessionState;
  me: Participant;
  people: CallPerson[];
  /** The link to send to others. */
  link: string;
  /** The operator has brought a model for it. */
  blurOffered: boolean;
  settings: DeviceSettings;
  changeSettings: (settings: DeviceSettings) => void;
  layout: Layout;
  setLayout: (layout: Layout) => void;
  /** Keys of pinned tiles, in the order of pinning. */
  pinned: readonly string[];
  togglePin: (key: string) => void;
  panel: PanelName | null;
  setPanel: (panel: PanelName | null) => void;
  /** null: nobody can write here. */
  chat: CallChat | null;
  pip: Pip;
  /** A key is held to talk. */
  talking: boolean;
  /** null on a page of its own. */
  dock: DockPlace | null;
  leave: () => void;
  endForAll: () => Promise<void>;
};

/** What tiles and rows need, and what stays the same while people come, speak and go. */
export type SteadyView = Pick<CallView, "call" | "settings" | "pinned" | "togglePin">;

export const CallContext = createContext<CallView | null>(null);

export const SteadyContext = createContext<SteadyView | null>(null);

export function useSteadyView(): SteadyView {
  const view = useContext(SteadyContext);
  if (!view) throw new Error("Only parts of the call may ask for it.");
  return view;
}

/** All of it: whoever asks is drawn anew whenever anything happens in the call. */
export function useCallView(): CallView {
  const view = useContext(CallContext);
  if (!view) throw new Error("Only parts of the call may ask for it.");
  return view;
}
