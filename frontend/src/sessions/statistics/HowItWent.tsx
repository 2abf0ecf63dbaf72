/** On the page after a call, for those who hosted it. What cannot be loaded is not missed there. */
import { t } from "../../i18n/translate";
import { Figures } from "./Figures";
import { useStatistics } from "./useStatistics";

const PEOPLE = 8;

export default function HowItWent({ slug }: { slug: string }) {
  const { statistics } = useStatistics(slug, false);
  if (!statistics || statistics.people === 0) return null;
  return (
    <section className="nz-how-it-went" aria-labelledby="how-it-went">
      <h2 id="how-it-went">{t("sessions.how_it_went")}</h2>
      <Figures statistics={statistics} atMost={PEOPLE} />
    </section>
  );
}
