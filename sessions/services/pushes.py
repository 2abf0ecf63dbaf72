"""What the people in a session hear of each other, over their sockets."""

from nonza.realtime import NOT_ALLOWED, broadcast_on_commit, close_on_commit, participant_group, session_group
from sessions.models import Participant, Session
from sessions.serializers import participant_as_seen, session_as_seen


def push_participant(verb: str, participant: Participant, *, in_call: bool) -> None:
    """Tell everybody inside that somebody `joined`, `left` or `changed`.

    `in_call` is what the caller has just found or made true; it stands in no row of the participant.
    """
    participant.in_call = in_call  # type: ignore[attr-defined]
    broadcast_on_commit(
        session_group(participant.session_id),
        f"participant.{verb}",
        participant_as_seen(participant),
    )


def push_session(session: Session, *, full: bool) -> None:
    """Tell everybody inside what the session is like now."""
    broadcast_on_commit(
        session_group(session.pk), "session.changed", session_as_seen(session, full=full, inside=True)
    )


def push_end(session: Session, reason: str) -> None:
    """Tell everybody inside that it is over, and close their sockets."""
    broadcast_on_commit(session_group(session.pk), "session.ended", {"reason": reason})
    close_on_commit(session_group(session.pk), NOT_ALLOWED)


def push_superseded(participant: Participant) -> None:
    """Tell a person's tabs which is in the call now; of two such pushes the greater identity counts."""
    payload = {"identity": participant.identity}
    broadcast_on_commit(participant_group(participant.pk), "connection.superseded", payload)


def close_sockets_of(participant: Participant) -> None:
    """End what a participant hears, now that the right to hear it has ended."""
    close_on_commit(participant_group(participant.pk), NOT_ALLOWED)
