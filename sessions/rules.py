"""Who may do what in a session."""

from identity.rules import Actor
from sessions.models import Participant, Session

State = Participant.State

# Which state may follow which; any other change is a fault.
EDGES: dict[str, frozenset[str]] = {
    State.WAITING: frozenset({State.ADMITTED, State.DENIED, State.LEFT}),
    State.DENIED: frozenset({State.WAITING}),
    State.ADMITTED: frozenset({State.LEFT, State.REMOVED, State.BANNED}),
    State.LEFT: frozenset({State.ADMITTED, State.WAITING}),
    State.REMOVED: frozenset({State.LEFT}),
    State.BANNED: frozenset({State.LEFT}),
}


def can_become(state: str, target: str) -> bool:
    """Say whether a participant may go from one state to the other."""
    return target in EDGES[state]


def can_host(participant: Participant | None) -> bool:
    """Say whether they may change the session and end it for all."""
    return (
        participant is not None
        and participant.role in {Participant.Role.HOST, Participant.Role.COHOST}
        and not is_shut_out(participant)
    )


def can_delete(participant: Participant | None) -> bool:
    """Say whether they may delete the session: the host alone."""
    return can_host(participant) and participant is not None and participant.role == Participant.Role.HOST


def can_listen(participant: Participant | None) -> bool:
    """Say whether they may hear what happens in the session: whoever is admitted, nobody else."""
    return participant is not None and participant.state == State.ADMITTED


def is_shut_out(participant: Participant) -> bool:
    """Say whether a host has put them out."""
    return participant.state in {State.REMOVED, State.BANNED}


def can_see(session: Session, participant: Participant | None) -> bool:
    """Say whether they may learn that it exists: all while it is live, later who holds a credential."""
    return session.is_live or participant is not None


def can_create(actor: Actor, *, anonymous_sessions: bool) -> bool:
    """Say whether they may start a session."""
    return actor.user is not None or anonymous_sessions
