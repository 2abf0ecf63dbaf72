"""Who is really in a room of the fake LiveKit, and who is by Nonza's rows."""

import asyncio
import time
from collections import Counter

from tests.faults.people import Person
from tests.faults.process import until
from tests.faults.stack import Stack
from tests.faults.wire_livekit import WireLiveKit

RECONCILED_SECONDS = 30  # what is promised for everything that the webhooks lost


async def enter(media: WireLiveKit, person: Person, *, after_loss: bool = False) -> str:
    """Get a token and come into the room with it; returns the identity.

    Who is asked to come back later does: an earlier test may have let the media server hang.
    """
    asking = ("POST", f"sessions/{person.slug}/token/", {"after_loss": after_loss})
    answer = await person.send(*asking)
    while answer.status_code == 503:
        await asyncio.sleep(answer.json()["retry_after"])
        answer = await person.send(*asking)
    assert answer.status_code == 200, answer.text
    await asyncio.to_thread(media.join, answer.json()["token"])
    return str(answer.json()["identity"])


def room_of(person: Person) -> str:
    return str(person.place["session"]["id"])


def really_in(media: WireLiveKit, room: str) -> Counter[str]:
    """How often each participant is in the room."""
    return Counter(identity.partition(".")[0] for identity in media.people(room))


def by_rows(stack: Stack, room: str) -> Counter[str]:
    """How many connections in the call each participant has."""
    rows = stack.sql(
        "SELECT p.id FROM nonza_sessions_connection c "
        "JOIN nonza_sessions_participant p ON p.id = c.participant_id "
        "WHERE p.session_id = %s AND c.joined_at IS NOT NULL AND c.left_at IS NULL",
        room,
    )
    return Counter(str(row[0]) for row in rows)


async def agree(stack: Stack, media: WireLiveKit, room: str, *, stay: float = 0) -> float:
    """Wait until rows and room say the same, for `stay` seconds; returns when they began to.

    Fails after the 30 s that are promised.
    """
    began = last_apart = time.monotonic()

    def same() -> bool:
        nonlocal last_apart
        if by_rows(stack, room) != really_in(media, room):
            last_apart = time.monotonic()
        return time.monotonic() - last_apart >= stay

    await until(same, RECONCILED_SECONDS + stay, "our rows say who is really in the room")
    assert last_apart - began <= RECONCILED_SECONDS
    return last_apart - began
