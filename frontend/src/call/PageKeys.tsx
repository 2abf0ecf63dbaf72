/** Arrows at the stage's edges that turn its pages. */

import { ChevronLeft, ChevronRight } from "lucide-react";
import { t } from "../i18n/translate";

type PageKeysProps = { page: number; pages: number; onTurn: (page: number) => void };

export function PageKeys({ page, pages, onTurn }: PageKeysProps) {
  return (
    <>
      {page > 0 && (
        <button
          type="button"
          className="nz-page-key nz-page-key-back nz-on-picture"
          aria-label={t("call.page_back")}
          onClick={() => onTurn(page - 1)}
        >
          <ChevronLeft size={22} aria-hidden="true" />
        </button>
      )}
      {page < pages - 1 && (
        <button
          type="button"
          className="nz-page-key nz-page-key-on nz-on-picture"
          aria-label={t("call.page_on")}
          onClick={() => onTurn(page + 1)}
        >
          <ChevronRight size={22} aria-hidden="true" />
        </button>
      )}
    </>
  );
}
