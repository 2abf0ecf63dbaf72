/** Words of the chat of a session, and what the system says in it. */
export default {
  "chat.title": "Chat",
  "chat.key": { one: "Chat, {count} unread", other: "Chat, {count} unread" },
  "chat.placeholder": "Write to everyone here",
  "chat.empty_title": "Nothing has been said here yet",
  "chat.empty":
    "What you write is seen by everyone in the session. It goes a few hours after the last message.",
  "chat.closed": "The session is over. You can read here until the chat goes.",
  "chat.not_inside": "Only who is in the session can write here.",
  "chat.failed": "The chat did not load. Check your connection and try again.",
  "chat.toast": "{name}: {text}",
  "chat.toast_many": { one: "{count} new message", other: "{count} new messages" },
  "chat.toast_file": "sent a file",
  "chat.open": "Open the chat",
  "chat.read": "Read the chat",
  "chat.alerts_on": "Tell me of mentions here",
  "chat.alerts_off": "Don’t tell me of mentions here",
  "chat.alerts_denied":
    "The browser does not allow notifications. Press the sign in the address bar and choose “Allow”.",
  "chat.alerts_done": "You hear of mentions while this page is out of sight.",
  "chat.alert_title": "{name} mentioned you",

  "chat.system.participant.joined": "{display_name} joined",
  "chat.system.participant.left": "{display_name} left",
  "chat.system.participant.removed": "{display_name} was removed",
  "chat.system.host.changed": "{display_name} is now the host",
  "chat.system.session.locked": "{display_name} locked the session",
  "chat.system.session.unlocked": "{display_name} unlocked the session",
  "chat.system.session.ended": "The session ended",
} as const;
