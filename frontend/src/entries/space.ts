/** What every page in a space loads. */
import "../ui/app.css";

import { previewPictures } from "../identity/previewPictures";
import { wearProfile } from "../identity/wearProfile";
import { startPages } from "../spaces/pages/start";

type ShellConfig = { csrf_cookie: string };

const config = JSON.parse(
  document.getElementById("nonza-config")?.textContent ?? "{}",
) as ShellConfig;

startPages(config.csrf_cookie);
previewPictures(document);
wearProfile(document);
