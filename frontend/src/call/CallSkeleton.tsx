/** The shape of the call while its code arrives. */
import { t } from "../i18n/translate";
import { Skeleton } from "../ui/Skeleton";

export function CallSkeleton() {
  return (
    <div className="nz-call-skeleton">
      <Skeleton label={t("sessions.loading_call")}>
        <div className="nz-call-skeleton-stage">
          <span className="nz-person-2" />
          <span className="nz-person-6" />
        </div>
        <div className="nz-call-skeleton-bar">
          <span />
          <span />
          <span />
        </div>
      </Skeleton>
    </div>
  );
}
