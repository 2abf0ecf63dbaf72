"""Making, reading, changing, ending and deleting sessions."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from identity.models import Guest, User
from identity.rules import Actor
from identity.services.guests import (
    check_idempotency_key,
    make_guest,
    new_credential,
    refuse_unknown_bearer,
)
from nonza.content_filter import Rules, filtered
from nonza.errors import Invalid, NotAllowed
from nonza.redis_breaker import breaker
from sessions import tasks
from sessions.errors import AccessNotOffered, AnonymousSessionsOff, SessionEnded, SessionNotFound
from sessions.models import Connection, Participant, Session, new_slug
from sessions.rules import can_create, may_enter
from sessions.services.announcements import ENDED, LOCKED, UNLOCKED, announce
from sessions.services.connections import close_connections
from sessions.services.faces import push_card, push_deleted
from sessions.services.limits import (
    limit_creating,
    limit_participant,
    limit_strangers,
    refuse_guessing,
    unknown_slug,
)
from sessions.services.participants import (
    USER_AGENT_LENGTH,
    Client,
    Place,
    check_name,
    default_title,
)
from sessions.services.pushes import push_end, push_session
from sessions.services.seats import is_full, lock_session
from sessions.services.standing import Standing, refuse_outsider, standing_of
from sessions.signals import session_deleting, session_ended
from spaces.errors import SpaceNotFound
from spaces.models import Membership
from spaces.services.locks import lock_space
from spaces.services.spaces import active_space_of

SLUG_TRIES = 8
_TEXTS = {"title", "description"}
TOMBSTONE, TOMBSTONE_SECONDS = "changed", 10
State = Participant.State
_COLUMNS = {field.attname for field in Session._meta.fields}  # noqa: SLF001 -- Django's documented _meta


@dataclass(frozen=True)
class SessionView:
    """A session as one person may see it."""

    session: Session
    me: Participant | None
    full: bool
    inside: bool = False  # a member of its space, who reads what people with a place read


def create_session(
    *, actor: Actor, display_name: str, fields: dict[str, Any], idempotency_key: str, client: Client
) -> Place:
    """Make a session whose host is the actor; the same key makes the same one.

    `fields` are checked values of title, description, description_in_gate, access, max_participants,
    expires_at and `space`: the id of one of the actor's, None for none; without it a user's active one.
    Raises AnonymousSessionsOff, SpaceNotFound, AccessNotOffered, RateLimited, Invalid, MessageFiltered.
    """
    check_idempotency_key(idempotency_key)
    refuse_unknown_bearer(actor)
    if not can_create(actor, anonymous_sessions=settings.ANONYMOUS_SESSIONS):
        raise AnonymousSessionsOff
    key_hash = _key_hash(actor, idempotency_key)
    if key_hash is not None and (made := _made_before(key_hash, actor, idempotency_key)):
        return made
    limit_creating(actor, client.ip)
    fields = {**fields, "space_id": _space_for(actor, fields)}
    fields.pop("space", None)
    _check_access(fields["space_id"], fields.get("access", Session.Access.OPEN))
    for _attempt in range(SLUG_TRIES):
        try:
            return _create(actor, display_name, fields, key_hash, idempotency_key, client)
        except IntegrityError:  # the same request twice at once, or a slug drawn twice
            if key_hash is None:
                continue
            made = _made_before(key_hash, actor, idempotency_key)
            if made:
                return made
    raise IntegrityError("no free slug was drawn")  # 60 bits: only a broken random source gets here


def read_session(*, slug: str, actor: Actor, ip: str) -> SessionView:
    """Return the session as the actor may see it.

    Raises SessionNotFound, alike for unknown, ended, expired, deleted and private ones, to whoever holds
    no place in it and is no member of its space; such tries are counted (RateLimited). Raises
    MembersOnly to who has a place, but may not come back to it.
    """
    standing = standing_of(slug=slug, actor=actor)
    if standing is not None:
        return _seen_by(standing, slug, ip)
    refuse_guessing(ip)
    session = _public_part(slug)
    if session is None or not session.is_live or not may_enter(session, None):
        raise unknown_slug(ip)
    limit_strangers(slug, ip)
    return SessionView(session, None, is_full(session, timezone.now()))


def _seen_by(standing: Standing, slug: str, ip: str) -> SessionView:
    session, me, role = standing.session, standing.me, standing.space_role
    if me is None:
        limit_strangers(slug, ip)
    else:
        limit_participant(me)
        refuse_outsider(session, me, role)
    return SessionView(session, me, is_full(session, timezone.now()), inside=role is not None)


@transaction.atomic
def change_session(*, standing: Standing, fields: dict[str, Any]) -> SessionView:
    """Change what a host may change.

    Raises NotAllowed, SessionEnded, AccessNotOffered, Invalid, MessageFiltered.

    Who is inside stays, also if the access or the maximum would not let them in any more.
    """
    if not standing.can_host:
        raise NotAllowed
    session = lock_session(standing.session.pk)
    if session.status == Session.Status.ENDED:
        raise SessionEnded
    _check_change(session, fields)
    fields = {**fields, **_filtered(fields, session.filter_rules if fields.keys() & _TEXTS else [])}
    was_locked = session.locked
    for name, value in fields.items():
        setattr(session, name, value)
    session.save(update_fields=[*fields, "updated_at"])
    if session.locked != was_locked:
        announce(session=session, code=LOCKED if session.locked else UNLOCKED, params=_by(standing))
    return SessionView(session, standing.me, full=announce_change(session), inside=True)


def end_session_for_all(*, standing: Standing) -> SessionView:
    """End the session by a host's word; ending an ended one does nothing."""
    if not standing.can_host:
        raise NotAllowed
    session = end_session(session=standing.session, reason=Session.EndedReason.HOST_ENDED)
    if standing.me is not None:
        standing.me.refresh_from_db(from_queryset=Participant.objects.with_presence())
    return SessionView(session, standing.me, full=False, inside=True)


@transaction.atomic
def end_session(*, session: Session, reason: str, at: datetime | None = None) -> Session:
    """End a session once: everybody has left, the room closes, those inside are told."""
    session = lock_session(session.pk)
    if session.status == Session.Status.ENDED:
        return session
    session.status = Session.Status.ENDED
    session.ended_reason = reason
    session.ended_at = at or timezone.now()
    session.save(update_fields=["status", "ended_reason", "ended_at", "updated_at"])
    close_connections(Connection.objects.filter(participant__session=session), Connection.LeftReason.ENDED)
    session.participants.filter(state__in=[State.ADMITTED, State.WAITING]).update(
        state=State.LEFT,
        seat_held_until=None,
        microphone_on=False,
        came_in_at=None,
        updated_at=timezone.now(),
    )
    session_ended.send(Session, session=session)
    announce(session=session, code=ENDED, params={"reason": reason})  # heard before the sockets close
    forget_public_part(session)
    push_end(session, reason)
    push_card(session)
    tasks.ring(tasks.close_room, str(session.pk))
    return session


def _by(standing: Standing) -> dict[str, str]:
    """Say who has done it: who keeps order in the space may have no place here."""
    return {"by": standing.me.display_name} if standing.me else {}


def delete_session(*, standing: Standing) -> None:
    """End the session and delete it with its people; raises NotAllowed to all but host and space's owner."""
    if not standing.can_delete:
        raise NotAllowed
    end_and_delete(standing.session)


@transaction.atomic
def end_and_delete(session: Session) -> None:
    """End the session for everybody and delete it, whoever may decide that."""
    ended = end_session(session=session, reason=Session.EndedReason.HOST_ENDED)
    push_deleted(ended)
    delete_rows(ended)


def delete_rows(session: Session) -> None:
    """Delete a session, its participants and its guests."""
    session_deleting.send(Session, session=session)
    guests = list(session.participants.exclude(guest=None).values_list("guest_id", flat=True))
    session.delete()
    Guest.objects.filter(pk__in=guests).delete()


def announce_change(session: Session) -> bool:
    """Let the gate and everybody inside see a session's new row; return whether it is full."""
    full = is_full(session, timezone.now())
    forget_public_part(session)
    push_session(session, full=full)
    push_card(session)
    return full


def forget_public_part(session: Session) -> None:
    """Take the gate's public part out of the cache once the change has committed.

    For a moment a mark stands in its place, so that a reader who saw the old row cannot put it back.
    """
    key = _meta_key(str(session.pk))
    transaction.on_commit(lambda: _forget(key), robust=True)


def _forget(key: str) -> None:
    """A Redis that is full takes no mark but forgets; one that is away forgets when it is back."""
    marked: Any = cache.set(key, TOMBSTONE, TOMBSTONE_SECONDS)  # type: ignore[func-returns-value]
    if not marked and not cache.delete(key) and breaker.is_open:
        breaker.later(f"cache {key}", lambda: _forget(key))


def _create(
    actor: Actor,
    display_name: str,
    fields: dict[str, Any],
    key_hash: str | None,
    idempotency_key: str,
    client: Client,
) -> Place:
    with transaction.atomic():
        rules = _hold_space(actor.user, fields["space_id"])
        name = display_name
        if actor.user is not None and not name:
            name = actor.user.called
        else:
            check_name(name)
        name = filtered(name, *rules)
        fields = {**fields, **_filtered(fields, rules)}
        title = fields.get("title") or default_title(name, translation.get_language() or "en")
        session = Session.objects.create(
            **{"max_participants": settings.MAX_PARTICIPANTS, **fields, "title": title[:120]},
            slug=new_slug(),
            created_by=actor.user,
            creation_key_hash=key_hash,
        )
        credential = None
        if actor.user is None:
            credential = new_credential(session_id=session.pk, idempotency_key=idempotency_key)
        host = Participant.objects.create(
            session=session,
            user=actor.user,
            guest=make_guest(credential) if credential else None,
            display_name=name,
            role=Participant.Role.HOST,
            client_ip=client.ip,
            user_agent=client.user_agent[:USER_AGENT_LENGTH],
        )
        push_card(session)
    return Place(session, host, credential)


def _space_for(actor: Actor, fields: dict[str, Any]) -> UUID | None:
    """Return the space of a new session; raises SpaceNotFound for one that the actor is no member of."""
    if "space" not in fields:
        space = active_space_of(actor.user) if actor.user and settings.ACCOUNTS else None
        return space.pk if space else None
    wanted: UUID | None = fields["space"]
    if wanted is None:
        return None
    if actor.user is None or not Membership.objects.filter(space=wanted, user=actor.user).exists():
        raise SpaceNotFound
    return wanted


def _hold_space(user: User | None, space_id: UUID | None) -> list[Rules]:
    """Let the space stay, and the user in it, until we commit; raises SpaceNotFound.

    Returns what nobody shall read there.
    """
    if space_id is None:
        return []
    space = lock_space(space_id)
    if not Membership.objects.filter(space=space_id, user=user).exists():
        raise SpaceNotFound
    return space.filter_rules


def _filtered(fields: dict[str, Any], rules: list[Rules]) -> dict[str, Any]:
    """Return the texts among these fields as they may be read; raises MessageFiltered."""
    return {name: filtered(fields[name], *rules) for name in _TEXTS if fields.get(name)}


def _check_access(space_id: UUID | None, access: str) -> None:
    """Raise AccessNotOffered for the lobby, and for members of a space where there is none."""
    if access == Session.Access.LOBBY or (access == Session.Access.MEMBERS and space_id is None):
        raise AccessNotOffered


def _check_change(session: Session, fields: dict[str, Any]) -> None:
    if fields.get("access", session.access) != session.access:
        _check_access(session.space_id, fields["access"])
    if session.channel_id is None:
        return
    for name in ("access", "title", "max_participants", "expires_at"):
        if fields.get(name, getattr(session, name)) != getattr(session, name):
            raise Invalid.field(name, "of_channel", _("The channel decides this."))


def _made_before(key_hash: str, actor: Actor, idempotency_key: str) -> Place | None:
    session = Session.objects.filter(creation_key_hash=key_hash).first()
    if session is None:
        return None
    host = session.participants.select_related("user").filter(role=Participant.Role.HOST).first()
    if host is None:
        raise SessionNotFound
    credential = None
    if actor.user is None:
        credential = new_credential(session_id=session.pk, idempotency_key=idempotency_key)
    return Place(session, host, credential)


def _key_hash(actor: Actor, idempotency_key: str) -> str | None:
    if not idempotency_key:
        return None
    who = f"user:{actor.user.pk}" if actor.user else "guest"
    return hashlib.sha256(f"{who}:{idempotency_key}".encode()).hexdigest()


def _public_part(slug: str) -> Session | None:
    """Return the session of a code, from the cache where it is there.

    The cache holds `slug -> id` (which never changes) and `id -> fields`.
    """
    session_id = cache.get(f"session:slug:{slug}")
    fields = cache.get(_meta_key(session_id)) if session_id else None
    if isinstance(fields, dict) and fields.keys() == _COLUMNS:  # else another version of Nonza wrote it
        return Session(**fields)
    # One for members alone is not there: looking for it costs a stranger what an unknown code costs.
    public = Session.objects.active().exclude(access=Session.Access.MEMBERS)
    session = public.filter(slug=slug).first()
    if session is None:
        return None
    cache.set(f"session:slug:{slug}", str(session.pk), settings.CACHE_SESSION_SECONDS)
    if fields != TOMBSTONE:
        values = {name: getattr(session, name) for name in _COLUMNS}
        cache.add(_meta_key(str(session.pk)), values, settings.CACHE_SESSION_SECONDS)
    return session


def _meta_key(session_id: str) -> str:
    return f"session:{session_id}:meta"
