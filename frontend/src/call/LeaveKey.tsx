/** Leaves; a host may also end the session for all. */

import { DoorClosed, Phone } from "lucide-react";
import { useState } from "react";
import { t } from "../i18n/translate";
import { IconButton } from "../ui/IconButton";
import { Menu } from "../ui/Menu";
import { useCallView } from "./CallContext";
import { EndForAll } from "./EndForAll";

export function LeaveKey({ phone }: { phone: boolean }) {
  const { me, leave } = useCallView();
  const [asking, setAsking] = useState(false);
  const mayEnd = me.role === "host" || me.role === "cohost";
  if (!mayEnd) return <LeaveButton phone={phone} onClick={leave} />;
  return (
    <>
      <Menu
        label={t("call.leave_choice")}
        side="above"
        entries={[
          { label: t("call.leave"), icon: <Phone size={18} />, onChoose: leave },
          {
            label: t("call.end_for_all"),
            icon: <DoorClosed size={18} />,
            danger: true,
            onChoose: () => setAsking(true),
          },
        ]}
        trigger={(props) => <LeaveButton {...props} phone={phone} />}
      />
      {asking && <EndForAll onClose={() => setAsking(false)} />}
    </>
  );
}

type LeaveButtonProps = { phone: boolean; onClick: () => void };

function LeaveButton({ phone, ...rest }: LeaveButtonProps) {
  const sign = <Phone size={20} strokeWidth={1.75} aria-hidden="true" />;
  if (phone) {
    return (
      <IconButton {...rest} look="nz-leave" label={t("call.leave")}>
        {sign}
      </IconButton>
    );
  }
  return (
    <button {...rest} type="button" className="nz-leave">
      {sign}
      {t("call.leave")}
    </button>
  );
}
