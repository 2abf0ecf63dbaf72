/** The statistics of this call, whose code comes when they are opened. */
import { lazy, Suspense } from "react";

import { t } from "../i18n/translate";
import { Modal } from "../ui/Modal";
import { Strip } from "../ui/Strip";

type StatisticsOfProps = { slug: string; onClose: () => void };

const StatisticsDialog = lazy(() =>
  import("../sessions/statistics/StatisticsDialog").catch(() => ({ default: Missing })),
);

export function StatisticsOf(props: StatisticsOfProps) {
  return (
    <Suspense fallback={null}>
      <StatisticsDialog {...props} />
    </Suspense>
  );
}

function Missing({ onClose }: StatisticsOfProps) {
  return (
    <Modal title={t("sessions.statistics")} onClose={onClose}>
      <Strip tone="warn">{t("sessions.statistics_failed")}</Strip>
    </Modal>
  );
}
