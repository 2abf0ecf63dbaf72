/** The two live regions of the page, mounted once, before anything is said. */
import { useEffect, useState } from "react";

import { onAnnouncement } from "./announcements";

type Said = { words: string; turn: number };
const NOTHING: Said = { words: "", turn: 0 };

export function Announcer() {
  const [polite, setPolite] = useState(NOTHING);
  const [assertive, setAssertive] = useState(NOTHING);
  useEffect(
    () =>
      onAnnouncement((urgency, words) => {
        const put = urgency === "polite" ? setPolite : setAssertive;
        put((said) => ({ words, turn: said.turn + 1 }));
      }),
    [],
  );
  return (
    <div className="sr-only">
      <div aria-live="polite">
        {/* A new element each turn: the same words twice are read twice. */}
        <p key={polite.turn}>{polite.words}</p>
      </div>
      <div aria-live="assertive">
        <p key={assertive.turn}>{assertive.words}</p>
      </div>
    </div>
  );
}
