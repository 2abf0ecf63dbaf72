/** What every page in a space loads. */
import "../ui/app.css";

import { startPages } from "../spaces/pages/start";

type ShellConfig = { csrf_cookie: string };

const config = JSON.parse(
  document.getElementById("nonza-config")?.textContent ?? "{}",
) as ShellConfig;

startPages(config.csrf_cookie);
