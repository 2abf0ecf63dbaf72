/** Words of the chat of a session, in Russian. */
import type english from "../en/chat";
import type { Translation } from "../messages";

const chat: Translation<typeof english> = {
  "chat.title": "Чат",
  "chat.key": {
    one: "Чат, {count} непрочитанное",
    few: "Чат, {count} непрочитанных",
    many: "Чат, {count} непрочитанных",
    other: "Чат, {count} непрочитанных",
  },
  "chat.placeholder": "Написать всем здесь",
  "chat.empty_title": "Здесь ещё ничего не написано",
  "chat.empty":
    "Написанное видят все, кто в сессии. Чат исчезнет через несколько часов после последнего сообщения.",
  "chat.closed": "Сессия закончилась. Читать здесь можно, пока чат не исчез.",
  "chat.not_inside": "Писать здесь могут только те, кто в сессии.",
  "chat.failed": "Чат не загрузился. Проверьте сеть и попробуйте ещё раз.",
  "chat.toast": "{name}: {text}",
  "chat.toast_many": {
    one: "{count} новое сообщение",
    few: "{count} новых сообщения",
    many: "{count} новых сообщений",
    other: "{count} нового сообщения",
  },
  "chat.toast_file": "файл",
  "chat.open": "Открыть чат",
  "chat.read": "Прочитать чат",
  "chat.alerts_on": "Сообщать об упоминаниях",
  "chat.alerts_off": "Не сообщать об упоминаниях",
  "chat.alerts_denied":
    "Браузер не разрешает уведомления. Нажмите на значок в адресной строке и выберите «Разрешить».",
  "chat.alerts_done": "Вы узнаете об упоминаниях, пока эта страница не на виду.",
  "chat.alert_title": "{name} упоминает вас",

  "chat.system.participant.joined": "{display_name} теперь здесь",
  "chat.system.participant.left": "{display_name} больше не здесь",
  "chat.system.participant.removed": "Из сессии исключили: {display_name}",
  "chat.system.host.changed": "Ведёт теперь {display_name}",
  "chat.system.session.locked": "Вход в сессию закрыт ({display_name})",
  "chat.system.session.unlocked": "Вход в сессию открыт ({display_name})",
  "chat.system.session.ended": "Сессия закончилась",
};

export default chat;
