"""Looks at what Nonza stands on: clocks, disk, and the address at which people come to it."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.http.request import validate_host
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.typing import Origin

from nonza.clocks import SKEW_SECONDS, clock_offsets
from nonza.doctor.registry import Finding, broken, check, fine, warning
from nonza.env import STATE
from nonza.realtime import SIGN_IN

MIB = 2**20
FULL_BYTES, LITTLE_BYTES = 64 * MIB, 1024 * MIB
PATIENCE = httpx.Timeout(6.0, connect=3.0)
SOCKET_SECONDS = 8
HERE = {"localhost", "127.0.0.1", "::1"}


@check("clock")
def look_at_clocks() -> Iterator[Finding]:
    """Compare the stores' clocks with this machine's."""
    offsets = clock_offsets()
    for name, offset in offsets.items():
        if finding := clock_finding(f"The clock of {_NAMES[name]}", offset):
            yield finding
    if all(abs(offset) <= SKEW_SECONDS for offset in offsets.values()):
        yield fine("clock", _agreement(offsets))


_NAMES = {"database": "the database’s machine", "redis": "Redis’ machine"}


def clock_finding(whose: str, offset: float) -> Finding | None:
    """Return what is wrong with a clock so far ahead of ours, if it is."""
    if abs(offset) <= SKEW_SECONDS:
        return None
    return broken(
        "clock_skew",
        f"{whose} is {abs(offset):.0f} s {'ahead of' if offset > 0 else 'behind'} this machine’s.",
        "Let both machines follow a time server (chrony, systemd-timesyncd): tokens go by the clock.",
    )


def _agreement(offsets: dict[str, float]) -> str:
    if not offsets:
        return "There is no other clock to compare this machine’s with."
    return f"The stores’ clocks agree with this machine’s to {max(map(abs, offsets.values())):.1f} s."


@check("disk")
def look_at_disk() -> Iterator[Finding]:
    """Look how much room is left where Nonza writes."""
    for folder in sorted(_folders()):
        free = shutil.disk_usage(folder).free
        if free < FULL_BYTES:
            yield broken(
                "disk.full",
                f"{free / MIB:.0f} MiB are free for {folder}: writing fails, or soon will.",
                "Make room there, or give it a larger disk.",
            )
        elif free < LITTLE_BYTES:
            yield warning(
                "disk.little", f"{free / MIB:.0f} MiB are free for {folder}.", "Make room there in good time."
            )
        else:
            yield fine("disk", f"{free / 2**30:.0f} GiB are free for {folder}.")
    if settings.DATABASES["default"].get("HOST"):
        yield fine("disk.database", "How full the database server’s disk is cannot be seen from here.")


def _folders() -> set[Path]:
    """Where Nonza writes: its state, and the database if that is a file."""
    folders = {STATE} if STATE.is_dir() else set()
    file = Path(str(settings.DATABASES["default"]["NAME"]))
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") and file.parent.is_dir():
        folders.add(file.resolve().parent)
    return folders


@check("address")
def look_at_address() -> Iterator[Finding]:
    """Look whether browsers can use the site at NONZA_BASE_URL."""
    host = urlsplit(settings.BASE_URL).hostname or ""
    if not validate_host(host, settings.ALLOWED_HOSTS):
        yield broken(
            "address.not_allowed",
            f"Nonza does not answer to {host}, the host of NONZA_BASE_URL.",
            "Add it to NONZA_ALLOWED_HOSTS, or leave that variable away.",
        )
    if settings.SECURE_SITE:
        yield fine("address", f"People come to {settings.BASE_URL}.")
    elif host in HERE:
        yield fine("address.local", f"People come to {settings.BASE_URL}: this machine alone can.")
    else:
        yield broken(
            "address.insecure",
            f"NONZA_BASE_URL is {settings.BASE_URL}: browsers give no camera and no sound on plain http.",
            "Put a proxy with TLS in front and set NONZA_BASE_URL to its https address.",
        )


@check("web")
def look_at_web() -> Iterator[Finding]:
    """Ask the site at its public address, as browsers do: pages, then sockets."""
    try:
        answer = httpx.get(f"{settings.BASE_URL}/healthz", timeout=PATIENCE, trust_env=False)
    except httpx.HTTPError as error:
        yield broken(
            "web.unreachable",
            f"Nothing answers at {settings.BASE_URL} from here: {error or type(error).__name__}.",
            "Start the web server, or mend NONZA_BASE_URL and its DNS entry. If a router is in between that "
            "does not let this machine reach its own public address, look from outside.",
        )
        return
    if answer.headers.get("content-type") != "application/json" or answer.json() != {"status": "ok"}:
        yield broken(
            "web.not_nonza",
            f"What answers at {settings.BASE_URL} (with {answer.status_code}) is not Nonza.",
            "Let the proxy pass everything to Nonza, with the Host header as it came.",
        )
        return
    yield fine("web", f"Nonza answers at {settings.BASE_URL}.")
    yield asyncio.run(_socket())


async def _socket() -> Finding:
    """Knock at a socket with a false ticket: only Nonza closes it with its own code."""
    address = f"{settings.BASE_URL.replace('http', 'ws', 1)}/ws/sessions/doctor/"
    fault = "closes at once"
    try:
        async with (
            asyncio.timeout(SOCKET_SECONDS),
            connect(address, proxy=None, origin=Origin(settings.BASE_URL)) as socket,
        ):
            await socket.send('{"type": "hello", "ticket": "none"}')
            await socket.recv()
    except ConnectionClosed as closed:
        if closed.rcvd is not None and closed.rcvd.code == SIGN_IN:
            return fine("web.sockets", "Its sockets open.")
    except InvalidStatus as refused:
        fault = f"is answered with {refused.response.status_code}"
    except (WebSocketException, OSError, TimeoutError) as error:
        fault = f"does not open ({type(error).__name__})"
    return broken(
        "web.no_sockets",
        f"The socket at {address} {fault}: nobody in a call hears who comes, goes or speaks.",
        "Let the proxy pass /ws/ to the ASGI server, with Upgrade and Connection headers.",
    )
