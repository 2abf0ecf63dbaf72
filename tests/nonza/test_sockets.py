"""One socket: its hello, its bounded queue, its heartbeats, and how it ends."""

import asyncio
import threading

import orjson
import pytest
import redis
from django.db import OperationalError

from identity.models import User
from nonza.errors import CredentialRequired, NonzaError, NotAllowed
from nonza.realtime import sockets
from nonza.realtime.frames import Batch
from nonza.realtime.hub import Hub
from nonza.realtime.outbox import QUEUE_BYTES, QUEUE_EVENTS
from nonza.realtime.threads import in_database
from tests.nonza.wires import GROUP, SECONDS, Listener, Open, Wire, say


async def database_is_away(_listener: Listener, *_arguments: object) -> None:
    raise OperationalError


async def test_hello_is_answered_before_anything_else(opened: Open) -> None:
    wire = await opened()
    expected = {"you": "dana", "heartbeat_seconds": sockets.HEARTBEAT_SECONDS}
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
    wire.consumer.deliver(Batch.of("first"))  # the writer waits with this one
    await wire.writes.wait()
    for _count in range(count):
        wire.consumer.deliver(Batch.of(frame))
    assert not wire.consumer._outbox._queue
    wire.consumer.deliver(Batch.of(frame))
    assert not wire.consumer._outbox._queue
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
        wire.consumer.deliver(Batch.of(frame))
    wire.reads.set()
    async with asyncio.timeout(SECONDS):
        received = [(await wire.sent.get())["text"] for _count in range(count)]
    assert received == [frame] * count
    wire.consumer.deliver(Batch.of('{"event":"after"}'))
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
    monkeypatch.setattr(sockets, "HELLO_SECONDS", 0.01)
    assert await Wire(Listener()).closes_with() == 4401


async def test_silent_socket_closes(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "SILENCE_SECONDS", 0.01)
    assert await (await opened()).closes_with() == 4412


async def test_right_that_was_lost_unheard_is_found_by_the_clock(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "RECHECK_SECONDS", 0.01)
    listener = Listener()
    wire = await opened(listener)
    assert (await wire.gets())["event"] == "hello"
    listener.stays = False
    assert await wire.closes_with() == 4403


async def test_right_that_ended_while_one_came_in_is_seen_at_the_door(opened: Open) -> None:
    """Whoever was thrown out before we listened to that hears nothing, not even the hello."""
    listener = Listener()
    listener.stays = False
    wire = await opened(listener)
    with pytest.raises(AssertionError, match="'code': 4403"):  # a close, where the hello would be
        await wire.gets()


async def test_flood_of_frames_closes(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "FRAMES_A_SECOND", 0)  # however slowly they come here
    wire = await opened()
    for _count in range(sockets.FRAMES_AT_ONCE + 5):
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
    monkeypatch.setattr(Listener, "enter", database_is_away)
    code, reason = await (await opened()).closes()
    assert code == 4412
    assert orjson.loads(reason)["retry_after"] >= 1


@pytest.mark.parametrize("place", ["may_stay", "heartbeat"])
async def test_open_socket_stays_while_the_database_is_away(
    opened: Open, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    asked = asyncio.Event()

    async def fail(_listener: Listener, *_arguments: object) -> None:
        asked.set()
        raise OperationalError

    monkeypatch.setattr(sockets, "RECHECK_SECONDS", 0.01)
    wire = await opened()
    assert (await wire.gets())["event"] == "hello"
    monkeypatch.setattr(Listener, place, fail)
    for _count in range(2):
        wire.says({"type": "heartbeat"})
        assert (await wire.gets())["event"] == "heartbeat"
    async with asyncio.timeout(SECONDS):
        await asked.wait()


async def test_more_hellos_than_can_be_answered_are_asked_to_come_back(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "ENTERING_AT_MOST", 2)
    free, both = asyncio.Event(), asyncio.Barrier(3)
    enter = Listener.enter

    async def enter_slowly(listener: Listener, hello: dict) -> tuple:
        if not free.is_set():
            await both.wait()
            await free.wait()
        return await enter(listener, hello)

    monkeypatch.setattr(Listener, "enter", enter_slowly)
    first = [await opened(ticket=name) for name in ("dana", "ilya")]
    async with asyncio.timeout(SECONDS):
        await both.wait()
    try:
        code, reason = await (await opened(ticket="marta")).closes()
    finally:
        free.set()
        await both.abort()
    assert code == 4412
    assert orjson.loads(reason)["retry_after"] >= 2
    for wire in first:
        assert (await wire.gets())["event"] == "hello"
    assert (await (await opened(ticket="marta")).gets())["event"] == "hello"


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
    monkeypatch.setattr(sockets, "CLOSE_SECONDS", 0.01)
    monkeypatch.setattr(sockets, "SILENCE_SECONDS", 0.1)
    wire = await opened()
    await wire.gets()
    wire.reads.clear()
    async with asyncio.timeout(SECONDS):
        await wire.task


@pytest.mark.django_db(transaction=True)
async def test_slow_database_call_of_one_socket_holds_up_no_other(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As long as one waits for its answer, another is pushed to, and is answered by the database itself."""
    stuck, free = threading.Event(), threading.Event()

    def wait_or_ask(name: str) -> int:
        if name == "dana":
            stuck.set()
            free.wait(SECONDS)
        return User.objects.count()

    async def heartbeat(listener: Listener, _frame: dict) -> None:
        await in_database(wait_or_ask)(listener.scope["name"])

    monkeypatch.setattr(Listener, "heartbeat", heartbeat)
    slow, other = await opened(ticket="dana"), await opened(ticket="ilya")
    for wire, name in ((slow, "dana"), (other, "ilya")):
        await wire.gets()
        wire.consumer.scope["name"] = name
    slow.says({"type": "heartbeat"})
    assert await asyncio.to_thread(stuck.wait, SECONDS)
    try:
        await say(GROUP, '{"event":"x"}')
        assert await other.gets() == {"event": "x"}
        other.says({"type": "heartbeat"})
        assert (await other.gets())["event"] == "heartbeat"
        assert await slow.gets() == {"event": "x"}
    finally:
        free.set()
    assert (await slow.gets())["event"] == "heartbeat"
