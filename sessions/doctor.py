"""Looks at the media server: its API, its news, and the ways that sound and picture take."""

import contextlib
import time
from collections.abc import Iterator
from http import HTTPStatus
from urllib.parse import urlsplit

from django.conf import settings
from redis.exceptions import RedisError

from nonza.doctor.registry import Finding, broken, check, fine, warning
from nonza.doctor.stun import Candidate
from nonza.doctor.surroundings import HERE, clock_finding
from sessions import media_probe
from sessions.media_probe import ProbeFailed, Signal
from sessions.services.diagnosis import wait_for_news

TESTED_WITH = "1.13.5"
NEWS_SECONDS = 10
# LiveKit writes the time of its answers to the second.
REFUSED = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
START = "Start LiveKit, or mend NONZA_LIVEKIT_URL."


@check("livekit")
def look_at_livekit() -> Iterator[Finding]:
    """Ask LiveKit's API: is it there, does it know our key, does it leave the making of rooms to us."""
    where = _place(settings.LIVEKIT_URL)
    try:
        offset = media_probe.clock_offset()
        by_itself = media_probe.makes_rooms_by_itself()
    except ProbeFailed as failed:
        yield _api_trouble(where, failed)
        return
    yield fine("livekit", f"LiveKit at {where} answers and knows our key.")
    if offset is not None and (finding := clock_finding("The clock of LiveKit’s machine", offset)):
        yield finding
    if by_itself:
        yield warning(
            "livekit.auto_create",
            "LiveKit makes a room for whoever asks: an old link to a closed call opens an empty room.",
            "Set `room: {auto_create: false}` in its configuration; Nonza makes the rooms.",
        )


def _api_trouble(where: str, failed: ProbeFailed) -> Finding:
    if failed.status in REFUSED:
        return broken(
            "livekit.wrong_key",
            f"LiveKit at {where} does not accept our key.",
            "NONZA_LIVEKIT_API_KEY and NONZA_LIVEKIT_API_SECRET must be a pair below `keys:` in its "
            "configuration; and its clock must be right.",
        )
    if failed.status:
        return broken(
            "livekit.odd",
            f"What answers at {where} is no LiveKit, or an ailing one: {failed}.",
            "NONZA_LIVEKIT_URL must name LiveKit itself, past every proxy of the site; look at its log.",
        )
    return broken("livekit.unreachable", f"LiveKit at {where} does not answer: {failed}.", START)


@check("webhook")
def look_at_webhook() -> Iterator[Finding]:
    """Make a room and wait until this installation has been told of it."""
    asked_at = time.monotonic()
    try:
        with media_probe.room_of_our_own() as room:
            told = _hears_of(room)
    except ProbeFailed:
        yield broken(
            "webhook.unknown", "No room could be made to be told of.", "See what is said of livekit."
        )
        return
    except RedisError:
        yield broken(
            "webhook.unknown", "Redis, which says what arrived, is away.", "See what is said of redis."
        )
        return
    if told:
        took = time.monotonic() - asked_at
        yield fine("webhook", f"LiveKit’s news of a new room arrived within {max(took, 0.1):.1f} s.")
        return
    address = f"{settings.BASE_URL}/api/v1/livekit/webhook/"
    yield broken(
        "webhook.absent",
        f"LiveKit’s news of a new room did not come within {NEWS_SECONDS} s: it is seen late who is there.",
        f"In its configuration, `webhook:` needs our key as `api_key` and this address in `urls`: {address} "
        "(or an inner one of the web server that LiveKit reaches; its log says how it was answered).",
    )


def _hears_of(room: str) -> bool:
    deadline = time.monotonic() + NEWS_SECONDS
    while time.monotonic() < deadline:
        if wait_for_news(room, 1):
            return True
    return False


@check("media")
def look_at_media() -> Iterator[Finding]:
    """Join a room as a browser would, and try every way for sound and picture that it is offered."""
    yield from _address()
    public = settings.MEDIA_WS_ADDRESS
    try:
        with media_probe.room_of_our_own() as room:
            told, refused = _join(room, public)
    except ProbeFailed:
        yield broken("media.unknown", "No room could be made to join.", "See what is said of livekit.")
        return
    if refused is not None:
        yield _no_signal(public, refused, inside=told is not None)
    if told is None:
        return
    if refused is None:
        yield fine("media.signal", f"Browsers’ way to LiveKit {told.version} ({_place(public)}) is open.")
    if told.version and told.version != TESTED_WITH:
        yield warning(
            "media.version",
            f"LiveKit is {told.version}; Nonza is tested with {TESTED_WITH}.",
            f"Run LiveKit {TESTED_WITH}, or read what changed between them.",
        )
    yield from _ways(told)
    yield from _relays(told)


def _join(room: str, public: str) -> tuple[Signal | None, ProbeFailed | None]:
    """Join at the public address; at the inner one if that fails, so that the ports are still tried."""
    try:
        return media_probe.signal(room, public), None
    except ProbeFailed as failed:
        inner = settings.LIVEKIT_URL.replace("http", "ws", 1)
        if inner != public:
            with contextlib.suppress(ProbeFailed):
                return media_probe.signal(room, inner), failed
        return None, failed


def _no_signal(public: str, failed: ProbeFailed, *, inside: bool) -> Finding:
    where = "LiveKit itself is well" if inside else "nobody can join a call"
    return broken(
        "media.no_signal",
        f"The address that browsers use for LiveKit, {public}, does not let one join ({failed}); {where}.",
        "NONZA_LIVEKIT_PUBLIC_URL must lead to LiveKit’s port 7880, through a proxy that passes WebSockets.",
    )


def _address() -> Iterator[Finding]:
    """Compare the two addresses that browsers are given."""
    site, media = urlsplit(settings.BASE_URL), urlsplit(settings.MEDIA_WS_ADDRESS)
    if site.scheme == "https" and media.scheme == "ws":
        yield broken(
            "media.mixed",
            f"The site is https, but media are at {settings.MEDIA_WS_ADDRESS}: browsers refuse the mixture.",
            "Put TLS in front of LiveKit too, and set NONZA_LIVEKIT_PUBLIC_URL to its wss:// address.",
        )
    if media.hostname in HERE and site.hostname not in HERE:
        yield broken(
            "media.localhost",
            f"Browsers are sent to {settings.MEDIA_WS_ADDRESS} for media: each to its own machine.",
            "Set NONZA_LIVEKIT_PUBLIC_URL to the address at which others reach LiveKit.",
        )


# The ways of sound and picture ----------------------------------------------


def _ways(told: Signal) -> Iterator[Finding]:
    if not told.candidates:
        yield broken(
            "media.no_ports",
            "LiveKit names no address for media.",
            "Look at `rtc:` in its configuration, and at its log for the addresses that it found.",
        )
        return
    works = {one: answers for one, answers in told.candidates.items() if answers}
    for transport, code in (("udp", "media.udp"), ("tcp", "media.tcp")):
        yield _way(transport, code, told.candidates, reaches_any=bool(works))
    yield from _reach(told)


def _way(transport: str, code: str, candidates: dict[Candidate, bool], *, reaches_any: bool) -> Finding:
    mine = [one for one in candidates if one.transport == transport]
    good = [one for one in mine if candidates[one]]
    name = transport.upper()
    if good:
        return fine(code, f"Media over {name} work: {_list(good)} answered as a browser was promised.")
    if not mine:
        return warning(
            f"{code}.none",
            f"LiveKit offers no way over {name}.",
            "Set `rtc.udp_port` or a port range."
            if transport == "udp"
            else "Set `rtc.tcp_port: 7881` and open it: some networks let nothing else through.",
        )
    say = f"LiveKit offers media over {name} at {_list(mine)}, but nothing answers there."
    firewall = f"Open {name} there in every firewall on the way. " + _NAT
    return (warning if reaches_any else broken)(f"{code}.closed", say, firewall)


_NAT = (
    "If this machine is in the same network and its router does not let it reach its own public address, "
    "that cannot be known from here: look from outside."
)


def _reach(told: Signal) -> Iterator[Finding]:
    """Explain addresses that only this network knows, on a site that others shall use."""
    here_only = urlsplit(settings.BASE_URL).hostname in HERE
    relayed = any(told.turn.values())
    if not here_only and not relayed and all(one.is_private for one in told.candidates):
        yield warning(
            "media.private",
            f"LiveKit offers only addresses of its own network ({_list(list(told.candidates))}): whoever is "
            "elsewhere joins, and neither hears nor sees anybody.",
            "If people come from other networks, set `rtc.use_external_ip: true`, or `rtc.node_ip` to its "
            "public address, and forward its UDP and TCP ports.",
        )


def _relays(told: Signal) -> Iterator[Finding]:
    for url, grants in told.turn.items():
        if grants:
            yield fine("media.turn", f"The relay {url.partition('?')[0]} grants a way.")
        else:
            yield warning(
                "media.turn.refused",
                f"Browsers are told of the relay {url}, but it grants none.",
                "Look at `turn:` in LiveKit’s configuration: its domain, its certificate and its open port. "
                + _NAT,
            )
    if not told.turn:
        yield fine(
            "media.turn.none", "There is no relay (TURN); networks that let only https out cannot join."
        )
    if others := [url for url in told.stun if not _is_ours(url)]:
        yield warning(
            "media.third_party",
            f"Browsers ask servers of others for their address: {', '.join(others)}.",
            "Set `rtc.stun_servers` to one of your own, if nobody else shall know who calls.",
        )


def _is_ours(url: str) -> bool:
    host = url.partition(":")[2].rpartition(":")[0] or url.partition(":")[2]
    return not any(host.endswith(name) for name in ("google.com", "twilio.com", "livekit.cloud"))


def _list(candidates: list[Candidate]) -> str:
    return ", ".join(str(one).rpartition("/")[0] for one in candidates)


def _place(address: str) -> str:
    return urlsplit(address).netloc.rpartition("@")[2]
