/** The list of keys. */

import { t } from "../i18n/translate";
import { Modal } from "../ui/Modal";
import { useCallView } from "./CallContext";
import { SHORTCUTS } from "./shortcuts";
import type { Shortcut } from "./shortcuts";

export function HelpDialog({ onClose }: { onClose: () => void }) {
  const { settings, chat } = useCallView();
  const { talkKey } = settings.microphone;
  const works = {
    talk: talkKey !== "off",
    chat: chat !== null,
  } as Partial<Record<Shortcut, boolean>>;
  return (
    <Modal title={t("call.shortcuts")} onClose={onClose}>
      <dl className="nz-help-keys">
        {SHORTCUTS.filter(({ shortcut }) => works[shortcut] ?? true).map((known) => (
          <div key={known.keys}>
            <dt>{t(known.words)}</dt>
            <dd>
              <kbd className="nz-key">
                {known.shortcut === "talk" ? t(`sessions.talk_key_${talkKey}`) : known.keys}
              </kbd>
            </dd>
          </div>
        ))}
      </dl>
      <p className="nz-hint mt-3">{t("call.shortcuts_hint")}</p>
    </Modal>
  );
}
