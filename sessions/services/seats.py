"""Seats: who has one, and giving the last one once.

The callers hold the session's row lock (on SQLite: the one writer), so that counting and taking
are one step.
"""

from datetime import datetime

from sessions.errors import SessionFull, SessionLocked, SessionNotFound
from sessions.models import Participant, Session
from sessions.rules import can_host


def lock_session(session: Session) -> Session:
    """Return the session's row, locked until the transaction ends; raises SessionNotFound if it is gone."""
    locked = Session.objects.select_for_update().filter(pk=session.pk).first()
    if locked is None:
        raise SessionNotFound
    return locked


def is_full(session: Session, now: datetime) -> bool:
    """Say whether every seat is taken."""
    return session.participants.seated(now).count() >= session.max_participants


def take_seat(session: Session, participant: Participant, now: datetime) -> None:
    """Admit the participant to a seat for a minute; raises SessionFull or SessionLocked.

    Who holds a seat already keeps it, in a locked session and a full one.
    """
    if not _has_seat(session, participant, now):
        if session.locked and not can_host(participant):
            raise SessionLocked
        if is_full(session, now):
            raise SessionFull
    participant.state = Participant.State.ADMITTED
    participant.hold_seat(now)


def _has_seat(session: Session, participant: Participant, now: datetime) -> bool:
    held_until = participant.seat_held_until
    if participant.state == Participant.State.ADMITTED and held_until is not None and held_until > now:
        return True
    return session.participants.seated(now).filter(pk=participant.pk).exists()
