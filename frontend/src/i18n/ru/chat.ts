/** Words of what is written, in Russian. */
import type english from "../en/chat";
import type { Translation } from "../messages";

const chat: Translation<typeof english> = {
  "chat.title": "Чат",
};

export default chat;
