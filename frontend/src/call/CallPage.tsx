/** The page while one is in the call. */
import "./styles/frame.css";
import "./styles/tile.css";
import "./styles/bar.css";
import "./styles/panel.css";

import { useCallback, useMemo, useState, useSyncExternalStore } from "react";
import type { CallPageProps, DeviceSettings } from "../sessions/types";
import type { CallView, Layout } from "./CallContext";
import { CallFrame } from "./CallFrame";
import { CallProvider } from "./CallProvider";
import { joinPeople } from "./callPeople";
import { useApplySettings } from "./useApplySettings";
import { useCallSnapshot } from "./useCallSnapshot";
import { useController } from "./useController";
import { usePinned } from "./usePinned";
import { usePresence } from "./usePresence";
import { usePushToTalk } from "./usePushToTalk";
import { useWakeLock } from "./useWakeLock";

export default function CallPage(props: CallPageProps) {
  const { config, participant, joinChoice, onSettingsChange } = props;
  const controller = useController(props);
  const { call, feed } = controller;
  const snapshot = useCallSnapshot(call);
  const state = useSyncExternalStore(feed.store.subscribe, feed.store.getState);
  const [settings, setSettings] = useState(joinChoice.settings);
  const [layout, setLayout] = useState<Layout>("grid");
  const { pinned, togglePin } = usePinned();
  useApplySettings(call, settings);
  const talking = usePushToTalk(call, settings.microphone.talkKey);
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
  const people = useMemo(() => joinPeople(snapshot, state, me), [snapshot, state, me]);
  const view: CallView = {
    call,
    snapshot,
    state,
    me,
    people,
    link: config.link,
    settings,
    changeSettings,
    layout,
    setLayout,
    pinned,
    togglePin,
    talking,
    leave: () => controller.leave(),
    endForAll: () => controller.endForAll(),
  };
  return (
    <CallProvider view={view}>
      <CallFrame />
    </CallProvider>
  );
}
