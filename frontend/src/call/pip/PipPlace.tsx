/** Puts the small window's content where it belongs. */

import { createPortal } from "react-dom";
import { useCallView } from "../CallContext";
import { BarePicture } from "./BarePicture";
import { PipCall } from "./PipCall";

export function PipPlace() {
  const { pip } = useCallView();
  if (pip.window) {
    return createPortal(<PipCall place={pip.window.document} />, pip.window.document.body);
  }
  return pip.kind === "picture" ? <BarePicture /> : null;
}
