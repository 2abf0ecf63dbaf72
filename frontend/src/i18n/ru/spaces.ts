/** Words of the pages of a space while they are open, in Russian. */
import type english from "../en/spaces";
import type { Translation } from "../messages";

const spaces: Translation<typeof english> = {
  "spaces.in_place": "в «{name}»",
  "spaces.call_started": "{name}: звонок в «{place}».",
  "spaces.mentioned": "{name} упоминает вас в #{channel}: {text}",
  "spaces.reported": "{name} жалуется на сообщение в {place}",
  "spaces.mention_alert": "{name} упоминает вас: {channel}",
  "spaces.mentioned_all": "{name} пишет всем в #{channel}: {text}",
  "spaces.show": "Показать",
  "spaces.join": "Войти",
  "spaces.added": "«{name}» теперь среди ваших пространств.",
  "spaces.added_nameless": "У вас стало на одно пространство больше.",
  "spaces.open": "Открыть",
  "spaces.removed": "Вы больше не участник пространства «{name}».",
  "spaces.removed_nameless": "Вы больше не участник этого пространства.",
  "spaces.page_gone": "Этой страницы больше нет.",
  "spaces.deleted": "Пространство «{name}» удалено.",
  "spaces.invitation_accepted": "{name} теперь в пространстве «{place}».",
  "spaces.role_changed": "Ваша роль в пространстве «{place}» изменилась.",
  "spaces.renamed": "«{before}» теперь называется «{place}».",
  "spaces.mode_changed": "В пространстве «{place}» теперь другие разделы.",
  "spaces.see_all": "Показать все",

  "spaces.call": "Звонок",
  "spaces.entering": "Входим в «{name}»",
  "spaces.chat_failed": "Сообщения не загрузились. Загрузите страницу ещё раз.",
  "spaces.call_failed": "Звонок не загрузился. Проверьте связь и попробуйте ещё раз.",
  "spaces.move_question": "Выйти из «{from}» и перейти в «{to}»?",
  "spaces.move_what": "Здесь можно быть только в одном звонке.",
  "spaces.move": "Перейти",
  "spaces.stay": "Остаться",
  "spaces.left": "Вы вышли из «{name}».",
};
export default spaces;
