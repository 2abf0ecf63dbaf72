/** Words that every part of the page uses. */
export default {
  "common.close": "Close",
  "common.cancel": "Cancel",
  "common.dismiss": "Dismiss",
  "common.try_again": "Try again",
} as const;
