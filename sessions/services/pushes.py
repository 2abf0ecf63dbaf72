"""What the people in a session hear of each other, over their sockets."""

from typing import Any

from nonza.realtime import NOT_ALLOWED, broadcast_on_commit, close_on_commit, participant_group, session_group
from sessions.models import Connection, Participant, Session
from sessions.serializers import ParticipantSerializer, SessionSerializer


def push_participant(verb: str, participant: Participant) -> None:
    """Tell everybody inside that somebody `joined`, `left` or `changed`."""
    seen = Participant.objects.with_presence().select_related("user").get(pk=participant.pk)
    broadcast_on_commit(
        session_group(participant.session_id),
        f"participant.{verb}",
        dict(ParticipantSerializer(seen).data),
    )


def push_session(session: Session, *, full: bool) -> None:
    """Tell everybody inside what the session is like now."""
    broadcast_on_commit(session_group(session.pk), "session.changed", as_everybody_sees(session, full=full))


def push_end(session: Session, reason: str) -> None:
    """Tell everybody inside that it is over, and close their sockets."""
    broadcast_on_commit(session_group(session.pk), "session.ended", {"reason": reason})
    close_on_commit(session_group(session.pk), NOT_ALLOWED)


def push_superseded(connection: Connection) -> None:
    """Tell a person's tabs which of them is in the call now."""
    broadcast_on_commit(
        participant_group(connection.participant_id),
        "connection.superseded",
        {"identity": connection.identity},
    )


def close_sockets_of(participant: Participant) -> None:
    """End what a participant hears, now that the right to hear it has ended."""
    close_on_commit(participant_group(participant.pk), NOT_ALLOWED)


def as_everybody_sees(session: Session, *, full: bool) -> dict[str, Any]:
    """Return the session as those inside see it, without anyone's own place."""
    context = {"full": full, "for_everybody_inside": True}
    return dict(SessionSerializer(session, context=context).data)
