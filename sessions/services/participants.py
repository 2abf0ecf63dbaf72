"""Joining a session and leaving it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest, Least
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from identity.models import DISPLAY_NAME_LENGTH
from identity.rules import Actor
from identity.services.guests import (
    check_idempotency_key,
    make_guest,
    new_credential,
    shown_credential,
)
from nonza.content_filter import filtered
from nonza.errors import Invalid, NonzaError
from nonza.names import skeletons
from sessions import tasks
from sessions.errors import (
    NotAdmitted,
    ParticipantNotFound,
    SessionFull,
    SessionLocked,
    SessionNotFound,
)
from sessions.models import Connection, Participant, Session
from sessions.rules import keeps_order, may_enter
from sessions.services.announcements import LEFT
from sessions.services.connections import close_connections, note_if_empty, refuse_if_out
from sessions.services.faces import push_face, push_gone
from sessions.services.limits import limit_joining, unknown_slug
from sessions.services.pushes import close_sockets_of, push_participant
from sessions.services.seats import Inside, lock_session, lock_session_of, mark_left, people_inside, take_seat
from sessions.services.standing import (
    hold_membership,
    participant_of,
    place_in,
    refusal_of_end,
)

State = Participant.State
USER_AGENT_LENGTH = 512
GATE_FIELDS = ("display_name", "client_ip", "user_agent", "role", "state", "seat_held_until", "updated_at")
# Names that promise a right; the badge beside a name comes from the server alone.
RESERVED_NAMES = ("host", "cohost", "moderator", "support", "admin", "administrator", "Nonza")
RESERVED_NAMES_RU = ("ведущий", "соведущий", "модератор", "поддержка", "администратор")
_RESERVED = frozenset().union(*map(skeletons, (*RESERVED_NAMES, *RESERVED_NAMES_RU)))


@dataclass(frozen=True)
class Client:
    """Where a request came from; kept for the admins, for a while."""

    ip: str
    user_agent: str


class GateAnswer(NamedTuple):
    """What somebody says at the gate."""

    display_name: str
    idempotency_key: str
    client: Client


@dataclass(frozen=True)
class Place:
    """A person's place in a session; `credential` is set for a guest who has just got one."""

    session: Session
    participant: Participant
    credential: str | None


def participant_by_id(*, session: Session, participant_id: UUID) -> Participant:
    """Return one person of the session; raises ParticipantNotFound."""
    participants = session.participants.with_presence().select_related("user")
    participant = participants.filter(pk=participant_id).first()
    if participant is None:
        raise ParticipantNotFound
    return participant


def join_session(
    *, actor: Actor, slug: str, display_name: str, idempotency_key: str, client: Client
) -> Place:
    """Take a seat and return the actor's place: the same row and credential for the same person or key.

    Raises SessionNotFound, SessionFull, SessionLocked, RateLimited, Invalid, MessageFiltered, or the
    refusals of `refuse_if_out` to those who hold a place already.
    """
    check_idempotency_key(idempotency_key)
    known = participant_of(slug=slug, actor=actor)
    limit_joining(slug, client.ip, known)
    answer = GateAnswer(display_name, idempotency_key, client)
    if known is not None:
        return _take_place_again(slug, actor, answer, instead=None)
    try:
        return _take_new_place(slug, actor, answer)
    except SessionNotFound:
        raise unknown_slug(client.ip) from None
    except (IntegrityError, SessionFull, SessionLocked) as refusal:  # of who may have a place by this key
        return _take_place_again(slug, actor, answer, instead=refusal)


@transaction.atomic
def leave_session(*, participant: Participant) -> None:
    """Give up the seat; whoever left may join again as the session's access allows."""
    session = lock_session(participant.session_id)
    participant.refresh_from_db(fields=["state", "came_in_at"])
    if participant.state not in {State.ADMITTED, State.WAITING, State.LEFT}:
        raise NotAdmitted
    participant.identity = ""  # a token that is still about lets nobody in again
    participant.save(update_fields=["identity"])
    if participant.state == State.LEFT:
        return
    participant.session = session
    _let_go(participant, Connection.LeftReason.LEFT)


def put_out(participant: Participant, *, told_as: str = LEFT) -> None:
    """End the stay of somebody who may not be here any more, whose session's row the caller has locked.

    The others read that they left, or what else it is to be told as. LiveKit is asked to let go of them;
    what it does not hear, the reconciler repairs.
    """
    known = {participant.identity}
    participant.identity = ""
    participant.save(update_fields=["identity"])
    if participant.state in {State.ADMITTED, State.WAITING}:
        known.update(_let_go(participant, Connection.LeftReason.REMOVED, told_as))
    for identity in known - {""}:
        tasks.ring(tasks.remove_identity, str(participant.session_id), identity)


def _let_go(participant: Participant, reason: str, told_as: str = LEFT) -> list[str]:
    """End the connections, seat and sockets of a participant; returns the identities that were connected."""
    connected = close_connections(participant.connections.all(), reason)
    mark_left(participant, told_as)
    if connected:
        push_gone(participant)
    note_if_empty(participant.session)
    close_sockets_of(participant)
    return connected


@transaction.atomic
def note_heartbeat(*, participant_id: UUID, microphone_on: bool | None, spoken_ms: int) -> None:
    """Keep what a participant's own page says of itself; it is shown and counted, and gives no right.

    Speech is counted once, however many tabs tell of it: each moment of the clock at most.
    """
    admitted = Participant.objects.filter(pk=participant_id, state=State.ADMITTED)
    speech = _speech(spoken_ms)
    if microphone_on is not None:
        changed = admitted.filter(microphone_on=not microphone_on).update(
            microphone_on=microphone_on, updated_at=timezone.now(), **speech
        )
        if changed:
            participant = admitted.with_presence().select_related("user", "session").get()
            push_participant("changed", participant, in_call=participant.in_call)  # type: ignore[attr-defined]
            if participant.in_call:  # type: ignore[attr-defined]
                push_face(participant)
            return
    if speech:
        admitted.update(**speech)


def _speech(spoken_ms: int) -> dict[str, Any]:
    """Return what speech changes in a row, as expressions of the database: two tabs may tell at once."""
    if spoken_ms <= 0:
        return {}
    now = int(timezone.now().timestamp() * 1000)
    uncounted = Greatest(Value(now) - F("spoken_until_ms"), Value(0))
    return {"spoken_ms": F("spoken_ms") + Least(Value(spoken_ms), uncounted), "spoken_until_ms": now}


def check_name(name: str) -> None:
    """Raise Invalid for an empty name, or one that promises a right."""
    if not name:
        raise Invalid.field("display_name", "required", _("Say what others should call you."))
    if skeletons(name) & _RESERVED:
        raise Invalid.field("display_name", "reserved", _("This name is reserved. Choose another one."))


def free_name(name: str, others: Iterable[str]) -> str:
    """Return the name, with a number if one of the others is called alike."""
    taken = frozenset().union(*map(skeletons, others))
    candidate, number = name, 1
    while skeletons(candidate) & taken:
        number += 1
        suffix = f" ({number})"
        candidate = name[: DISPLAY_NAME_LENGTH - len(suffix)] + suffix
    return candidate


def default_title(display_name: str, language: str) -> str:
    """Return the title of a session whose maker gave none."""
    with override(language):
        return gettext("%(name)s’s session") % {"name": display_name}


@transaction.atomic
def _take_new_place(slug: str, actor: Actor, answer: GateAnswer) -> Place:
    """Admit somebody who has no place here, counting and taking under the lock of the session's row.

    Raises IntegrityError if they have one: who holds it, the database knows best.
    """
    role = hold_membership(slug, actor.user)
    session = lock_session_of(slug)
    if session is None:
        raise SessionNotFound
    over = refusal_of_end(session)
    if role is None and (over or not may_enter(session, role)):
        raise SessionNotFound
    if over:
        raise over
    credential = None
    participant = Participant(session=session, user=actor.user)
    if actor.user is None:
        credential = new_credential(session_id=session.pk, idempotency_key=answer.idempotency_key)
    _admit(participant, answer, role)
    if credential is not None:
        participant.guest = make_guest(credential)
    participant.save(force_insert=True)
    push_participant("changed", participant, in_call=False)
    return Place(session, participant, credential)


@transaction.atomic
def _take_place_again(slug: str, actor: Actor, answer: GateAnswer, *, instead: Exception | None) -> Place:
    """Admit somebody to the place that they have.

    `instead` is what a new place was refused with: then it is the place that the user took at the same
    moment, or that the key was given before, and if there is none the refusal holds.
    """
    role = hold_membership(slug, actor.user)
    session = lock_session_of(slug)
    if session is None:
        raise SessionNotFound
    credential = None
    if instead is not None and actor.user is None:
        credential = new_credential(session_id=session.pk, idempotency_key=answer.idempotency_key)
        actor = Actor(guest=shown_credential(credential))
    participant = place_in(session.participants.with_presence().select_related("user"), actor)
    if participant is None:
        raise instead if isinstance(instead, NonzaError) else SessionNotFound
    participant.session = session
    refuse_if_out(session, participant)
    name = participant.display_name
    _admit(participant, answer, role if participant.user_id else None)
    participant.save(update_fields=GATE_FIELDS)  # not the identity: a token may be minted at this moment
    push_participant("changed", participant, in_call=participant.in_call)  # type: ignore[attr-defined]
    if participant.in_call and participant.display_name != name:  # type: ignore[attr-defined]
        push_face(participant)
    return Place(session, participant, credential)


def _admit(participant: Participant, answer: GateAnswer, space_role: str | None) -> None:
    """Give the participant a name, a role and a seat, without saving."""
    if keeps_order(space_role) and participant.role != Participant.Role.HOST:
        participant.role = Participant.Role.COHOST
    inside = people_inside(participant.session)
    _introduce(participant, answer, inside, is_member=space_role is not None)
    take_seat(participant.session, participant, timezone.now(), inside)


def _introduce(
    participant: Participant, answer: GateAnswer, inside: list[Inside], *, is_member: bool
) -> None:
    """Write down what the gate was told: a name nobody else has, and where they come from.

    Who says no name is called what their account is called; among members, whatever that promises.
    """
    name = answer.display_name
    is_new = participant._state.adding  # noqa: SLF001 -- Django's documented state
    is_known = not name and is_new and participant.user is not None
    if is_known and participant.user:
        name = participant.user.called
    if is_new or (name and name != participant.display_name):
        if not (is_known and is_member):
            check_name(name)
        name = filtered(name, *participant.session.filter_rules)
        others = (person.display_name for person in inside if person.id != participant.pk)
        participant.display_name = free_name(name, others)
    participant.client_ip = answer.client.ip
    participant.user_agent = answer.client.user_agent[:USER_AGENT_LENGTH]
