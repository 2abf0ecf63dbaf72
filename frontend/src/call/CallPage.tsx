/** The page while one is in the call. */
import "./styles/frame.css";
import "./styles/tile.css";
import "./styles/bar.css";
import "./styles/panel.css";
import "./styles/pip.css";
import "./styles/call-bar.css";

import { useCallback, useMemo, useState, useSyncExternalStore } from "react";
import type { CallPageProps, DeviceSettings } from "../sessions/types";
import { CallBar } from "./CallBar";
import type { CallView, Layout, PanelName } from "./CallContext";
import { CallFrame } from "./CallFrame";
import { CallProvider } from "./CallProvider";
import { joinPeople } from "./callPeople";
import { PipPlace } from "./pip/PipPlace";
import { usePictureInPicture } from "./pip/usePictureInPicture";
import { useCallChat } from "./useCallChat";
import { useApplySettings } from "./useApplySettings";
import { useCallSnapshot } from "./useCallSnapshot";
import { useController } from "./useController";
import { usePinned } from "./usePinned";
import { usePresence } from "./usePresence";
import { usePushToTalk } from "./usePushToTalk";
import { useWakeLock } from "./useWakeLock";

export default function CallPage(props: CallPageProps) {
  const { config, participant, joinChoice, onSettingsChange, dock } = props;
  const controller = useController(props);
  const { call, feed } = controller;
  const snapshot = useCallSnapshot(call);
  const state = useSyncExternalStore(feed.store.subscribe, feed.store.getState);
  const [settings, setSettings] = useState(joinChoice.settings);
  const [layout, setLayout] = useState<Layout>("grid");
  const [panel, setPanel] = useState<PanelName | null>(null);
  const { pinned, togglePin } = usePinned();
  useApplySettings(call, settings, config.blur_model);
  usePresence(config.slug, snapshot);
  useWakeLock();

  const changeSettings = useCallback(
    (next: DeviceSettings) => {
      setSettings(next);
      onSettingsChange(next);
    },
    [onSettingsChange],
  );
  const me = state.participants.get(participant.id) ?? state.session.me ?? participant;
  const chat = useCallChat({
    offered: config.chat,
    slug: config.slug,
    relay: feed.chat,
    me,
    wanted: panel === "chat",
    onWanted: () => {
      dock?.expand();
      setPanel("chat");
    },
  });
  const people = useMemo(() => joinPeople(snapshot, state, me), [snapshot, state, me]);
  const pip = usePictureInPicture(people, pinned);
  const windows = useMemo(
    () => (pip.window ? [document, pip.window.document] : [document]),
    [pip.window],
  );
  // Beside other pages a key that talks would be one that scrolls.
  const inBar = dock !== null && !dock.expanded;
  const talkKey = inBar ? "off" : settings.microphone.talkKey;
  const talking = usePushToTalk(call, talkKey, windows);
  const view: CallView = {
    call,
    snapshot,
    state,
    me,
    people,
    link: config.link,
    blurOffered: config.blur_model !== null,
    settings,
    changeSettings,
    layout,
    setLayout,
    pinned,
    togglePin,
    panel,
    setPanel,
    chat,
    pip,
    talking,
    dock,
    leave: () => controller.leave(),
    endForAll: () => controller.endForAll(),
  };
  return (
    <CallProvider view={view}>
      {inBar ? <CallBar dock={dock} /> : <CallFrame />}
      <PipPlace />
    </CallProvider>
  );
}
