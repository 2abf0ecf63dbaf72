/** Words of the call, in Russian. */
import type english from "../en/call";
import type { Translation } from "../messages";

const call: Translation<typeof english> = {
  "call.leave": "Выйти",
};
export default call;
