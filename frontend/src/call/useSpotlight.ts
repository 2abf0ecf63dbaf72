/** Follows who has the first place in the speaker layout. */

import { useEffect, useState } from "react";
import { FIRST_PLACE_STAYS, nextSpotlight } from "./spotlight";
import type { Spotlight } from "./spotlight";
import type { CallPerson } from "./callPeople";

export function useSpotlight(people: readonly CallPerson[]): string | null {
  const [held, setHeld] = useState<Spotlight>({ id: null, since: 0 });
  useEffect(() => {
    const look = () => {
      const candidates = people.map(({ id, own, media }) => ({
        id,
        own,
        speaking: media?.speaking ?? false,
        lastSpokeAt: media?.lastSpokeAt ?? 0,
      }));
      setHeld((before) => nextSpotlight(Date.now(), before, candidates));
    };
    look();
    // Whoever began to speak too early for the first place gets it when the time is up.
    const timer = setTimeout(look, FIRST_PLACE_STAYS);
    return () => clearTimeout(timer);
  }, [people]);
  return held.id;
}
