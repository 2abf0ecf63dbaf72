/** What the server-made pages load: their look, and small comforts on their forms. */
import "../identity/login.css";
import "../sessions/front/front.css";
import "../ui/app.css";

import { enhanceFrontPage } from "../sessions/front/enhance";

enhanceFrontPage(document);
