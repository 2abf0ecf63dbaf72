/** The way from an end page in the dock back to the page beside it. */
import { t } from "../../i18n/translate";
import { Button } from "../../ui/Button";

export function CloseKey({ onClose }: { onClose: () => void }) {
  return (
    <Button size="lg" onClick={onClose}>
      {t("sessions.close")}
    </Button>
  );
}
