/** Words of the join gate, the settings and the end pages. */
export default {
  "sessions.join": "Join",
} as const;
