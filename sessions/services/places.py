"""Who has a place in a session, found for the views of this app and those above."""

from identity.rules import Actor
from nonza.errors import CredentialRequired
from sessions.models import Participant
from sessions.services.limits import limit_participant
from sessions.services.sessions import read_session
from sessions.services.standing import (
    Standing,
    participant_of,
    refuse_outsider,
    space_role_on,
    standing_of,
)


def place_of(*, slug: str, actor: Actor, ip: str, as_seen: bool = True) -> Participant:
    """Return the actor's participant; raises SessionNotFound to strangers, or CredentialRequired.

    Who may not come back to it any more is refused too (`refuse_outsider`). Nothing is counted.
    """
    participant = participant_of(slug=slug, actor=actor, as_seen=as_seen)
    if participant is None:
        read_session(slug=slug, actor=actor, ip=ip)
        raise CredentialRequired
    refuse_outsider(participant.session, participant, space_role_on(participant))
    return participant


def standing_at(*, slug: str, actor: Actor, ip: str) -> Standing:
    """Return what the actor is to the session; who keeps order in its space needs no place.

    Raises what `place_of` raises to everybody else, and RateLimited.
    """
    standing = standing_of(slug=slug, actor=actor)
    if standing is None or (standing.me is None and not standing.can_host):
        participant = place_of(slug=slug, actor=actor, ip=ip)
        standing = Standing(participant.session, participant, space_role_on(participant))
    elif standing.me is not None:
        refuse_outsider(standing.session, standing.me, standing.space_role)
    if standing.me is not None:
        limit_participant(standing.me)
    return standing
