"""The client's address: the only reader of forwarded headers."""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address
from typing import Any

from django.http import HttpRequest

from nonza.env import env

UNKNOWN = "0.0.0.0"  # noqa: S104 -- a placeholder for a socket without an address, nothing binds to it


def client_ip(request: HttpRequest) -> str:
    """Return the address of whoever sent the request, as the outermost trusted proxy saw it."""
    return _behind_proxies(
        request.META.get("REMOTE_ADDR") or "", request.META.get("HTTP_X_FORWARDED_FOR", "")
    )


def client_ip_of_scope(scope: Mapping[str, Any]) -> str:
    """Return the same for an ASGI socket's scope."""
    client = scope.get("client") or ("",)
    forwarded = [value.decode("latin1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return _behind_proxies(client[0], ",".join(forwarded))


def client_prefix(address: str) -> str:
    """Return what limits count by: an IPv4 address, or the /56 that one IPv6 customer holds."""
    parsed = ip_address(address)
    if isinstance(parsed, IPv6Address):
        return f"{IPv6Address(int(parsed) >> 72 << 72)}/56"
    return address


def _behind_proxies(peer: str, forwarded: str) -> str:
    """Each trusted proxy appended the address that it saw: count them from the right."""
    hops = [*(hop.strip() for hop in forwarded.split(",") if hop.strip()), peer]
    address = hops[-1 - env.trusted_proxies] if len(hops) > env.trusted_proxies else hops[0]
    if env.trusted_proxies == 0:
        address = peer
    try:
        parsed = ip_address(_without_port(address))
    except ValueError:
        return UNKNOWN
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(parsed)


def _without_port(address: str) -> str:
    """Some proxies write 203.0.113.7:40312 or [2001:db8::1]:40312; Postgres takes no fe80::1%eth0."""
    address = address.partition("%")[0]
    if address.startswith("["):
        return address[1:].partition("]")[0]
    return address.partition(":")[0] if address.count(":") == 1 else address
