"""Guests' credentials, and the tickets that open sockets."""

import hashlib
import hmac
import re
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import orjson
from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_redis import get_redis_connection

from identity.errors import TicketInvalid
from identity.models import Guest, User
from identity.rules import Actor
from nonza.errors import Invalid

TICKET_SECONDS = 30
CREDENTIAL_BYTES = 32
IDEMPOTENCY_KEY = re.compile(r"[A-Za-z0-9_-]{22,128}")  # 22 base64 characters hold 128 bits


class IssuedGuest(NamedTuple):
    """A guest with the credential that only they hold; the database keeps its hash."""

    guest: Guest
    credential: str
    is_new: bool


class Ticket(NamedTuple):
    """What opens one socket, once."""

    ticket: str
    expires_at: datetime


def check_idempotency_key(key: str) -> str:
    """Return the key, or "" for none; raises Invalid if it could be guessed."""
    if key and not IDEMPOTENCY_KEY.fullmatch(key):
        raise Invalid(_("An Idempotency-Key is 22 to 128 letters, digits, - or _ (128 random bits)."))
    return key


def issue_guest(*, session_id: UUID, idempotency_key: str) -> IssuedGuest:
    """Return a new guest of the session, or the same one for the same key.

    With a key the credential is HMAC-SHA256(server secret, session + key): a retry gets it again.
    """
    if idempotency_key:
        message = f"{session_id}:{idempotency_key}".encode()
        credential = hmac.new(_credential_secret(), message, hashlib.sha256).hexdigest()
    else:
        credential = secrets.token_hex(CREDENTIAL_BYTES)
    known = guest_of_credential(credential)
    if known is not None:
        return IssuedGuest(known, credential, is_new=False)
    try:
        with transaction.atomic():
            return IssuedGuest(
                Guest.objects.create(credential_hash=_hash(credential)), credential, is_new=True
            )
    except IntegrityError:  # the same request came twice at once
        return IssuedGuest(Guest.objects.get(credential_hash=_hash(credential)), credential, is_new=False)


def guest_of_credential(credential: str) -> Guest | None:
    """Return the guest whom the credential names."""
    return Guest.objects.filter(credential_hash=_hash(credential)).first()


def mint_ticket(*, actor: Actor, path: str) -> Ticket:
    """Return a ticket with which this actor can open the socket at `path` once, within 30 s."""
    ticket = secrets.token_urlsafe(CREDENTIAL_BYTES)
    content = {
        "path": path,
        "user": str(actor.user.pk) if actor.user else None,
        "guest": str(actor.guest.pk) if actor.guest else None,
    }
    get_redis_connection("default").set(_ticket_key(ticket), orjson.dumps(content), ex=TICKET_SECONDS)
    return Ticket(ticket, timezone.now() + timedelta(seconds=TICKET_SECONDS))


def redeem_ticket(*, ticket: str, path: str) -> Actor:
    """Return who holds the ticket and use it up; raises TicketInvalid."""
    content = get_redis_connection("default").getdel(_ticket_key(ticket))
    if content is None:
        raise TicketInvalid
    holder = orjson.loads(content)
    if holder["path"] != path:
        raise TicketInvalid
    return Actor(
        user=User.objects.filter(pk=holder["user"], is_active=True).first() if holder["user"] else None,
        guest=Guest.objects.filter(pk=holder["guest"]).first() if holder["guest"] else None,
    )


def _hash(credential: str) -> str:
    """A credential has 256 random bits, so a plain digest cannot be searched."""
    return hashlib.sha256(credential.encode()).hexdigest()


def _ticket_key(ticket: str) -> str:
    return f"nonza:ticket:{_hash(ticket)}"


def _credential_secret() -> bytes:
    return hashlib.sha256(b"guest credential:" + settings.SECRET_KEY.encode()).digest()
