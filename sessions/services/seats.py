"""Seats: who has one, and giving the last one once.

The callers hold the session's row lock (on SQLite: the one writer), so that counting and taking
are one step.
"""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sessions.errors import SessionFull, SessionLocked, SessionNotFound
from sessions.models import Participant, ParticipantQuerySet, Session
from sessions.rules import can_host
from sessions.services.announcements import LEFT, announce_person
from sessions.services.pushes import push_participant


class Inside(NamedTuple):
    """Somebody who is admitted to a session."""

    id: UUID
    display_name: str


def lock_session(session_id: UUID) -> Session:
    """Return the session's row, locked until the transaction ends; raises SessionNotFound if it is gone."""
    locked = Session.objects.select_for_update().filter(pk=session_id).first()
    if locked is None:
        raise SessionNotFound
    return locked


def lock_session_of(slug: str) -> Session | None:
    """Return the row of the session with this code, locked until the transaction ends; its space is read."""
    locked = Session.objects.select_for_update(of=("self",)).select_related("space")
    return locked.filter(slug=slug).first()


def people_inside(session: Session) -> list[Inside]:
    """Return everybody who is admitted, also who has been away for longer than a seat is held."""
    admitted = session.participants.filter(state=Participant.State.ADMITTED)
    return [Inside(*person) for person in admitted.values_list("pk", "display_name")]


def is_full(session: Session, now: datetime) -> bool:
    """Say whether every seat is taken."""
    return session.participants.seated(now).count() >= session.max_participants


def take_seat(
    session: Session, participant: Participant, now: datetime, inside: list[Inside] | None = None
) -> None:
    """Admit the participant to a seat for a minute; raises SessionFull or SessionLocked.

    Who is admitted keeps the seat, in a locked session and a full one. `inside` is who was counted
    under this lock, if anybody has counted.
    """
    inside = people_inside(session) if inside is None else inside
    if all(person.id != participant.pk for person in inside):
        if session.locked and not can_host(participant):
            raise SessionLocked
        if len(inside) >= session.max_participants:
            _let_out_absent(session, now)
            inside = people_inside(session)
        if len(inside) >= session.max_participants:
            raise SessionFull
    participant.state = Participant.State.ADMITTED
    participant.hold_seat(now)


def mark_left(participant: Participant, told_as: str = LEFT) -> None:
    """Let the seat of a participant without a connection go, and say so to those inside."""
    if participant.came_in_at is not None:
        announce_person(participant, told_as)
        participant.came_in_at = None
    participant.state = Participant.State.LEFT
    participant.seat_held_until = None
    participant.microphone_on = False
    participant.save(update_fields=["state", "seat_held_until", "microphone_on", "came_in_at", "updated_at"])
    push_participant("left", participant, in_call=False)


def lock_absent(participants: ParticipantQuerySet, now: datetime) -> ParticipantQuerySet:
    """Return, with their rows locked, who of these is admitted and has not come (back) in time.

    One token more would bring them back (`connections.mint_token`); the lock of the row decides which
    of the two comes first.
    """
    absent = participants.with_lapsed_seat(now).select_related("user", "session")
    return absent.order_by("pk").select_for_update(of=("self",))


def _let_out_absent(session: Session, now: datetime) -> None:
    """Let the absent out, now that their seats are needed."""
    for participant in lock_absent(session.participants.all(), now):
        mark_left(participant)
