"""What news of people and spaces change in sessions: roles, places, and whether there is a call."""

from collections.abc import Iterable, Iterator
from uuid import UUID

from django.db import transaction

from identity.models import Guest, User
from sessions.errors import SessionNotFound
from sessions.models import Participant, ParticipantQuerySet, Session, SessionQuerySet
from sessions.rules import is_shut_out, keeps_order
from sessions.services.announcements import HOST_CHANGED, LEFT, REMOVED, announce_person
from sessions.services.faces import push_face
from sessions.services.participants import put_out
from sessions.services.pushes import push_participant
from sessions.services.seats import lock_session
from sessions.services.sessions import end_session
from spaces.models import Membership, Space

Role, State = Participant.Role, Participant.State


@transaction.atomic
def membership_has_changed(membership: Membership) -> None:
    """Let a member's role in the space's sessions follow the one in the space; a host stays host."""
    role = Role.COHOST if keeps_order(membership.role) else Role.PARTICIPANT
    theirs = Participant.objects.filter(
        session__space=membership.space_id, user=membership.user_id
    ).exclude(role=Role.HOST)  # fmt: skip
    _give_role(theirs, role)


@transaction.atomic
def membership_has_ended(user: User, space: Space) -> None:
    """Put somebody who is no member any more out of what is for members, and take their rights everywhere.

    The sessions are locked before their people are read: who joins at this moment is either seen here, or
    finds the membership gone.
    """
    for session in _locked(Session.objects.active().filter(space=space)):
        if session.access == Session.Access.MEMBERS:
            _put_out(session.participants.filter(user=user), session, told_as=REMOVED)
    _give_role(Participant.objects.filter(session__space=space, user=user), Role.PARTICIPANT)


@transaction.atomic
def space_goes(space: Space) -> None:
    """End all calls of a space that is about to be deleted."""
    for session in _locked(Session.objects.active().filter(space=space)):
        end_session(session=session, reason=Session.EndedReason.HOST_ENDED)


@transaction.atomic
def logins_have_ended(user: User) -> None:
    """Put a user out of every call: whoever sits before it may not be they any more."""
    places = Participant.objects.filter(user=user, session__status=Session.Status.ACTIVE)
    for session in _locked(Session.objects.filter(pk__in=places.values("session"))):
        _put_out(session.participants.filter(user=user), session)


def put_out_disabled() -> None:
    """Put out who is in a call and may log in no more, however that came about and was missed."""
    inside = Participant.objects.filter(state=State.ADMITTED, user__is_active=False)
    for user in User.objects.filter(pk__in=inside.values("user")):
        logins_have_ended(user)


@transaction.atomic
def guest_is_user(user: User, credential_hashes: Iterable[str]) -> None:
    """Let places that somebody had as a guest be theirs as a user: seat, connection and role go on.

    Who has a place there as a user already keeps that one; the guest's ends.
    """
    guests = Guest.objects.filter(credential_hash__in=list(credential_hashes))
    places = Participant.objects.filter(guest__in=guests)
    for session in _locked(Session.objects.filter(pk__in=places.values("session"))):
        own = session.participants.select_related("user").filter(user=user).first()
        for place in session.participants.filter(guest__in=guests):
            place.session = session
            if own is None:
                own = _take_over(place, user)
            else:
                _give_up(place, own)


def _take_over(place: Participant, user: User) -> Participant:
    guest = place.guest
    place.user, place.guest = user, None
    role = Membership.objects.filter(space=place.session.space_id, user=user).values_list("role", flat=True)
    if keeps_order(role.first()) and place.role == Role.PARTICIPANT:
        place.role = Role.COHOST
    place.save(update_fields=["user", "guest", "role", "updated_at"])
    if guest is not None:
        guest.delete()
    _show(place)
    return place


def _give_up(place: Participant, own: Participant) -> None:
    """Let the guest's place go; what it was trusted with, or shut out for, is the user's."""
    role, state = place.role, place.state
    put_out(place)
    if role != Role.PARTICIPANT:
        place.role = Role.PARTICIPANT
        place.save(update_fields=["role", "updated_at"])
    if is_shut_out(place):
        own.session = place.session
        put_out(own)
        own.state = state
        own.save(update_fields=["state", "updated_at"])
    elif role == Role.HOST or (role == Role.COHOST and own.role == Role.PARTICIPANT):
        own.role = role
        own.save(update_fields=["role", "updated_at"])
        if role == Role.HOST:
            announce_person(own, HOST_CHANGED)
        _show(own)


def _give_role(people: ParticipantQuerySet, role: str) -> None:
    """Give everybody here this role, and show it where there is somebody to see it."""
    changing = people.exclude(role=role)
    seen = changing.filter(state=State.ADMITTED, session__status=Session.Status.ACTIVE)
    inside = list(seen.values_list("pk", flat=True))
    changing.update(role=role)
    for participant in Participant.objects.filter(pk__in=inside).select_related("user", "session"):
        _show(participant)


def _show(participant: Participant) -> None:
    in_call = participant.connections.in_call().exists()
    push_participant("changed", participant, in_call=in_call)
    if in_call:
        push_face(participant)


def _put_out(people: ParticipantQuerySet, session: Session, *, told_as: str = LEFT) -> None:
    for participant in people.select_related("user"):
        participant.session = session
        put_out(participant, told_as=told_as)


def _locked(sessions: SessionQuerySet) -> Iterator[Session]:
    """Yield these sessions with their rows locked, in one order everywhere."""
    ids: list[UUID] = list(sessions.order_by("pk").values_list("pk", flat=True))
    for session_id in ids:
        try:
            yield lock_session(session_id)
        except SessionNotFound:  # deleted meanwhile
            continue
