"""Who tries keys that open nothing (codes, links, credentials, tokens): counted by address, all together."""

from django.conf import settings

from identity.client_ip import UNKNOWN, client_prefix
from nonza.rate_limits import Bucket, buckets, consume


def guesses(ip: str) -> list[Bucket]:
    """Return the buckets of an address's wrong tries."""
    return buckets(f"unknown_ip:{client_prefix(ip or UNKNOWN)}", settings.RATES["unknown_ip"])


def count_guess(ip: str) -> None:
    """Count one wrong try; raises RateLimited."""
    consume(*guesses(ip))
