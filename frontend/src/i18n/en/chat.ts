/** Words of what is written, in sessions and in text channels. */
export default {
  "chat.title": "Chat",
} as const;
