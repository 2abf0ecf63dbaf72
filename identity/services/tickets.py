"""Tickets that open sockets."""

import secrets
from datetime import datetime, timedelta
from typing import Any, NamedTuple

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
    (found,) = redeem_tickets([(ticket, path)])
    if isinstance(found, TicketInvalid):
        raise found
    return found


def redeem_tickets(shown: list[tuple[str, str]]) -> list[Actor | TicketInvalid]:
    """Return who holds each of these tickets, shown at its path, and use them up; one query for all."""
    commands = get_redis_connection("default").pipeline(transaction=False)
    for ticket, _path in shown:
        commands.getdel(_ticket_key(ticket))
    holders = [orjson.loads(content) if content else None for content in commands.execute()]
    wanted = {holder["user"] for holder in holders if holder and holder["user"]}
    users = {
        str(user.pk): user for user in (User.objects.filter(pk__in=wanted, is_active=True) if wanted else ())
    }
    return [
        _actor_of(holder, users) if holder and holder["path"] == path else TicketInvalid()
        for holder, (_ticket, path) in zip(holders, shown, strict=True)
    ]


def _actor_of(holder: dict[str, Any], users: dict[str, User]) -> Actor:
    user = users.get(holder["user"] or "")
    if user is not None and user.login_stamp != holder["login_stamp"]:
        user = None  # who has logged out everywhere meanwhile has not asked for it
    return Actor(user=user, guest=GuestCredential(holder["guest"]) if holder["guest"] else None)


def _ticket_key(ticket: str) -> str:
    return f"nonza:ticket:{hashed(ticket)}"
