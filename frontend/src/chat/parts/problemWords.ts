/** What a refusal says to a person. */
import { ProblemError } from "../../api/problem";
import { t } from "../../i18n/translate";
import { showToast } from "../../ui/toasts";

export function problemWords(error: unknown): string {
  if (!(error instanceof ProblemError)) return t("conversation.failed");
  if (error.code === "offline") return t("conversation.offline");
  if (error.status >= 500 && !error.detail) return t("conversation.failed");
  return error.errors[0]?.detail ?? (error.detail || error.title);
}

/** Waits for what was asked for; a refusal is told in a toast. True: it is done. */
export async function told(asked: Promise<unknown> | undefined): Promise<boolean> {
  try {
    await asked;
    return true;
  } catch (error) {
    const words = problemWords(error);
    showToast({ key: "chat", words, tone: "bad", urgency: "assertive" });
    return false;
  }
}
