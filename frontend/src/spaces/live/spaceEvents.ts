/** What each event of a space's socket does to the page: drawn at once, or reason to load it anew. */

import { changeFace, enterChannel, leaveChannel } from "./faces";
import { changePresence } from "./hereNow";
import { changeCard, removeCard } from "./sessionCards";
import type { SocketEvent } from "../../api/socket";
import type { Face, MemberPresence, SessionCard } from "./wire";

type Entered = { channel_id: string; person: Face };
type Left = { channel_id: string; participant_id: string };

/** Each answers whether the page is as it should be now. */
const DRAWN: Record<string, (payload: never) => boolean> = {
  "presence.changed": (member: MemberPresence) => done(() => changePresence(member)),
  "channel.entered": ({ channel_id, person }: Entered) =>
    done(() => enterChannel(channel_id, person)),
  "channel.left": ({ channel_id, participant_id }: Left) =>
    done(() => leaveChannel(channel_id, participant_id)),
  "channel.person_changed": ({ channel_id, person }: Entered) =>
    done(() => changeFace(channel_id, person)),
  "space_session.changed": ({ space_session }: { space_session: SessionCard }) =>
    changeCard(space_session),
  "space_session.deleted": ({ id }: { id: string }) => done(() => removeCard(id)),
};

/** True: the page shows what happened. False: only the server can draw it. */
export function drawSpaceEvent({ event, payload }: SocketEvent): boolean {
  const draw = DRAWN[event];
  return draw ? draw(payload as never) : false;
}

function done(draw: () => void): true {
  draw();
  return true;
}
