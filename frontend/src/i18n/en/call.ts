/** Words of the call. */
export default {
  "call.leave": "Leave",
} as const;
