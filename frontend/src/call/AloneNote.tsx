/** Nobody else is here yet: the link to send, or, where only members come in, what they see. */

import { t } from "../i18n/translate";
import { Button } from "../ui/Button";
import { useCallView } from "./CallContext";
import { copyLink } from "./copyLink";

export function AloneNote() {
  const { link, state } = useCallView();
  if (state.session.access === "members") {
    return (
      <div className="nz-alone">
        <h2>{t("call.alone_title")}</h2>
        <p>{t("call.alone_members")}</p>
      </div>
    );
  }
  return (
    <div className="nz-alone">
      <h2>{t("call.alone_title")}</h2>
      <p>{t("call.alone")}</p>
      <div className="nz-alone-link">
        <span>{link.replace(/^https?:\/\/|\/$/g, "")}</span>
        <Button kind="primary" onClick={() => void copyLink(link)}>
          {t("call.copy")}
        </Button>
      </div>
    </div>
  );
}
