"""How often a session may be asked for what."""

from django.conf import settings

from identity.client_ip import client_prefix
from identity.rules import Actor
from identity.services.guessing import count_guess, guesses
from nonza.errors import RateLimited
from nonza.rate_limits import Bucket, buckets, consume, looked_at
from sessions.errors import SessionNotFound
from sessions.models import Participant


def limit_creating(actor: Actor, ip: str) -> None:
    """Count a new session; raises RateLimited."""
    if actor.user is not None:
        consume(*_buckets("create_user", str(actor.user.pk)))
    else:
        consume(*_buckets("create_guest", client_prefix(ip)))


def limit_joining(slug: str, ip: str, known: Participant | None) -> None:
    """Count a join, of somebody with a place or a stranger; raises RateLimited.

    A stranger's is refused at an address that has guessed too many unknown codes.
    """
    joins = [*_buckets("join_ip", client_prefix(ip)), *_buckets("join_session", slug)]
    if known is not None:
        consume(*joins, *_request_buckets(slug, str(known.pk)))
    else:
        consume(*joins, *_request_buckets(slug, client_prefix(ip)), *looked_at(guesses(ip)))


def limit_tokens(participant: Participant) -> None:
    """Count a LiveKit token; raises RateLimited."""
    who = str(participant.pk)
    consume(*_buckets("token_participant", who), *_request_buckets(participant.session.slug, who))


def limit_participant(participant: Participant) -> None:
    """Count any other request of somebody with a place in a session; raises RateLimited."""
    consume(*_request_buckets(participant.session.slug, str(participant.pk)))


def limit_strangers(slug: str, ip: str) -> None:
    """Count a request to a session of somebody without a place in it; raises RateLimited."""
    consume(*_request_buckets(slug, client_prefix(ip)))


def refuse_guessing(ip: str) -> None:
    """Refuse an address that has asked for too many unknown codes, whatever it asks for now."""
    consume(*looked_at(guesses(ip)))


def unknown_slug(ip: str) -> SessionNotFound | RateLimited:
    """Count an unknown code and return the refusal to raise."""
    try:
        count_guess(ip)
    except RateLimited as limited:
        return limited
    return SessionNotFound()


def _request_buckets(slug: str, who: str) -> list[Bucket]:
    return [*_buckets("session_participant", f"{slug}:{who}"), *_buckets("session", slug)]


def _buckets(limit: str, who: str) -> list[Bucket]:
    return buckets(f"{limit}:{who}", settings.RATES[limit])
