/** Says that one is heard for as long as a key is held. */

import { Mic } from "lucide-react";
import { t } from "../i18n/translate";
import { useCallView } from "./CallContext";

export function TalkingNote() {
  const { talking, snapshot } = useCallView();
  if (!talking || !snapshot.microphone.on) return null;
  return (
    <div className="nz-talking-place">
      <p className="nz-talking">
        <Mic size={16} strokeWidth={2} aria-hidden="true" />
        {t("call.talking")}
      </p>
    </div>
  );
}
