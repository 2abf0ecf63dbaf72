"""Streams: every event of a log reaches every socket once, in order, whatever Redis loses."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
import redis
from asgiref.sync import sync_to_async
from django_redis import get_redis_connection

from nonza.realtime import feeds, frame_of, rooms, streams
from nonza.realtime import hub as hubs
from nonza.realtime.hub import Hub
from nonza.realtime.streams import register
from tests.nonza.logs import FIRST, LATER, Log
from tests.nonza.wires import GROUP, SECONDS, Listener, Wire, say

OpenAt = Callable[..., Awaitable[Wire]]


class Follower(Listener):
    """A socket that carries the stream of a test."""

    audience = "test"
    audience_key = uuid4()


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    monkeypatch.setattr(streams, "_readers", {})
    for module in (feeds, hubs):  # this log asks no database, and these tests may not
        monkeypatch.setattr(module, "in_database", lambda work: partial(asyncio.to_thread, work))
    log = Log()
    register(audience="test", name="chat", reader=log)
    yield log
    if log.gate is not None:
        log.gate.set()


@pytest.fixture
async def open_at(hub: Hub, log: Log) -> AsyncIterator[OpenAt]:
    """Open a socket that is so far; `None` has seen nothing."""
    wires: list[Wire] = []

    async def open_at(offset: Any, epoch: str = FIRST) -> Wire:
        wire = Wire(Follower())
        wires.append(wire)
        assert (await wire.sent.get())["type"] == "websocket.accept"
        positions = {} if offset is None else {"positions": {"chat": {"epoch": epoch, "offset": offset}}}
        wire.says({"type": "hello", "ticket": f"seat{len(wires)}", **positions})
        return wire

    yield open_at
    for wire in wires:
        wire.goes()
        await wire.task


async def hello_of(wire: Wire) -> dict[str, Any]:
    frame = await wire.gets()
    assert frame["event"] == "hello"
    return dict(frame["payload"]["positions"]["chat"])


async def numbers_of(wire: Wire, count: int) -> list[int]:
    """Return the offsets of the next events; each says at which it was written."""
    found = []
    for _count in range(count):
        frame = await wire.gets()
        assert (frame["stream"], frame["event"]) == ("chat", "x.said"), frame
        assert frame["payload"] == {"number": frame["offset"]}
        found.append(frame["offset"])
    return found


async def in_thread(action: Callable[..., Any], *values: Any, **options: Any) -> Any:
    return await sync_to_async(action)(*values, **options)


async def write(log: Log, count: int = 1) -> None:
    for _count in range(count):
        await in_thread(log.append, pushed_to=GROUP)


async def test_event_says_where_it_stands(open_at: OpenAt, log: Log) -> None:
    wire = await open_at(None)
    assert await hello_of(wire) == {"epoch": FIRST, "offset": 0, "recovered": False}
    await write(log)
    expected = {"stream": "chat", "epoch": FIRST, "offset": 1, "event": "x.said", "payload": {"number": 1}}
    assert await wire.gets() == expected


async def test_what_was_missed_comes_first_and_once(open_at: OpenAt, log: Log) -> None:
    for _count in range(5):
        log.append()
    wire = await open_at(2)
    assert await hello_of(wire) == {"epoch": FIRST, "offset": 5, "recovered": True}
    await write(log, 2)
    assert await numbers_of(wire, 5) == [3, 4, 5, 6, 7]


async def test_who_missed_nothing_is_told_so(open_at: OpenAt, log: Log) -> None:
    log.append()
    wire = await open_at(1)
    assert await hello_of(wire) == {"epoch": FIRST, "offset": 1, "recovered": True}
    await write(log)
    assert await numbers_of(wire, 1) == [2]


@pytest.mark.parametrize(
    ("position", "epoch"),
    [(3, LATER), (9, FIRST), (1, FIRST)],
    ids=["another epoch", "beyond", "kept no more"],
)
async def test_who_cannot_be_told_what_they_missed_loads(
    open_at: OpenAt, log: Log, position: int, epoch: str
) -> None:
    log.forgotten = 2
    for _count in range(4):
        log.append()
    wire = await open_at(position, epoch)
    assert await hello_of(wire) == {"epoch": FIRST, "offset": 4, "recovered": False}
    await write(log)
    assert await numbers_of(wire, 1) == [5]


async def test_who_missed_too_much_loads(open_at: OpenAt, log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "RESUME_AT_MOST", 3)
    for _count in range(4):
        log.append()
    assert (await hello_of(await open_at(0)))["recovered"] is False
    assert (await hello_of(await open_at(1)))["recovered"] is True


@pytest.mark.parametrize(
    "positions",
    [7, [], {"chat": 7}, {"chat": {"epoch": 1, "offset": 1}}, {"chat": {"epoch": FIRST, "offset": -1}},
     {"chat": {"epoch": FIRST, "offset": True}}, {"chat": {"epoch": FIRST, "offset": 1 << 60}}],
)  # fmt: skip
async def test_position_that_makes_no_sense_is_none(hub: Hub, log: Log, positions: Any) -> None:
    log.append()
    wire = Wire(Follower())
    await wire.sent.get()
    wire.says({"type": "hello", "ticket": "dana", "positions": positions})
    assert await hello_of(wire) == {"epoch": FIRST, "offset": 1, "recovered": False}
    wire.goes()
    await wire.task


@pytest.fixture
def asking(monkeypatch: pytest.MonkeyPatch) -> asyncio.Semaphore:
    """Released whenever somebody has asked what they missed."""
    asking, catch_up = asyncio.Semaphore(0), feeds.Feed.catch_up

    async def catch_up_and_tell(feed: feeds.Feed, since: Any) -> Any:
        asking.release()
        return await catch_up(feed, since)

    monkeypatch.setattr(feeds.Feed, "catch_up", catch_up_and_tell)
    return asking


async def test_many_who_come_back_at_once_share_one_read(
    open_at: OpenAt, log: Log, asking: asyncio.Semaphore
) -> None:
    for _count in range(50):
        log.append()
    log.gate = threading.Event()
    wires = [await open_at(10) for _count in range(40)]
    async with asyncio.timeout(SECONDS):
        for _wire in wires:
            await asking.acquire()
    log.gate.set()
    for wire in [*wires, await open_at(10)]:  # the last one comes when the read has ended
        assert (await hello_of(wire))["recovered"]
        assert await numbers_of(wire, 40) == list(range(11, 51))
    assert len(log.reads) == 1
    await write(log)
    await hello_of(late := await open_at(10))
    assert await numbers_of(late, 41) == list(range(11, 52))


async def test_what_is_said_while_one_comes_back_is_neither_lost_nor_doubled(
    open_at: OpenAt, log: Log, asking: asyncio.Semaphore
) -> None:
    """The log is read before the others write, and answers after: the pushes fill the gap between."""
    stays = await open_at(None)
    await hello_of(stays)
    await asking.acquire()
    await write(log, 3)
    assert await numbers_of(stays, 3) == [1, 2, 3]
    log.gate = threading.Event()
    comes = await open_at(1)
    async with asyncio.timeout(SECONDS):
        while not log.reads:  # noqa: ASYNC110 -- a thread tells it
            await asyncio.sleep(0.001)
    log.append(pushed_to=GROUP)
    log.append(pushed_to=GROUP)
    assert await numbers_of(stays, 2) == [4, 5]
    late = await open_at(1)  # shares the read that knows nothing of 4 and 5, and did not hold them
    async with asyncio.timeout(SECONDS):
        for _wire in (comes, late):
            await asking.acquire()
    log.gate.set()
    for wire in (comes, late):
        await hello_of(wire)
        assert await numbers_of(wire, 4) == [2, 3, 4, 5]
    await write(log)
    for wire in (stays, comes, late):
        assert await numbers_of(wire, 1) == [6]


async def test_who_comes_within_a_tick_gets_nothing_twice(
    open_at: OpenAt, hub: Hub, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rooms, "TICK_SECONDS", 60)
    stays = await open_at(None)
    await hello_of(stays)
    await write(log, 2)
    assert await numbers_of(stays, 1) == [1]
    comes = await open_at(0)
    await hello_of(comes)
    assert await numbers_of(comes, 2) == [1, 2]
    assert await numbers_of(stays, 1) == [2]
    await write(log)
    async with asyncio.timeout(SECONDS):
        while not hub._rooms[GROUP]._waiting:  # noqa: ASYNC110 -- a list tells nobody
            await asyncio.sleep(0)
    hub._rooms[GROUP].flush()
    for wire in (stays, comes):
        assert await numbers_of(wire, 1) == [3]


async def test_push_that_is_slower_than_the_log_does_not_come_twice(
    open_at: OpenAt, hub: Hub, log: Log
) -> None:
    """Whoever comes reads an event whose push is still on its way to this process."""
    stays = await open_at(None)
    await hello_of(stays)
    await write(log)
    assert await numbers_of(stays, 1) == [1]
    log.append()
    comes, knows = await open_at(0), await open_at(2)
    for wire in (comes, knows):
        assert (await hello_of(wire))["recovered"]
    await in_thread(log.push, GROUP, 2)
    await write(log)
    assert await numbers_of(stays, 2) == [2, 3]
    assert await numbers_of(comes, 3) == [1, 2, 3]
    assert await numbers_of(knows, 1) == [3]


async def test_push_that_comes_again_is_forgotten(open_at: OpenAt, hub: Hub, log: Log) -> None:
    wire = await open_at(None)
    await hello_of(wire)
    await write(log, 2)
    for offset in (1, 2, 1):
        await in_thread(log.push, GROUP, offset)
    await write(log)
    assert await numbers_of(wire, 3) == [1, 2, 3]
    feed = hub._rooms[GROUP].feeds["chat"]
    assert (feed._ahead, feed._repairing) == ({}, None)


async def test_pushes_that_overtake_each_other_are_put_in_order(open_at: OpenAt, log: Log) -> None:
    wire = await open_at(None)
    await hello_of(wire)
    for _count in range(3):
        log.append()
    for offset in (3, 1, 2, 2, 1):
        await in_thread(log.push, GROUP, offset)
    assert await numbers_of(wire, 3) == [1, 2, 3]
    await write(log)
    assert await numbers_of(wire, 1) == [4]


async def test_push_that_was_lost_is_read_from_the_log(
    open_at: OpenAt, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "AGAIN_SECONDS", 0.01)
    wires = [await open_at(None) for _count in range(3)]
    for wire in wires:
        await hello_of(wire)
    await write(log)
    log.append()
    log.append()
    log.fails = 1
    await write(log)
    for wire in wires:
        assert await numbers_of(wire, 4) == [1, 2, 3, 4]
    assert len(log.reads) == 2  # the first one failed


async def test_last_push_that_was_lost_is_found_by_the_clock(
    open_at: OpenAt, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hubs, "TOPS_SECONDS", 0.05)
    wire = await open_at(None)
    await hello_of(wire)
    await write(log)
    log.append()
    assert await numbers_of(wire, 2) == [1, 2]


async def test_what_was_lost_with_redis_is_read_when_it_is_back(open_at: OpenAt, hub: Hub, log: Log) -> None:
    wire = await open_at(None)
    await hello_of(wire)
    await write(log)
    assert await numbers_of(wire, 1) == [1]
    log.append()
    kill = get_redis_connection("default").execute_command
    try:
        await sync_to_async(kill)("CLIENT", "KILL", "TYPE", "pubsub")
    except redis.ResponseError:
        pytest.skip("this stand-in for Redis cannot kill a client")
    assert (await wire.gets())["event"] == "resync"
    assert await numbers_of(wire, 1) == [2]
    await write(log)
    assert await numbers_of(wire, 1) == [3]


async def test_log_that_begins_anew_is_loaded_by_everybody(open_at: OpenAt, log: Log) -> None:
    wire = await open_at(None)
    await hello_of(wire)
    await write(log, 2)
    assert await numbers_of(wire, 2) == [1, 2]
    log.begin_anew()
    await write(log)
    assert await wire.gets() == {"event": "stream.reset", "payload": {"stream": "chat"}}
    await write(log)
    frame = await wire.gets()
    assert (frame["epoch"], frame["offset"]) == (LATER, 2)


async def test_log_that_has_forgotten_its_end_is_loaded_by_everybody(
    open_at: OpenAt, hub: Hub, log: Log
) -> None:
    wire = await open_at(None)
    await hello_of(wire)
    await write(log, 3)
    assert await numbers_of(wire, 3) == [1, 2, 3]
    del log.entries[1:]
    hub.check_tops()
    assert await wire.gets() == {"event": "stream.reset", "payload": {"stream": "chat"}}
    await write(log)
    assert await numbers_of(wire, 1) == [2]


async def test_first_word_of_an_empty_log_needs_no_loading(open_at: OpenAt, log: Log) -> None:
    """A store may give a log its epoch with its first event."""
    log.epoch = ""
    wire = await open_at(None)
    assert await hello_of(wire) == {"epoch": "", "offset": 0, "recovered": False}
    log.epoch = LATER
    await write(log)
    assert await numbers_of(wire, 1) == [1]


async def test_heartbeat_tells_how_far_the_page_should_be(open_at: OpenAt, log: Log) -> None:
    wire = await open_at(None)
    await hello_of(wire)
    await write(log)
    await numbers_of(wire, 1)
    wire.says({"type": "heartbeat"})
    positions = {"chat": {"epoch": FIRST, "offset": 1}}
    assert await wire.gets() == {"event": "heartbeat", "payload": {"positions": positions}}


async def test_push_that_makes_no_sense_stops_nothing(open_at: OpenAt, log: Log) -> None:
    wire = await open_at(None)
    await hello_of(wire)
    for text in ("log chat", "log chat e x {}", "log captions e 1 {}", "close now"):
        await say(GROUP, text)
    await say(GROUP, frame_of("x.plain", {}))
    assert (await wire.gets())["event"] == "x.plain"


async def test_word_to_one_person_does_not_overtake_what_all_were_told(
    open_at: OpenAt, hub: Hub, log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is said in a busy room waits for the end of a tick; what closes a socket does not."""
    monkeypatch.setattr(rooms, "TICK_SECONDS", 60)

    async def enter(follower: Follower, hello: dict[str, Any]) -> tuple[str, list[str], dict[str, Any]]:
        return "seat", [GROUP, "test:alone"], {}

    monkeypatch.setattr(Follower, "enter", enter)
    wire = await open_at(None)
    await hello_of(wire)
    await write(log, 3)
    assert await numbers_of(wire, 1) == [1]
    await say("test:alone", "close 4403")
    assert await numbers_of(wire, 2) == [2, 3]
    assert await wire.closes_with() == 4403
