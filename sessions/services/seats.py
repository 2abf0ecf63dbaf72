"""Seats: who has one, and giving the last one once.

The callers hold the session's row lock (on SQLite: the one writer), so that counting and taking
are one step.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sessions.errors import SessionFull, SessionLocked, SessionNotFound
from sessions.models import Participant, Session
from sessions.rules import can_host


class Inside(NamedTuple):
    """Somebody who is admitted to a session; only some of them hold a seat."""

    id: UUID
    display_name: str
    in_call: bool
    has_seat: bool


def lock_session(session_id: UUID) -> Session:
    """Return the session's row, locked until the transaction ends; raises SessionNotFound if it is gone."""
    locked = Session.objects.select_for_update().filter(pk=session_id).first()
    if locked is None:
        raise SessionNotFound
    return locked


def lock_session_of(slug: str) -> Session | None:
    """Return the row of the session with this code, locked until the transaction ends."""
    return Session.objects.select_for_update().filter(slug=slug).first()


def people_inside(session: Session, now: datetime) -> list[Inside]:
    """Return everybody who is admitted, seated or not, with one query."""
    admitted = session.participants.filter(state=Participant.State.ADMITTED).with_presence()
    people = admitted.values("pk", "display_name", "in_call", "seat_held_until")  # type: ignore[misc]
    return [
        Inside(
            id=person["pk"],
            display_name=person["display_name"],
            in_call=person["in_call"],
            has_seat=person["in_call"] or (person["seat_held_until"] or now) > now,
        )
        for person in people
    ]


def is_full(session: Session, now: datetime) -> bool:
    """Say whether every seat is taken."""
    return session.participants.seated(now).count() >= session.max_participants


def take_seat(
    session: Session, participant: Participant, now: datetime, inside: list[Inside] | None = None
) -> None:
    """Admit the participant to a seat for a minute; raises SessionFull or SessionLocked.

    Who holds a seat already keeps it, in a locked session and a full one. `inside` is who was
    counted under this lock, if anybody has counted.
    """
    inside = people_inside(session, now) if inside is None else inside
    seated = [person.id for person in inside if person.has_seat]
    if participant.pk not in seated:
        if session.locked and not can_host(participant):
            raise SessionLocked
        if len(seated) >= session.max_participants:
            raise SessionFull
    participant.state = Participant.State.ADMITTED
    participant.hold_seat(now)
