/** Words of the chat of a session, in Russian. */
import type english from "../en/chat";
import type { Translation } from "../messages";

const chat: Translation<typeof english> = {
  "chat.title": "Чат",
  "chat.placeholder": "Написать всем",
  "chat.beginning":
    "Написанное видят все, кто в сессии. Чат исчезнет через несколько часов после последнего сообщения.",
  "chat.closed": "Сессия закончилась. Читать здесь можно, пока чат не исчез.",
  "chat.toast": "{name}: {text}",
  "chat.toast_many": {
    one: "{count} новое сообщение",
    few: "{count} новых сообщения",
    many: "{count} новых сообщений",
    other: "{count} нового сообщения",
  },
  "chat.read": "Прочитать чат",
  "chat.alerts": "Сообщать об упоминаниях",
  "chat.alerts_denied":
    "Браузер не разрешает уведомления. Нажмите на значок в адресной строке и выберите «Разрешить».",
  "chat.alerts_done": "Вы узнаете об упоминаниях, пока эта страница не на виду.",
  "chat.alert_title": "{name} упоминает вас",

  "chat.system.participant.joined": "{display_name} теперь здесь",
  "chat.system.participant.left": "{display_name} больше не здесь",
  "chat.system.participant.removed": "Из сессии исключили: {display_name}",
  "chat.system.host.changed": "Ведёт теперь {display_name}",
  "chat.system.session.locked": "Вход в сессию теперь закрыт",
  "chat.system.session.locked_by": "Вход в сессию закрыт ({by})",
  "chat.system.session.unlocked": "Вход в сессию снова открыт",
  "chat.system.session.unlocked_by": "Вход в сессию открыт ({by})",
  "chat.system.session.ended": "Сессия закончилась",
};

export default chat;
