"""Somebody who writes and reads as the pages do: an outbox, a socket that resumes, and a note of all of it.

It is stricter than a page: what comes twice, out of order or with a hole is a fault, which a page would
mend in silence.
"""

import asyncio
import contextlib
import json
import random
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import httpx
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidHandshake

from tests.faults.people import Person
from tests.faults.process import until

STREAM = "chat"
PAGE = 200
HEARTBEAT_SECONDS = 1.0
FINAL_CLOSES = {4401, 4403}
TRY_AGAIN = {429, 502, 503, 504}


class At(NamedTuple):
    """A moment of the log."""

    epoch: str
    offset: int


class Refused(Exception):
    """The server's last word."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code = status, code


@dataclass
class Chatter:
    """A person at a place where people write: `messages` is its path in the API."""

    person: Person
    ws: str
    messages: str
    origin: str = ""
    """The site's own, where the client reaches it by another way."""
    heartbeat: float = HEARTBEAT_SECONDS
    at: At | None = None
    view: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What this person's page shows, by the message's id, in the order in which it came."""
    acknowledged: dict[str, str] = field(default_factory=dict)
    """The texts of the messages that the server has taken, by id."""
    edits: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    closes: Counter[int] = field(default_factory=Counter)
    resumed: int = 0
    """How often it was given what it had missed."""
    recovered: int = 0
    """How many events it had missed by then."""
    resets: int = 0
    """How often it was told to load again though it had a position."""
    repeated: int = 0
    """How many messages the server had had already when they came again."""
    wire: ClientConnection | None = None
    _floor: int = 0
    _old_epochs: set[str] = field(default_factory=set)
    _writing: asyncio.Lock = field(default_factory=asyncio.Lock)

    # Reading ---------------------------------------------------------------

    @contextlib.asynccontextmanager
    async def present(self) -> AsyncIterator["Chatter"]:
        """Have the page open: from the first load until the end, through whatever happens."""
        staying = asyncio.create_task(self._stay())
        try:
            await until(lambda: self.at is not None or staying.done(), 30, f"{self.person.name} is in")
            yield self
        finally:
            staying.cancel()
            outcome = await asyncio.gather(staying, return_exceptions=True)
            if isinstance(outcome[0], Exception):
                raise outcome[0]

    @property
    def is_open(self) -> bool:
        return self.wire is not None and self.wire.close_code is None

    @property
    def is_in_a_channel(self) -> bool:
        return self.messages.startswith("channels/")

    def shown(self) -> list[tuple[str, str, bool]]:
        """What the page shows, in the server's order: id, text, and whether it is deleted."""
        ordered = sorted(self.view.values(), key=lambda message: message["offset"])
        return [(each["id"], each["text"], each["deleted_at"] is not None) for each in ordered]

    def of(self, name: str) -> list[str]:
        """The ids of what somebody has written, as this page shows them."""
        return [
            each["id"] for each in self.view.values() if (each["author"] or {}).get("display_name") == name
        ]

    async def _stay(self) -> None:
        while True:
            try:
                code = await self._visit()
            except (OSError, EOFError, TimeoutError, httpx.HTTPError, InvalidHandshake) as error:
                self.closes[0] += 1
                del error
            else:
                self.closes[code] += 1
                if code in FINAL_CLOSES:
                    return
            await asyncio.sleep(random.uniform(0.1, 0.6))  # noqa: S311 -- nothing secret

    async def _visit(self) -> int:
        """One socket, from its ticket to its end; returns the close code."""
        ticket = await self._ask("POST", "tickets/", {"path": self.person.path})
        wire = await connect(
            f"{self.ws}{self.person.path}",
            origin=self.origin or str(self.person.client.base_url).rstrip("/"),  # type: ignore[arg-type]
            compression=None,
            open_timeout=10,
            close_timeout=1,
            ping_interval=None,
            proxy=None,
        )
        hello: dict[str, Any] = {"type": "hello", "ticket": ticket["ticket"]}
        if self.at is not None:
            hello["positions"] = {STREAM: self.at._asdict()}
        frames: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        reading = asyncio.create_task(_read(wire, frames))
        beating = asyncio.create_task(self._beat(wire))
        try:
            self.wire = wire
            await wire.send(json.dumps(hello))
            while (frame := await frames.get()) is not None:
                await self._take(frame)
        finally:
            for task in (reading, beating):
                task.cancel()
            await asyncio.gather(reading, beating, return_exceptions=True)
            await wire.close()
        return wire.close_code or 1006

    async def _beat(self, wire: ClientConnection) -> None:
        while True:
            await asyncio.sleep(self.heartbeat)
            await wire.send('{"type": "heartbeat"}')

    async def _take(self, frame: dict[str, Any]) -> None:
        if frame.get("stream") == STREAM:
            await self._take_logged(frame)
        elif frame["event"] == "hello":
            await self._take_hello(At(**_position(frame)), frame["payload"]["positions"][STREAM]["recovered"])
        elif frame["event"] == "heartbeat":
            await self._compare(At(**_position(frame)))
        elif frame["event"] == "stream.reset" and frame["payload"]["stream"] == STREAM:
            self.resets += 1
            await self.load()

    async def _take_hello(self, top: At, was_recovered: bool) -> None:
        if not was_recovered:
            self.resets += self.at is not None
            await self.load()
            return
        assert self.at is not None
        self.resumed += 1
        if top.epoch != self.at.epoch:
            self.faults.append(f"recovered over epochs: {self.at} to {top}")
        self.recovered += top.offset - self.at.offset

    async def _compare(self, top: At) -> None:
        """A heartbeat tells where the log is; who has seen less has missed its last push."""
        assert self.at is not None
        assert self.wire is not None
        if top.epoch in self._old_epochs or (top.epoch == self.at.epoch and top.offset <= self.at.offset):
            return
        self.faults.append(f"a heartbeat told of {top}, and {self.at} had come")
        await self.wire.close()

    async def _take_logged(self, frame: dict[str, Any]) -> None:
        came = At(frame["epoch"], frame["offset"])
        if self.at is None:
            self.faults.append(f"{came} before the hello")
            return
        if came.epoch != self.at.epoch:
            if came.epoch not in self._old_epochs:
                self.faults.append(f"{came} after {self.at}, and nobody said so")
            return
        if came.offset <= self._floor:  # it was in what was loaded
            return
        if came.offset != self.at.offset + 1:
            self.faults.append(f"{came.offset} came after {self.at.offset}")
        self.at = max(self.at, came)
        self._apply(frame["event"], frame["payload"], came.offset)

    def _apply(self, event: str, payload: dict[str, Any], offset: int) -> None:
        if event == "message.created":
            if payload["id"] in self.view:
                self.faults.append(f"{payload['text']!r} was shown already")
            if payload["offset"] != offset:
                self.faults.append(f"{payload['text']!r} came as {offset} and says {payload['offset']}")
            self.view[payload["id"]] = payload
        elif event == "message.changed":
            if payload["id"] not in self.view:
                self.faults.append(f"{payload['text']!r} was changed and never shown")
            self.view[payload["id"]] = payload
        elif event == "message.deleted":
            self.view[payload["id"]] |= {"text": "", "deleted_at": payload["deleted_at"]}

    async def load(self) -> None:
        """Load everything by HTTP, as a page does that cannot resume; what is live waits meanwhile."""
        first, found = await self.history()
        if self.at is not None and self.at.epoch != first.epoch:
            self._old_epochs.add(self.at.epoch)
        self.at, self._floor = first, first.offset
        self.view = {message["id"]: message for message in found}

    async def history(self) -> tuple[At, list[dict[str, Any]]]:
        """Where the log is, and every message, oldest first."""
        page = await self._ask("GET", f"{self.messages}?limit={PAGE}")
        top, found = At(page["epoch"], page["offset"]), list(page["results"])
        while page["has_before"]:
            page = await self._ask("GET", f"{self.messages}?limit={PAGE}&before={found[0]['offset']}")
            if page["epoch"] != top.epoch:
                return await self.history()
            found = [*page["results"], *found]
        return top, found

    # Writing ---------------------------------------------------------------

    async def write(self, text: str, **fields: Any) -> str:
        """Send a message until it is acknowledged, always as the same one; returns its id."""
        body = {"client_id": str(uuid.uuid4()), "text": text, **fields}
        async with self._writing:  # one after the other, as they were written
            sent, repeated = await self._insist("POST", self.messages, body)
        self.repeated += repeated
        self.acknowledged[sent["id"]] = text
        return str(sent["id"])

    async def edit(self, message: str, text: str) -> None:
        await self._insist("PATCH", f"{self.messages}{message}/", {"text": text})
        self.acknowledged[message] = text

    async def delete(self, message: str) -> None:
        await self._insist("DELETE", f"{self.messages}{message}/")
        self.acknowledged[message] = ""

    async def write_until(self, over: asyncio.Event, pause: float = 0.05) -> None:
        """Write one numbered message after the other."""
        number = 0
        while not over.is_set():
            number += 1
            await self.write(f"{self.person.name} {number}")
            await asyncio.sleep(pause)

    async def _ask(self, method: str, path: str, body: Any = None) -> Any:
        answer, _repeated = await self._insist(method, path, body)
        return answer

    async def _insist(self, method: str, path: str, body: Any = None) -> tuple[Any, bool]:
        """Ask until there is an answer; returns it, and whether it was 200 where 201 is usual."""
        while True:
            try:
                answer = await self.person.send(method, path, body)
            except httpx.HTTPError:
                await asyncio.sleep(0.1)
                continue
            if answer.status_code in TRY_AGAIN:
                asked = float(answer.headers.get("retry-after", 0.2))
                await asyncio.sleep(min(asked, 1.0))
                continue
            if answer.is_success:
                content = answer.json() if answer.content else None
                return content, method == "POST" and answer.status_code == 200
            raise Refused(answer.status_code, _code(answer))


def _position(frame: dict[str, Any]) -> dict[str, Any]:
    told = frame["payload"]["positions"][STREAM]
    return {"epoch": told["epoch"], "offset": told["offset"]}


def _code(answer: httpx.Response) -> str:
    with contextlib.suppress(ValueError, KeyError):
        return str(answer.json()["code"])
    return answer.text[:200]


async def _read(wire: ClientConnection, frames: asyncio.Queue[dict[str, Any] | None]) -> None:
    try:
        async for text in wire:
            frames.put_nowait(json.loads(text))
    finally:
        frames.put_nowait(None)


async def agree(chatters: list[Chatter], seconds: float = 30) -> None:
    """Everybody comes to show the same: what the store has, which is what was acknowledged."""
    top, kept = await chatters[0].history()
    wanted = [(each["id"], each["text"], each["deleted_at"] is not None) for each in kept]

    def all_are_there() -> bool:
        return all(chatter.at == top and chatter.shown() == wanted for chatter in chatters)

    told = {each.person.name: (each.at, len(each.view), each.faults[:3], each.closes) for each in chatters}
    await until(all_are_there, seconds, f"everybody shows all {len(wanted)} up to {top}: {told}")
    assert [chatter.faults for chatter in chatters] == [[] for _chatter in chatters]
    texts = [text for _id, text, is_deleted in wanted if not is_deleted]
    assert len(texts) == len(set(texts)), "shown twice"


def written(chatters: list[Chatter]) -> dict[str, str]:
    """All messages that were acknowledged, by id, with their last text."""
    return {message: text for chatter in chatters for message, text in chatter.acknowledged.items()}


def nothing_is_lost(chatters: list[Chatter]) -> None:
    """Acknowledged == shown, in everybody's own order; call it after `agree`."""
    shown = {message: text for message, text, _is_deleted in chatters[0].shown()}
    assert shown == written(chatters)
    for chatter in chatters:
        own = [message for message, _text, _deleted in chatters[0].shown() if message in chatter.acknowledged]
        assert own == list(chatter.acknowledged), f"{chatter.person.name}'s are in another order"
