/** The bar while one is on the way into a call and looks at something else already. */
import { Phone } from "lucide-react";

import { t } from "../i18n/translate";
import { IconButton } from "../ui/IconButton";

export function EnteringBar({ name, onLeave }: { name: string; onLeave: () => void }) {
  return (
    <section className="nz-call-bar" aria-label={t("spaces.call")}>
      <div className="nz-call-bar-row">
        <span className="nz-call-bar-open" role="status">
          <span className="nz-call-bar-name">
            <bdi>{name}</bdi>
          </span>
          <span className="nz-call-bar-status">{t("spaces.entering", { name })}</span>
        </span>
        <IconButton
          look="nz-call-bar-key"
          className="nz-call-bar-leave"
          label={t("common.cancel")}
          onClick={onLeave}
        >
          <Phone size={20} strokeWidth={1.75} aria-hidden="true" />
        </IconButton>
      </div>
    </section>
  );
}
