/** One dot for each page of the stage; where they would be too many, the number of the page. */

import { t } from "../i18n/translate";

type PageDotsProps = {
  label: string;
  page: number;
  pages: number;
  onTurn: (page: number) => void;
};

/** More do not fit on a phone. */
const MOST = 10;

export function PageDots({ label, page, pages, onTurn }: PageDotsProps) {
  if (pages > MOST) {
    return (
      <p className="nz-page-dots nz-page-number">{t("call.page_of", { page: page + 1, pages })}</p>
    );
  }
  return (
    <nav className="nz-page-dots" aria-label={label}>
      {Array.from({ length: pages }, (_, index) => (
        <button
          key={index}
          type="button"
          aria-label={t("call.page_of", { page: index + 1, pages })}
          aria-current={index === page ? "page" : undefined}
          onClick={() => onTurn(index)}
        />
      ))}
    </nav>
  );
}
