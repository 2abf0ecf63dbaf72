/** The list of keys. */

import { t } from "../i18n/translate";
import { Modal } from "../ui/Modal";
import { SHORTCUTS } from "./shortcuts";

export function HelpDialog({ onClose }: { onClose: () => void }) {
  return (
    <Modal title={t("call.shortcuts")} onClose={onClose}>
      <dl className="nz-help-keys">
        {SHORTCUTS.map(({ keys, words }) => (
          <div key={keys}>
            <dt>{t(words)}</dt>
            <dd>
              <kbd className="nz-key">{keys}</kbd>
            </dd>
          </div>
        ))}
      </dl>
      <p className="nz-hint mt-3">{t("call.shortcuts_hint")}</p>
    </Modal>
  );
}
