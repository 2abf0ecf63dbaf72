/** What the server-made pages load: their look, and small comforts on their forms. */
import "../sessions/front/front.css";
import "../ui/app.css";

import { previewPictures } from "../identity/previewPictures";
import { enhanceFrontPage } from "../sessions/front/enhance";
import { placeMenus } from "../ui/placeMenus";

enhanceFrontPage(document);
previewPictures(document);
placeMenus(document);
