"""Joining a session and leaving it."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Greatest, Least
from django.utils import timezone
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from identity.client_ip import client_prefix
from identity.models import DISPLAY_NAME_LENGTH
from identity.rules import Actor
from identity.services import check_idempotency_key, issue_guest
from nonza.errors import Invalid
from nonza.names import skeletons
from sessions.errors import AccessNotOffered, NotAdmitted, ParticipantNotFound
from sessions.models import Connection, Participant, Session
from sessions.services.connections import close_connections, note_if_empty, refuse_if_out
from sessions.services.limits import limit_joining, limit_requests, refuse_guessing, unknown_slug
from sessions.services.pushes import close_sockets_of, push_participant
from sessions.services.seats import lock_session, take_seat

State = Participant.State
USER_AGENT_LENGTH = 512
# Names that promise a right; the badge beside a name comes from the server alone.
RESERVED_NAMES = ("host", "cohost", "moderator", "support", "admin", "administrator", "Nonza")
RESERVED_NAMES_RU = ("ведущий", "соведущий", "модератор", "поддержка", "администратор")
_RESERVED = frozenset().union(*map(skeletons, (*RESERVED_NAMES, *RESERVED_NAMES_RU)))


@dataclass(frozen=True)
class Client:
    """Where a request came from; kept for the admins, for a while."""

    ip: str
    user_agent: str


@dataclass(frozen=True)
class Place:
    """A person's place in a session; `credential` is set for a guest who has just got one."""

    session: Session
    participant: Participant
    credential: str | None


def participant_of(*, slug: str, actor: Actor) -> Participant | None:
    """Return the actor's participant in the session of this code."""
    if not actor.is_known:
        return None
    return (
        Participant.objects.of(actor)
        .with_presence()
        .select_related("session", "user")
        .filter(session__slug=slug)
        .order_by(F("user_id").asc(nulls_last=True))  # a guest who has logged in is the user
        .first()
    )


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

    Raises SessionNotFound, SessionFull, SessionLocked, RateLimited, Invalid, or the refusals of
    `refuse_if_out` to those who hold a place already.
    """
    check_idempotency_key(idempotency_key)
    known = participant_of(slug=slug, actor=actor)
    if known is None:
        refuse_guessing(client.ip)
    limit_joining(slug, client.ip)
    session = known.session if known else Session.objects.filter(slug=slug).first()
    if session is None or (known is None and not session.is_live):
        raise unknown_slug(client.ip)
    limit_requests(slug, str(known.pk) if known else client_prefix(client.ip))
    return _take_place(session, known, actor, display_name, idempotency_key, client)


@transaction.atomic
def leave_session(*, participant: Participant) -> None:
    """Give up the seat; whoever left may join again as the session's access allows."""
    session = lock_session(participant.session)
    participant.refresh_from_db(fields=["state"])
    if participant.state == State.LEFT:
        return
    if participant.state not in {State.ADMITTED, State.WAITING}:
        raise NotAdmitted
    mark_left(participant)
    close_connections(participant.connections.all(), Connection.LeftReason.LEFT)
    note_if_empty(session)
    close_sockets_of(participant)


def mark_left(participant: Participant) -> None:
    """Let a participant's seat go, and say so to those inside."""
    participant.state = State.LEFT
    participant.seat_held_until = None
    participant.microphone_on = False
    participant.save(update_fields=["state", "seat_held_until", "microphone_on", "updated_at"])
    push_participant("left", participant)


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
            push_participant("changed", Participant.objects.get(pk=participant_id))
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


def new_participant(
    *, session: Session, actor: Actor, display_name: str, idempotency_key: str, client: Client
) -> tuple[Participant, str | None]:
    """Return the actor's unsaved row (or the one an earlier try saved) and a guest's credential."""
    if actor.user is not None:
        name = display_name or actor.user.display_name
        participant = Participant(session=session, user=actor.user)
        credential = None
    else:
        name = display_name
        issued = issue_guest(session_id=session.pk, idempotency_key=idempotency_key)
        saved = Participant.objects.select_related("session").filter(guest=issued.guest).first()
        participant = saved or Participant(session=session, guest=issued.guest)
        credential = issued.credential
    participant.display_name = free_name(session, participant, name)
    participant.client_ip = client.ip
    participant.user_agent = client.user_agent[:USER_AGENT_LENGTH]
    return participant, credential


def free_name(session: Session, participant: Participant, name: str) -> str:
    """Return the name, with a number if somebody in the session is called alike; raises Invalid."""
    if not name:
        raise Invalid.field("display_name", "required", _("Say what others should call you."))
    if skeletons(name) & _RESERVED:
        raise Invalid.field("display_name", "reserved", _("This name is reserved. Choose another one."))
    others = session.participants.filter(state=State.ADMITTED).exclude(pk=participant.pk)
    names = others.values_list("display_name", flat=True)
    taken = frozenset().union(*map(skeletons, names))
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
def _take_place(
    session: Session,
    known: Participant | None,
    actor: Actor,
    display_name: str,
    idempotency_key: str,
    client: Client,
) -> Place:
    session = lock_session(session)
    credential = None
    if known is None:
        participant, credential = new_participant(
            session=session,
            actor=actor,
            display_name=display_name,
            idempotency_key=idempotency_key,
            client=client,
        )
    else:
        participant = known
        participant.refresh_from_db()
        participant.client_ip = client.ip
        participant.user_agent = client.user_agent[:USER_AGENT_LENGTH]
        if display_name and display_name != participant.display_name:
            participant.display_name = free_name(session, participant, display_name)
    if participant._state.adding and not session.is_live:  # noqa: SLF001 -- Django's documented state
        raise unknown_slug(client.ip)  # it ended while a stranger waited for the lock
    refuse_if_out(session, participant)
    if session.access != Session.Access.OPEN:
        raise AccessNotOffered
    take_seat(session, participant, timezone.now())
    participant.save()
    push_participant("changed", participant)
    participant.session = session
    return Place(session, participant, credential)
