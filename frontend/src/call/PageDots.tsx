/** One dot for each page of the stage. */

import { t } from "../i18n/translate";

type PageDotsProps = {
  label: string;
  page: number;
  pages: number;
  onTurn: (page: number) => void;
};

export function PageDots({ label, page, pages, onTurn }: PageDotsProps) {
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
