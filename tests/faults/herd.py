"""Many sockets that are dropped at once and come back as the pages do."""

import asyncio
import contextlib
import json
import random
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
from websockets.exceptions import ConnectionClosed, InvalidHandshake

from tests.faults.people import Person, Socket, new_client, open_wire
from tests.faults.stack import Stack

LEAST_SECONDS, MOST_SECONDS = 0.5, 20.0  # frontend/src/api/backoff.ts
TICKET_KEPT = 20.0  # frontend/src/api/socket.ts


@dataclass
class Member:
    """One page: it opens its socket, and comes back with full jitter when that is lost."""

    person: Person
    ws: str
    reloads: bool = False
    """Whether it loads its session and the people again, as a page does."""
    jitter: bool = True
    socket: Socket | None = None
    sheds: Counter[str] = field(default_factory=Counter)
    """How often it was asked to come back later, and by what."""
    faults: Counter[str] = field(default_factory=Counter)
    """What it met that is no way to say that."""
    attempt: int = 0
    asked_to_wait: float = 0.0
    ticket: str = ""
    """One whose socket never opened; the pages keep it too."""
    ticket_at: float = 0.0

    async def come_back(self) -> None:
        """Try until the hello is answered."""
        while True:
            limit = min(MOST_SECONDS, LEAST_SECONDS * 2 ** min(self.attempt + 1, 16))
            wait = random.uniform(LEAST_SECONDS, limit)  # noqa: S311 -- nothing secret
            self.attempt += 1
            await asyncio.sleep(max(wait if self.jitter else 0.05, self.asked_to_wait))
            if await self.try_once():
                self.attempt = 0
                return

    async def try_once(self) -> bool:
        self.asked_to_wait = 0.0
        if not self.ticket or time.monotonic() - self.ticket_at > TICKET_KEPT:
            try:
                answer = await self.person.ticket()
            except httpx.HTTPError as error:
                self.faults[type(error).__name__] += 1
                return False
            if answer.status_code != 201:
                self._note(answer.status_code, float(answer.headers.get("retry-after", 0)))
                return False
            self.ticket, self.ticket_at = answer.json()["ticket"], time.monotonic()
        return await self._open(self.ticket) and (not self.reloads or await self._reload())

    async def close(self) -> None:
        if self.socket is not None:
            await self.socket.close()

    async def _open(self, ticket: str) -> bool:
        try:
            wire, origin = await open_wire(self.person, self.ws, open_timeout=10, close_timeout=1)
        except InvalidHandshake as error:
            response = getattr(error, "response", None)
            status = response.status_code if response else 0
            self._note(status, float(response.headers.get("retry-after", 0)) if response else 0)
            return False
        except (OSError, EOFError) as error:
            self.faults[type(error).__name__] += 1
            return False
        self.socket, self.ticket = Socket(wire, origin), ""
        try:
            await wire.send(json.dumps({"type": "hello", "ticket": ticket}))
            async with asyncio.timeout(10):
                while json.loads(await wire.recv())["event"] != "hello":
                    pass
        except (ConnectionClosed, TimeoutError):
            return self._after_close(wire.close_code, wire.close_reason or "")
        self.socket._tasks = [
            asyncio.create_task(self.socket._read()),
            asyncio.create_task(self.socket._keep_alive(15)),
        ]
        return True

    def _after_close(self, code: int | None, reason: str) -> bool:
        if code == 4412:
            self.sheds["4412"] += 1
            with contextlib.suppress(ValueError, KeyError, TypeError):
                self.asked_to_wait = float(json.loads(reason)["retry_after"])
        else:
            self.faults[f"closed {code}"] += 1
        return False

    async def _reload(self) -> bool:
        for answer in (await self.person.look(), await self.person.send("GET", self._people())):
            if answer.status_code != 200:
                self._note(answer.status_code, float(answer.headers.get("retry-after", 0)))
                return False
        return True

    def _people(self) -> str:
        return f"sessions/{self.person.slug}/participants/?limit=50"

    def _note(self, status: int, hint: float) -> None:
        if status == 503 and hint:
            self.sheds["503"] += 1
            self.asked_to_wait = hint
        else:
            self.faults[f"HTTP {status}"] += 1


@dataclass
class Herd:
    """People in sessions of ten, each with an open socket."""

    members: list[Member]
    client: httpx.AsyncClient

    def sheds(self) -> Counter[str]:
        return sum((member.sheds for member in self.members), Counter())

    def faults(self) -> Counter[str]:
        return sum((member.faults for member in self.members), Counter())

    async def return_after_loss(self) -> list[float]:
        """Wait until each socket has gone, let everybody come back; returns each one's seconds."""
        began = time.monotonic()

        async def come_back(member: Member) -> float:
            assert member.socket is not None
            await member.socket.closes()
            await member.socket.close()
            await member.come_back()
            return time.monotonic() - began

        return await asyncio.gather(*[come_back(member) for member in self.members])

    async def close(self) -> None:
        await asyncio.gather(*[member.close() for member in self.members])
        await self.client.aclose()


@contextlib.asynccontextmanager
async def herd_of(stack: Stack, size: int, *, reloads: bool = False) -> AsyncIterator[Herd]:
    """Let `size` people join, ten in a session, and open their sockets."""
    herd, pace = Herd([], new_client(stack.http)), asyncio.Semaphore(20)
    try:
        hosts = [Person(herd.client, "Marta") for _session in range(0, size, 10)]
        slugs = [slug for host in hosts for slug in [await host.start()] * 10]
        people = [
            host if number == 0 else Person(herd.client, "Dana") for host in hosts for number in range(10)
        ]
        herd.members += [Member(person, stack.ws, reloads) for person in people]
        await asyncio.gather(
            *[_arrive(member, slug, pace) for member, slug in zip(herd.members, slugs, strict=True)]
        )
        yield herd
    finally:
        await herd.close()


async def _arrive(member: Member, slug: str, pace: asyncio.Semaphore) -> None:
    async with pace:
        await come_in(member.person, slug)
        if not await member.try_once():
            await member.come_back()
    member.sheds.clear()
    member.faults.clear()


async def come_in(person: Person, slug: str) -> None:
    """Join, and wait as long as a busy server asks for."""
    answer = await person.join(slug)
    while answer.status_code == 503:
        await asyncio.sleep(answer.json()["retry_after"])
        answer = await person.join(slug)
    assert answer.status_code == 200, answer.text
