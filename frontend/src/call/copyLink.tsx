/** Puts the link where it can be pasted from, and says so. */

import { Link } from "lucide-react";
import { t } from "../i18n/translate";
import { showToast } from "../ui/toasts";

export async function copyLink(link: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(link);
    showToast({ words: t("call.link_copied"), key: "link", icon: <Link size={18} /> });
  } catch {
    // Without the permission the link is shown, to be copied by hand.
    showToast({ words: link, key: "link", icon: <Link size={18} />, lasting: true });
  }
}
