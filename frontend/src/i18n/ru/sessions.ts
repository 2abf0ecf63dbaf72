/** Words of the join gate, the settings and the end pages, in Russian. */
import type english from "../en/sessions";
import type { Translation } from "../messages";

const sessions: Translation<typeof english> = {
  "sessions.join": "Войти",
};
export default sessions;
