"""Pushes: delivered in order, bounded for each socket, never before the commit."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import orjson
import pytest
import redis
from asgiref.sync import sync_to_async
from django.db import OperationalError
from django_redis import get_redis_connection

from nonza import realtime
from nonza.errors import CredentialRequired, NonzaError, NotAllowed
from nonza.realtime import (
    QUEUE_BYTES,
    QUEUE_EVENTS,
    Hub,
    PushConsumer,
    current_hub,
    publish,
)

GROUP = "test:group"
SECONDS = 10
say = sync_to_async(publish)


class Listener(PushConsumer):
    """A socket that hears one group."""

    kind = "test"
    refusal: NonzaError | None = None
    stays = True

    async def enter(self, hello: dict[str, Any]) -> tuple[str, list[str], dict[str, Any]]:
        if self.refusal:
            raise self.refusal
        return f"seat {hello['ticket']}", [GROUP], {"you": hello["ticket"]}

    async def may_stay(self) -> bool:
        return self.stays

    def client_prefix(self) -> str:
        return "203.0.113.1"


class Member(Listener):
    """A member of groups without a wire: it keeps what the hub gives it."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[str] = []
        self.closed: list[int] = []
        self._news = asyncio.Event()

    def deliver(self, frame: str) -> None:
        self.heard.append(frame)
        self._news.set()

    def close_soon(self, code: int) -> None:
        self.closed.append(code)
        self._news.set()

    async def until(self, is_so: Callable[[], bool]) -> None:
        async with asyncio.timeout(SECONDS):
            while not is_so():
                self._news.clear()
                await self._news.wait()


class Wire:
    """The server's side of one socket: what a browser sends and gets; it can stop reading."""

    def __init__(self, consumer: PushConsumer) -> None:
        self.consumer = consumer
        self.sent: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.reads = asyncio.Event()
        self.reads.set()
        self.writes = asyncio.Event()
        self.breaks = False
        self._incoming: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._incoming.put_nowait({"type": "websocket.connect"})
        self.task = asyncio.create_task(consumer({}, self._incoming.get, self._send))  # type: ignore[call-arg]

    async def _send(self, message: dict[str, Any]) -> None:
        self.writes.set()
        if self.breaks:
            raise OSError
        await self.reads.wait()
        self.sent.put_nowait(message)

    def says(self, frame: Any) -> None:
        text = frame if isinstance(frame, str) else orjson.dumps(frame).decode()
        self._incoming.put_nowait({"type": "websocket.receive", "text": text})

    def goes(self) -> None:
        self._incoming.put_nowait({"type": "websocket.disconnect", "code": 1001})

    async def gets(self) -> dict[str, Any]:
        async with asyncio.timeout(SECONDS):
            message = await self.sent.get()
        assert message["type"] == "websocket.send", message
        return dict(orjson.loads(message["text"]))

    async def closes_with(self) -> int:
        async with asyncio.timeout(SECONDS):
            while (message := await self.sent.get())["type"] != "websocket.close":
                pass
            await self.task
        return int(message["code"])


@pytest.fixture
async def hub() -> AsyncIterator[Hub]:
    hub = current_hub()
    yield hub
    if hub._reader:
        hub._reader.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await hub._reader
    await hub._pubsub.aclose()  # type: ignore[no-untyped-call]
    await hub.redis.aclose()


@pytest.fixture
async def opened(hub: Hub) -> AsyncIterator[Callable[..., Awaitable[Wire]]]:
    """Open sockets; they are closed at the end."""
    wires: list[Wire] = []

    async def open_wire(consumer: PushConsumer | None = None, ticket: str = "dana") -> Wire:
        wire = Wire(consumer or Listener())
        wires.append(wire)
        async with asyncio.timeout(SECONDS):
            assert (await wire.sent.get())["type"] == "websocket.accept"
        wire.says({"type": "hello", "ticket": ticket})
        return wire

    yield open_wire
    for wire in wires:
        wire.reads.set()
        wire.goes()
        await wire.task


@pytest.fixture
def break_reader(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Awaitable[None]]:
    """Make the hub's next reading fail in a way that redis-py does not announce."""
    read = type(hub._pubsub).get_message

    async def break_it() -> None:
        faults = [RuntimeError("pubsub connection not set")]

        async def fail_once(pubsub: Any, **options: float) -> Any:
            if faults:
                raise faults.pop()
            return await read(pubsub, **options)

        monkeypatch.setattr(type(hub._pubsub), "get_message", fail_once)
        await say(GROUP, "wakes the reader")

    return break_it


Open = Callable[..., Awaitable[Wire]]


# One socket ---------------------------------------------------------------


async def test_hello_is_answered_before_anything_else(opened: Open) -> None:
    wire = await opened()
    expected = {"you": "dana", "heartbeat_seconds": realtime.HEARTBEAT_SECONDS}
    assert await wire.gets() == {"event": "hello", "payload": expected}


async def test_what_is_published_arrives_as_it_was_said(opened: Open) -> None:
    wire = await opened()
    await wire.gets()
    await say(GROUP, '{"event":"x","payload":{"name":"Дана 👩"}}')
    assert await wire.gets() == {"event": "x", "payload": {"name": "Дана 👩"}}


@pytest.mark.parametrize(
    ("frame", "count"),
    [("x" * 10, QUEUE_EVENTS + 1), ("x" * (QUEUE_BYTES // 8), 9)],
    ids=["too many events", "too many bytes"],
)
async def test_slow_reader_is_given_up_and_costs_no_memory(opened: Open, frame: str, count: int) -> None:
    wire = await opened()
    await wire.gets()
    wire.reads.clear()
    wire.writes.clear()
    wire.consumer.deliver("first")  # the writer waits with this one
    await wire.writes.wait()
    for _count in range(count):
        wire.consumer.deliver(frame)
    assert not wire.consumer._queue
    wire.consumer.deliver(frame)
    assert not wire.consumer._queue
    wire.reads.set()
    assert await wire.closes_with() == 4408


@pytest.mark.parametrize(
    ("frame", "count"), [("x" * 10, QUEUE_EVENTS), ("x" * (QUEUE_BYTES // 8), 8)], ids=["events", "bytes"]
)
async def test_reader_who_stops_for_a_moment_loses_nothing(opened: Open, frame: str, count: int) -> None:
    wire = await opened()
    await wire.gets()
    wire.reads.clear()
    for _count in range(count):
        wire.consumer.deliver(frame)
    wire.reads.set()
    async with asyncio.timeout(SECONDS):
        received = [(await wire.sent.get())["text"] for _count in range(count)]
    assert received == [frame] * count
    wire.consumer.deliver('{"event":"after"}')
    assert await wire.gets() == {"event": "after"}


async def test_what_was_said_before_the_close_is_still_sent(opened: Open) -> None:
    wire = await opened()
    await wire.gets()
    await say(GROUP, '{"event":"session.ended"}')
    await say(GROUP, "close 4403")
    await say(GROUP, '{"event":"too late"}')
    assert await wire.gets() == {"event": "session.ended"}
    assert (await wire.sent.get()) == {"type": "websocket.close", "code": 4403}
    await wire.task


@pytest.mark.parametrize(("refusal", "code"), [(CredentialRequired(), 4401), (NotAllowed(), 4403)])
async def test_refusal_at_the_door_closes(opened: Open, refusal: NonzaError, code: int) -> None:
    listener = Listener()
    listener.refusal = refusal
    assert await (await opened(listener)).closes_with() == code


async def test_socket_without_a_hello_closes(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(realtime, "HELLO_SECONDS", 0.01)
    assert await Wire(Listener()).closes_with() == 4401


async def test_silent_socket_closes(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(realtime, "SILENCE_SECONDS", 0.01)
    assert await (await opened()).closes_with() == 4412


async def test_right_that_was_lost_unheard_is_found_by_the_clock(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(realtime, "RECHECK_SECONDS", 0.01)
    listener = Listener()
    listener.stays = False
    assert await (await opened(listener)).closes_with() == 4403


async def test_flood_of_frames_closes(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(realtime, "FRAMES_A_SECOND", 0)  # however slowly they come here
    wire = await opened()
    for _count in range(realtime.FRAMES_AT_ONCE + 5):
        wire.says({"type": "heartbeat"})
    assert await wire.closes_with() == 4403


async def test_fourth_socket_of_one_seat_is_refused_until_one_goes(opened: Open) -> None:
    wires = [await opened() for _count in range(3)]
    for wire in wires:
        await wire.gets()
    assert await (await opened()).closes_with() == 4412
    other = await opened(ticket="ilya")
    await other.gets()
    wires[0].goes()
    await wires[0].task
    await (await opened()).gets()


async def test_socket_comes_back_later_while_redis_is_away(
    opened: Open, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    nowhere = redis.asyncio.Redis.from_url("redis://127.0.0.1:1")
    monkeypatch.setattr(hub, "redis", nowhere)
    assert await (await opened()).closes_with() == 4412
    await nowhere.aclose()
    monkeypatch.undo()


async def test_socket_comes_back_later_while_the_database_is_away(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_listener: Listener, *_arguments: object) -> None:
        raise OperationalError

    for place in ("may_stay", "heartbeat", "enter"):
        with monkeypatch.context() as patch:
            patch.setattr(Listener, place, fail)
            patch.setattr(realtime, "RECHECK_SECONDS", 0.01 if place == "may_stay" else 60)
            wire = await opened()
            wire.says({"type": "heartbeat"})
            assert await wire.closes_with() == 4412


async def test_socket_that_is_cut_while_it_is_written_to_ends_quietly(opened: Open) -> None:
    wire = await opened()
    await wire.gets()
    wire.breaks = True
    await say(GROUP, "nobody reads this")
    async with asyncio.timeout(SECONDS):
        await wire.task


async def test_socket_that_reads_nothing_any_more_holds_nobody_up(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(realtime, "CLOSE_SECONDS", 0.01)
    monkeypatch.setattr(realtime, "SILENCE_SECONDS", 0.1)
    wire = await opened()
    await wire.gets()
    wire.reads.clear()
    async with asyncio.timeout(SECONDS):
        await wire.task


# The hub ------------------------------------------------------------------


async def test_many_members_hear_everything_in_order(hub: Hub) -> None:
    members = [Member() for _count in range(40)]
    for member in members:
        await hub.join(GROUP, member)
    frames = [f"frame {number}" for number in range(400)]
    for frame in frames:
        await say(GROUP, frame)
    for member in members:
        await member.until(lambda heard=member.heard: len(heard) == len(frames))
        assert member.heard == frames


async def test_group_is_subscribed_to_once_however_many_listen(hub: Hub) -> None:
    members = [Member() for _count in range(5)]
    await asyncio.gather(*(hub.join(GROUP, member) for member in members))
    assert await _subscribers() == 1
    for member in members[1:]:
        await hub.leave(GROUP, member)
    assert await _subscribers() == 1
    await hub.leave(GROUP, members[0])
    async with asyncio.timeout(SECONDS):
        while await _subscribers():  # noqa: ASYNC110 -- Redis tells nobody that it has taken note
            await asyncio.sleep(0)


async def test_groups_do_not_hear_each_other(hub: Hub) -> None:
    here, there = Member(), Member()
    await hub.join(GROUP, here)
    await hub.join("test:other", there)
    await say(GROUP, "for here")
    await say("test:other", "for there")
    await here.until(lambda: here.heard == ["for here"])
    await there.until(lambda: there.heard == ["for there"])


async def test_member_that_left_hears_no_more_and_comes_back(hub: Hub) -> None:
    stays, goes = Member(), Member()
    for member in (stays, goes):
        await hub.join(GROUP, member)
    await hub.leave(GROUP, goes)
    await hub.leave(GROUP, goes)
    await say(GROUP, "while away")
    await stays.until(lambda: stays.heard == ["while away"])
    await hub.join(GROUP, goes)
    await say(GROUP, "after")
    await goes.until(lambda: bool(goes.heard))
    assert goes.heard == ["after"]


async def test_group_that_was_empty_can_be_joined_again(hub: Hub) -> None:
    for word in ("first", "second"):
        member = Member()
        await hub.join(GROUP, member)
        await say(GROUP, word)
        await member.until(lambda heard=member.heard, word=word: heard == [word])
        await hub.leave(GROUP, member)


async def test_lost_connection_to_redis_is_made_anew_and_everybody_told(hub: Hub) -> None:
    members = {GROUP: Member(), "test:other": Member()}
    for group, member in members.items():
        await hub.join(group, member)
    try:
        await sync_to_async(get_redis_connection("default").execute_command)(
            "CLIENT", "KILL", "TYPE", "pubsub"
        )
    except redis.ResponseError:
        pytest.skip("this stand-in for Redis cannot kill a client")
    for group, member in members.items():
        await member.until(lambda heard=member.heard: bool(heard))
        assert [orjson.loads(frame) for frame in member.heard] == [{"event": "resync", "payload": {}}]
        await say(group, "after")
        await member.until(lambda heard=member.heard: heard[1:] == ["after"])
        assert member.closed == []


async def test_members_of_many_groups_who_come_at_once_share_one_connection(hub: Hub) -> None:
    members = {f"test:{number}": Member() for number in range(20)}
    await asyncio.gather(*(hub.join(group, member) for group, member in members.items()))
    for group, member in members.items():
        await say(group, group)
        await member.until(lambda heard=member.heard, group=group: heard == [group])


async def test_who_comes_while_the_connection_is_made_anew_leaves_nobody_deaf(
    hub: Hub, break_reader: Callable[[], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, late = Member(), Member()
    await hub.join(GROUP, first)
    hang_up, coming = type(hub._pubsub).aclose, []

    async def hang_up_as_somebody_comes(pubsub: Any) -> None:
        await hang_up(pubsub)  # type: ignore[no-untyped-call]
        coming.append(asyncio.create_task(hub.join("test:late", late)))

    monkeypatch.setattr(type(hub._pubsub), "aclose", hang_up_as_somebody_comes)
    await break_reader()
    await first.until(lambda: any("resync" in frame for frame in first.heard))
    monkeypatch.undo()
    await asyncio.gather(*coming)
    for group, member in ((GROUP, first), ("test:late", late)):
        await say(group, "after")
        await member.until(lambda heard=member.heard: "after" in heard)


async def test_reader_outlives_any_fault(hub: Hub, break_reader: Callable[[], Awaitable[None]]) -> None:
    member = Member()
    await hub.join(GROUP, member)
    await break_reader()
    await member.until(lambda: any("resync" in frame for frame in member.heard))
    await say(GROUP, "after")
    await member.until(lambda: "after" in member.heard)


def test_each_event_loop_has_one_hub() -> None:
    async def twice() -> tuple[Hub, Hub]:
        return current_hub(), current_hub()

    one, same = asyncio.run(twice())
    assert one is same
    assert asyncio.run(twice())[0] is not one


async def _subscribers() -> int:
    counted = await sync_to_async(get_redis_connection("default").pubsub_numsub)(f"nonza:push:{GROUP}")
    return int(counted[0][1])
