"""What a person is to a session: their place in it, and their role in the space it belongs to."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

from identity.models import User
from identity.rules import Actor
from identity.services.guests import refuse_unknown_bearer
from nonza.errors import NonzaError
from sessions.errors import MembersOnly, SessionEnded, SessionExpired
from sessions.models import Participant, ParticipantQuerySet, Session
from sessions.rules import can_delete, can_host, is_shut_out, keeps_order, may_enter
from spaces.models import Membership

State = Participant.State


@dataclass(frozen=True)
class Standing:
    """One person to one session: a place in it, a role in its space, or both."""

    session: Session
    me: Participant | None
    space_role: str | None

    @property
    def can_host(self) -> bool:
        """Say whether they may change the session: its hosts, and who keeps order in its space."""
        if self.me is not None and is_shut_out(self.me):
            return False
        return can_host(self.me) or keeps_order(self.space_role)

    @property
    def can_delete(self) -> bool:
        """Say whether they may delete the session: its host, and the owner of its space."""
        return can_delete(self.me) or self.space_role == Membership.Role.OWNER


def participant_of(*, slug: str, actor: Actor, as_seen: bool = True) -> Participant | None:
    """Return the actor's participant in the session of this code, `as_seen` by others or the row alone.

    It carries `space_role`. Raises CredentialRequired for a bearer that is nobody's.
    """
    if not actor.is_known:
        return None
    participants = Participant.objects.filter(session__slug=slug).with_space_role().select_related("session")
    if as_seen:
        participants = participants.with_presence().select_related("session", "user")
    found = place_in(participants, actor)
    if found is None:
        refuse_unknown_bearer(actor)
    return found


def standing_of(*, slug: str, actor: Actor) -> Standing | None:
    """Return what the actor is to the session of this code; None to strangers, if there is one or not."""
    me = participant_of(slug=slug, actor=actor)
    if me is not None:
        return Standing(me.session, me, space_role_on(me))
    if actor.user is None:
        return None
    found = Session.objects.filter(slug=slug, space__memberships__user=actor.user).with_role_of(actor.user)
    mine = found.first()
    return Standing(mine, None, mine.space_role) if mine else None  # type: ignore[attr-defined]


def place_in(participants: ParticipantQuerySet, actor: Actor) -> Participant | None:
    """Return the actor's row among these; a guest who has logged in is the user."""
    mine = participants.of(actor)
    if actor.user and actor.guest:
        mine = mine.order_by(F("user_id").asc(nulls_last=True))
    return next(iter(mine[:1]), None)


def space_role_on(participant: Participant) -> str | None:
    """Return the role that `with_space_role` has read."""
    role: str | None = participant.space_role  # type: ignore[attr-defined]
    return role


def space_role_of(session: Session, user_id: UUID | None) -> str | None:
    """Return a user's role in the session's space as it is now; None for guests and who is no member."""
    if session.space_id is None or user_id is None:
        return None
    mine = Membership.objects.filter(space=session.space_id, user=user_id)
    return mine.values_list("role", flat=True).first()


def hold_membership(slug: str, user: User | None) -> str | None:
    """Return the user's role in the space of the session with this code, which stays so until we commit.

    Taken before the session's lock, as whoever ends a membership does.
    """
    if user is None:
        return None
    mine = Membership.objects.select_for_update(no_key=True, of=("self",))
    return mine.filter(space__sessions__slug=slug, user=user).values_list("role", flat=True).first()


def refusal_of_end(session: Session) -> NonzaError | None:
    """Return what who may know it is told of a session that is over; None while it is not."""
    if session.status == Session.Status.ENDED:
        expired = session.ended_reason == Session.EndedReason.EXPIRED
        return SessionExpired() if expired else SessionEnded()
    return SessionExpired() if session.is_expired else None


def refuse_outsider(session: Session, participant: Participant, space_role: str | None) -> None:
    """Keep out who has a place, but may not come back to it: raises MembersOnly, or how it ended.

    Who is inside stays, whatever the access is changed to meanwhile.
    """
    if participant.state == State.ADMITTED or may_enter(session, space_role):
        return
    raise refusal_of_end(session) or MembersOnly()
