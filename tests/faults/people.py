"""People who use a running Nonza over its public ways: HTTP, tickets, sockets."""

import asyncio
import contextlib
import json
import secrets
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.faults.process import until

HEARTBEAT_SECONDS = 15


def new_client(base: str, *, seconds: float = 30) -> httpx.AsyncClient:
    """A client of one Nonza; many people may share its connections."""
    limits = httpx.Limits(max_connections=200, max_keepalive_connections=50)
    return httpx.AsyncClient(base_url=base, timeout=seconds, limits=limits, trust_env=False)


async def open_wire(
    person: "Person", ws: str, *, open_timeout: float, close_timeout: float
) -> tuple[ClientConnection, str]:
    """Connect to a person's socket without a hello; returns the wire and its origin."""
    origin = str(person.client.base_url).rstrip("/")
    wire = await connect(
        f"{ws}{person.path}",
        origin=origin,  # type: ignore[arg-type]
        compression=None,
        open_timeout=open_timeout,
        close_timeout=close_timeout,
        ping_interval=None,
        proxy=None,
    )
    return wire, origin


class Person:
    """A guest who holds the credential in memory, as an embed does: no cookie, no CSRF token."""

    def __init__(self, client: httpx.AsyncClient, name: str = "Dana") -> None:
        self.client = client
        self.name = name
        self.credential = ""
        self.place: dict[str, Any] = {}

    @property
    def id(self) -> str:
        """The id of this person's participant."""
        return str(self.place["participant"]["id"])

    @property
    def slug(self) -> str:
        return str(self.place["session"]["slug"])

    @property
    def path(self) -> str:
        """The address of this person's socket."""
        return f"/ws/sessions/{self.slug}/"

    async def send(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        if self.credential:
            headers["Authorization"] = f"Bearer {self.credential}"
        return await self.client.request(method, f"/api/v1/{path}", json=body, headers=headers)

    async def start(self, **fields: Any) -> str:
        """Start a session, answer its gate, and return its slug."""
        answer = await self.send("POST", "sessions/", self._gate() | fields)
        assert answer.status_code == 201, answer.text
        self._keep(answer)
        answer = await self.join(self.slug)
        assert answer.status_code == 200, answer.text
        return self.slug

    async def join(self, slug: str, *, key: str = "") -> httpx.Response:
        """Answer the gate; the same `key` (32 hexadecimal digits) gets the same place."""
        headers = {"Idempotency-Key": key or secrets.token_hex(16)}
        answer = await self.send("POST", f"sessions/{slug}/join/", self._gate(), **headers)
        if answer.status_code == 200:
            self._keep(answer)
        return answer

    async def leave(self) -> httpx.Response:
        return await self.send("POST", f"sessions/{self.slug}/leave/", {})

    async def token(self) -> httpx.Response:
        """Ask for a LiveKit token."""
        return await self.send("POST", f"sessions/{self.slug}/token/", {})

    async def look(self) -> httpx.Response:
        """Read the session, as a page does after a reconnect."""
        return await self.send("GET", f"sessions/{self.slug}/")

    async def people(self) -> list[dict[str, Any]]:
        """Everybody of the session."""
        answer = await self.send("GET", f"sessions/{self.slug}/participants/?limit=200")
        assert answer.status_code == 200, answer.text
        return list(answer.json()["results"])

    async def ticket(self) -> httpx.Response:
        return await self.send("POST", "tickets/", {"path": self.path})

    def _gate(self) -> dict[str, Any]:
        return {"display_name": self.name, "credential": "bearer"}

    def _keep(self, answer: httpx.Response) -> None:
        self.place = answer.json()
        self.credential = self.place["credential"] or self.credential


class PassersBy:
    """People who come into a host's session one after another; `joined` are the ids of who was let in."""

    def __init__(self, host: Person) -> None:
        self.host = host
        self.joined: list[str] = []

    async def come_in(self) -> httpx.Response:
        """Let the next one try."""
        person = Person(self.host.client, "Passer-by")
        answer = await person.join(self.host.slug)
        if answer.status_code == 200:
            self.joined.append(person.id)
        return answer


@dataclass
class Socket:
    """A person's socket, read all the time; it sends heartbeats by itself."""

    wire: ClientConnection
    origin: str
    frames: list[dict[str, Any]] = field(default_factory=list)
    close_code: int | None = None
    close_reason: str = ""
    _tasks: list[asyncio.Task[None]] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    async def open(cls, ws: str, person: Person, *, heartbeat: float = HEARTBEAT_SECONDS) -> "Socket":
        """Get a ticket, open the socket and wait for the answer to the hello.

        `ws` is the stack's address, or that of a proxy in front of it.
        """
        answer = await person.ticket()
        assert answer.status_code == 201, answer.text
        wire, origin = await open_wire(person, ws, open_timeout=30, close_timeout=2)
        socket = cls(wire, origin)
        await wire.send(json.dumps({"type": "hello", "ticket": answer.json()["ticket"]}))
        socket._tasks = [asyncio.create_task(socket._read())]
        await socket.hears("hello")
        socket._tasks.append(asyncio.create_task(socket._keep_alive(heartbeat)))
        return socket

    @property
    def is_open(self) -> bool:
        return self.close_code is None

    def heard(self, event: str) -> list[Any]:
        """The payloads of all frames of one event."""
        return [frame["payload"] for frame in self.frames if frame["event"] == event]

    async def hears(self, event: str, times: int = 1, seconds: float = 30) -> Any:
        """Wait until an event has come so many times; returns the last payload."""
        async with asyncio.timeout(seconds):
            while len(self.heard(event)) < times:
                assert self.is_open, f"closed with {self.close_code} before {event}"
                self._news.clear()
                await self._news.wait()
        return self.heard(event)[times - 1]

    async def closes(self, seconds: float = 60) -> int:
        """Wait for the end; returns the close code."""
        async with asyncio.timeout(seconds):
            while self.close_code is None:
                self._news.clear()
                await self._news.wait()
        return self.close_code

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        with contextlib.suppress(OSError, TimeoutError):
            await self.wire.close()

    def beat(self) -> Awaitable[None]:
        """Send one heartbeat now."""
        return self.wire.send('{"type": "heartbeat"}')

    async def _read(self) -> None:
        try:
            async for text in self.wire:
                self.frames.append(json.loads(text))
                self._news.set()
        except ConnectionClosed:
            pass
        finally:
            self.close_code = self.wire.close_code or 1006
            self.close_reason = self.wire.close_reason or ""
            self._news.set()

    async def _keep_alive(self, seconds: float) -> None:
        with contextlib.suppress(ConnectionClosed):
            while True:
                await asyncio.sleep(seconds)
                await self.beat()


@dataclass
class Answer:
    """One answer of a steady load."""

    at: float
    seconds: float
    status: int
    """The HTTP status, or 0 where the connection itself failed."""
    kind: str = ""
    """The content type, or the name of the connection's fault."""
    retry_after: str = ""


@dataclass
class Load:
    """Requests at a steady rate (open loop: a slow answer delays no other request)."""

    ask: Callable[[], Awaitable[httpx.Response]]
    per_second: float
    answers: list[Answer] = field(default_factory=list)

    def since(self, moment: float) -> list[Answer]:
        """Answers to what was asked after a moment of `time.monotonic`."""
        return [answer for answer in self.answers if answer.at >= moment]

    def statuses(self, since: float = 0.0) -> Counter[int]:
        return Counter(answer.status for answer in self.since(since))

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["Load"]:
        asked: set[asyncio.Task[None]] = set()

        async def go_on() -> None:
            while True:
                task = asyncio.create_task(self._ask_once())
                asked.add(task)
                task.add_done_callback(asked.discard)
                await asyncio.sleep(1 / self.per_second)

        driver = asyncio.create_task(go_on())
        try:
            yield self
        finally:
            driver.cancel()
            await asyncio.gather(driver, *asked, return_exceptions=True)

    async def count(self, more: int, seconds: float = 60) -> None:
        """Wait for so many more answers."""
        wanted = len(self.answers) + more
        await until(lambda: len(self.answers) >= wanted, seconds, f"{more} more answers")

    async def _ask_once(self) -> None:
        began = time.monotonic()
        try:
            answer = await self.ask()
        except httpx.HTTPError as error:
            self.answers.append(Answer(began, time.monotonic() - began, 0, type(error).__name__))
            return
        kind = answer.headers.get("content-type", "").split(";")[0]
        hint = answer.headers.get("retry-after", "")
        self.answers.append(Answer(began, time.monotonic() - began, answer.status_code, kind, hint))


def percentile(seconds: list[float], share: float) -> float:
    """The time within which a share of all answers came."""
    ordered = sorted(seconds)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]
