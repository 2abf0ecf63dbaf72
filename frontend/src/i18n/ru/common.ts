/** Words that every part of the page uses, in Russian. */
import type english from "../en/common";
import type { Translation } from "../messages";

const common: Translation<typeof english> = {
  "common.close": "Закрыть",
  "common.cancel": "Отмена",
  "common.dismiss": "Скрыть",
  "common.try_again": "Попробовать ещё раз",
};
export default common;
