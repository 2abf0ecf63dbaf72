"""Who may do what in a session."""

from identity.rules import Actor
from sessions.models import Participant, Session
from spaces.models import Membership

State = Participant.State


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


def keeps_order(space_role: str | None) -> bool:
    """Say whether they have, by their role in the space, the rights of a cohost in its sessions."""
    return space_role in {Membership.Role.OWNER, Membership.Role.MODERATOR}


def may_enter(session: Session, space_role: str | None) -> bool:
    """Say whether the session's access lets somebody of this role in its space in."""
    return session.access == Session.Access.OPEN or space_role is not None


def can_create(actor: Actor, *, anonymous_sessions: bool) -> bool:
    """Say whether they may start a session."""
    return actor.user is not None or anonymous_sessions
