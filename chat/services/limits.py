"""How often somebody may write, in text channels and in sessions alike."""

from django.conf import settings

from identity.client_ip import client_prefix
from nonza.rate_limits import buckets, consume


def limit_message(*, person: str, place: str, what: str = "message") -> None:
    """Count something written, for the person and for the channel or session; raises RateLimited.

    Who has no right to write there must have been refused before: a stranger fills no bucket of others.
    Each `what` is counted by itself: where hundreds react at once, the others go on writing.
    """
    rates = settings.RATES
    consume(
        *buckets(f"{what}:{person}", rates["message_person"]),
        *buckets(f"{what}s:{place}", rates["message_place"]),
    )


def limit_address(ip: str) -> None:
    """Count whatever an address asks to be done in writing, whoever does it there; raises RateLimited."""
    consume(*buckets(f"messages_ip:{client_prefix(ip)}", settings.RATES["message_ip"]))


def limit_search(person: str) -> None:
    """Count a search; raises RateLimited."""
    consume(*buckets(f"search:{person}", settings.RATES["search"]))


def limit_typing(*, person: str, place: str) -> None:
    """Count a sign of typing; raises RateLimited."""
    consume(*buckets(f"typing:{person}:{place}", settings.RATES["typing"]))
