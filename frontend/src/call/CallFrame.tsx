/** The frame of the call: stage, panel, bar, and what opens over them. */

import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { t } from "../i18n/translate";
import { Settings } from "../sessions/settings/Settings";
import { useCallView } from "./CallContext";
import type { PanelName } from "./CallContext";
import { canShareScreen } from "./canShareScreen";
import { ChatPanel } from "./ChatPanel";
import { ConnectionStrips } from "./ConnectionStrips";
import { ControlBar } from "./ControlBar";
import { HelpDialog } from "./HelpDialog";
import { MoreSheet } from "./MoreSheet";
import { PeoplePanel } from "./PeoplePanel";
import { PhoneBar } from "./PhoneBar";
import { PhoneTop } from "./PhoneTop";
import { Stage } from "./Stage";
import { StatisticsOf } from "./StatisticsOf";
import { TalkingNote } from "./TalkingNote";
import { useCallNews } from "./useCallNews";
import { PHONE, useMediaQuery } from "./useMediaQuery";
import type { Dialog } from "./useMoreEntries";
import { useShortcuts } from "./useShortcuts";
import { useToastPlace } from "./useToastPlace";
import { walkRegions } from "./walkRegions";

/** Few ask for it. */
const ReportDialog = lazy(() => import("./report/ReportDialog"));

export function CallFrame() {
  const view = useCallView();
  const { call, snapshot, state, layout, setLayout, settings, changeSettings, pip, dock } = view;
  const { panel, setPanel, chat } = view;
  const page = useRef<HTMLElement>(null);
  const phone = useMediaQuery(PHONE);
  const [byKey, setByKey] = useState(false);
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const togglePanel = (name: PanelName, pressed = false) => {
    setByKey(pressed);
    setPanel(panel === name ? null : name);
  };
  const sheetOpen = phone && panel !== null;
  useCallNews(view, () => setDialog("settings"));
  useToastPlace();
  useShortcuts({
    microphone: () => call.setMicrophone(!snapshot.microphone.on),
    camera: () => call.setCamera(!snapshot.camera.on),
    share: () => canShareScreen() && call.setShare(!snapshot.share.on),
    layout: () => setLayout(layout === "grid" ? "speaker" : "grid"),
    chat: () => chat && togglePanel("chat", true),
    people: () => togglePanel("people"),
    pip: () => pip.kind !== "none" && pip.toggle(),
    help: () => setDialog("help"),
    close: () => setPanel(null),
    regions: (event) => walkRegions(page.current, event.shiftKey),
  });
  useEffect(() => {
    // It takes the place of what one waited in.
    if (dock && document.activeElement === document.body) page.current?.focus();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, when it comes
  }, []);
  useEffect(() => {
    if (!dock) document.title = t("call.page_title", { title: state.session.title });
  }, [dock, state.session.title]);

  const Frame = dock ? "section" : "main";
  const keys = { onPanel: togglePanel, onDialog: setDialog };
  return (
    <Frame
      ref={page}
      id={dock ? "call" : "main"}
      aria-label={dock ? t("call.place", { name: dock.name }) : undefined}
      tabIndex={-1}
      className="nz-call"
      data-sheet={sheetOpen ? "" : undefined}
    >
      {phone && <PhoneTop onPanel={togglePanel} />}
      <section
        className="nz-call-main"
        aria-label={t("call.stage")}
        data-region="stage"
        tabIndex={-1}
      >
        <Stage phone={phone} sheetOpen={sheetOpen} />
        <TalkingNote />
        <ConnectionStrips />
      </section>
      {panel === "people" && <PeoplePanel onClose={() => setPanel(null)} />}
      {panel === "chat" && chat && (
        <ChatPanel chat={chat} focusField={byKey || !phone} onClose={() => setPanel(null)} />
      )}
      <div className="contents" data-region="bar">
        {phone ? !sheetOpen && <PhoneBar {...keys} /> : <ControlBar {...keys} />}
      </div>
      {dialog === "settings" && (
        <Settings
          settings={settings}
          onChange={changeSettings}
          onClose={() => setDialog(null)}
          open={call.getOwnTracks()}
          blurOffered={view.blurOffered}
        />
      )}
      {dialog === "statistics" && (
        <StatisticsOf slug={state.session.slug} onClose={() => setDialog(null)} />
      )}
      {dialog === "report" && (
        <Suspense fallback={null}>
          <ReportDialog onClose={() => setDialog(null)} />
        </Suspense>
      )}
      {dialog === "help" && <HelpDialog onClose={() => setDialog(null)} />}
      {dialog === "more" && <MoreSheet onPanel={togglePanel} onDialog={setDialog} />}
    </Frame>
  );
}
