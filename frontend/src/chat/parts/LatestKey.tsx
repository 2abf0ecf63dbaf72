/** Leads back to the latest message, and says how many have come. */
import { ArrowDown } from "lucide-react";

import { t } from "../../i18n/translate";

export function LatestKey({ count, onPress }: { count: number; onPress: () => void }) {
  return (
    <button type="button" className="nz-latest" onClick={onPress}>
      {count > 0 ? t("conversation.new_below", { count }) : t("conversation.to_latest")}
      <ArrowDown size={16} aria-hidden="true" />
    </button>
  );
}
