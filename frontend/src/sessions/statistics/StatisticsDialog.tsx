/** The figures of a session that goes on, for its hosts. */
import { t } from "../../i18n/translate";
import { Modal } from "../../ui/Modal";
import { Skeleton } from "../../ui/Skeleton";
import { Strip } from "../../ui/Strip";
import { Figures } from "./Figures";
import { useStatistics } from "./useStatistics";

type StatisticsDialogProps = { slug: string; onClose: () => void };

export default function StatisticsDialog({ slug, onClose }: StatisticsDialogProps) {
  const { statistics, failed } = useStatistics(slug, true);
  return (
    <Modal title={t("sessions.statistics")} onClose={onClose}>
      {statistics && <Figures statistics={statistics} />}
      {!statistics && !failed && (
        <Skeleton label={t("sessions.statistics")}>
          <div className="nz-skeleton h-10" />
          <div className="nz-skeleton mt-4 h-24" />
        </Skeleton>
      )}
      <div role="status">
        {failed && <Strip tone="warn">{t("sessions.statistics_failed")}</Strip>}
      </div>
    </Modal>
  );
}
