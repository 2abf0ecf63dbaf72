/** Words of the chat of a session, and what the system says in it. */
export default {
  "chat.title": "Chat",
  "chat.placeholder": "Message everyone",
  "chat.beginning":
    "What you write is seen by everyone in the session. It goes a few hours after the last message.",
  "chat.closed": "The session is over. You can read here until the chat goes.",
  "chat.toast": "{name}: {text}",
  "chat.toast_many": { one: "{count} new message", other: "{count} new messages" },
  "chat.read": "Read the chat",
  "chat.alerts": "Tell me of mentions",
  "chat.alerts_denied":
    "The browser does not allow notifications. Press the sign in the address bar and choose “Allow”.",
  "chat.alerts_done": "You hear of mentions while this page is out of sight.",
  "chat.alert_title": "{name} mentioned you",

  "chat.system.participant.joined": "{display_name} joined",
  "chat.system.participant.left": "{display_name} left",
  "chat.system.participant.removed": "{display_name} was removed",
  "chat.system.host.changed": "{display_name} is now the host",
  "chat.system.session.locked": "The session is locked now",
  "chat.system.session.locked_by": "{by} locked the session",
  "chat.system.session.unlocked": "The session is open again",
  "chat.system.session.unlocked_by": "{by} unlocked the session",
  "chat.system.session.ended": "The session ended",
} as const;
