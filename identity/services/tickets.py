"""Tickets that open sockets."""

import secrets
from datetime import datetime, timedelta
from typing import NamedTuple

import orjson
from django.utils import timezone
from django_redis import get_redis_connection

from identity.errors import TicketInvalid
from identity.models import User
from identity.rules import Actor, GuestCredential
from identity.services.guests import CREDENTIAL_BYTES, hashed

TICKET_SECONDS = 30


class Ticket(NamedTuple):
    """What opens one socket, once."""

    ticket: str
    expires_at: datetime


def mint_ticket(*, actor: Actor, path: str) -> Ticket:
    """Return a ticket with which this actor can open the socket at `path` once, within 30 s."""
    ticket = secrets.token_urlsafe(CREDENTIAL_BYTES)
    content = {
        "path": path,
        "user": str(actor.user.pk) if actor.user else None,
        "login_stamp": actor.user.login_stamp if actor.user else None,
        "guest": actor.guest.hash if actor.guest else None,
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
    # Who has logged out everywhere meanwhile has not asked for it.
    users = User.objects.filter(pk=holder["user"], login_stamp=holder["login_stamp"], is_active=True)
    return Actor(
        user=users.first() if holder["user"] else None,
        guest=GuestCredential(holder["guest"]) if holder["guest"] else None,
    )


def _ticket_key(ticket: str) -> str:
    return f"nonza:ticket:{hashed(ticket)}"
