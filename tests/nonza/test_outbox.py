"""The way out of one socket: what flows, what waits, and what goes first when there is no room."""

import asyncio
from typing import Any
from uuid import uuid4

import orjson
import pytest

from nonza.realtime import outbox, rooms
from nonza.realtime.frames import Batch, Frame
from nonza.realtime.outbox import QUEUE_EVENTS, Outbox
from nonza.realtime.rooms import Room
from nonza.realtime.streams import Position
from tests.nonza.wires import SECONDS


class Server:
    """A server's side: it takes finished frames as long as the client reads, and `send` waits if not."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.reads = asyncio.Event()
        self.reads.set()
        self.given_up: list[Any] = []
        self.writes = 0
        self.breaks = False

    def offer(self, finished: bytes) -> bool:
        if not self.reads.is_set():
            return False
        self.writes += 1
        self.taken += texts_of(finished)
        return True

    async def send(self, message: dict[str, Any]) -> None:
        await self.reads.wait()
        if self.breaks:
            raise OSError
        self.taken.append(message["text"])

    async def got(self, count: int) -> list[str]:
        async with asyncio.timeout(SECONDS):
            while len(self.taken) < count:  # noqa: ASYNC110 -- a list tells nobody
                await asyncio.sleep(0)
        return self.taken


def texts_of(finished: bytes) -> list[str]:
    """Read frames as a client does (RFC 6455)."""
    found = []
    while finished:
        assert finished[0] == 0x81
        length, begin = finished[1], 2
        if length >= 126:
            size = 2 if length == 126 else 8
            length, begin = int.from_bytes(finished[2 : 2 + size]), 2 + size
        found.append(finished[begin : begin + length].decode())
        finished = finished[begin + length :]
    return found


@pytest.fixture
def server() -> Server:
    return Server()


@pytest.fixture
def box(server: Server) -> Outbox:
    box = Outbox(server.send, server.offer, server.given_up.append)
    box.release({})
    return box


def passing(key: str, word: str) -> Batch:
    return Batch([Frame(word.encode(), key=key)])


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65535, 65536, 200_000])
def test_finished_frame_says_how_long_it_is(length: int) -> None:
    assert texts_of(Frame(b"x" * length).finished) == ["x" * length]


async def test_frames_of_a_batch_are_one_write(box: Outbox, server: Server) -> None:
    box.put(Batch([Frame(b"one"), Frame("два".encode())]))
    assert (server.taken, server.writes) == (["one", "два"], 1)


async def test_nothing_overtakes_what_waits(box: Outbox, server: Server) -> None:
    server.reads.clear()
    for word in ("one", "two", "three"):
        box.put(Batch.of(word))
    server.reads.set()
    box.put(Batch.of("four"))
    assert await server.got(4) == ["one", "two", "three", "four"]
    box.put(Batch.of("five"))
    assert server.taken[-1] == "five"


async def test_server_that_takes_no_finished_frames_is_sent_to_at_once(server: Server) -> None:
    """As Daphne is: no task is made, and nothing waits for a turn of the loop."""
    box = Outbox(server.send, outbox.refuse, server.given_up.append)
    box.release({})
    box.put(Batch([Frame(b"one"), Frame(b"two")]))
    assert server.taken == ["one", "two"]
    assert len(asyncio.all_tasks()) == 1


async def test_last_of_a_key_is_what_a_slow_client_gets(box: Outbox, server: Server) -> None:
    server.reads.clear()
    box.put(Batch.of("waits in the send"))
    for word in ("dana types", "dana still types"):
        box.put(passing("dana", word))
    box.put(Batch.of("said"))
    box.put(passing("dana", "dana types again"))
    box.put(passing("ilya", "ilya types"))
    server.reads.set()
    words = ["waits in the send", "said", "dana types again", "ilya types"]
    assert await server.got(4) == words


async def test_what_passes_makes_room_for_what_lasts(box: Outbox, server: Server) -> None:
    server.reads.clear()
    box.put(Batch.of("waits in the send"))
    for number in range(QUEUE_EVENTS // 2):
        box.put(passing(str(number), "types"))
    said = [str(number) for number in range(QUEUE_EVENTS - 1)]
    for word in said:
        box.put(Batch.of(word))
    server.reads.set()
    taken = await server.got(QUEUE_EVENTS + 1)
    assert [word for word in taken if word.isdigit()] == said
    assert "types" not in taken
    assert sum("resync" in word for word in taken) == 1  # so that the client loads what it has missed
    assert server.given_up == []


async def test_client_that_reads_nothing_is_given_up_while_it_does_not(box: Outbox, server: Server) -> None:
    server.reads.clear()
    for number in range(QUEUE_EVENTS + 2):
        box.put(Batch.of(str(number)))
    assert server.given_up == [4408]
    assert not box._queue


async def test_client_that_has_gone_is_given_up_by_what_the_send_raises(box: Outbox, server: Server) -> None:
    server.reads.clear()
    box.put(Batch.of("one"))
    server.breaks = True
    server.reads.set()
    async with asyncio.timeout(SECONDS):
        while not server.given_up:  # noqa: ASYNC110 -- a list tells nobody
            await asyncio.sleep(0)
    assert isinstance(server.given_up[0], OSError)
    box.put(Batch.of("two"))
    assert server.taken == []


async def test_send_without_end_is_ended(
    box: Outbox, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "SEND_SECONDS", 0.01)
    server.reads.clear()
    box.put(Batch.of("one"))
    async with asyncio.timeout(SECONDS):
        while not server.given_up:  # noqa: ASYNC110 -- a list tells nobody
            await asyncio.sleep(0.001)
    assert server.given_up == [4408]


async def test_what_is_held_follows_what_was_missed_without_doubles(server: Server) -> None:
    box = Outbox(server.send, server.offer, server.given_up.append)
    for offset in (4, 5, 6):
        frame = Frame(str(offset).encode(), place=("chat", Position("epoch", offset)))
        box.put(Batch([frame]))
    box.put(Batch.of("plain"))
    await box.send_first([Batch.of("hello"), Batch([Frame(b"missed 5")])])
    box.release({"chat": Position("epoch", 5)})
    assert server.taken == ["hello", "missed 5", "6", "plain"]


# A room --------------------------------------------------------------------


class Ear:
    """A member that only listens."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.codes: list[int] = []

    def deliver(self, batch: Batch) -> None:
        self.batches.append([frame.text for frame in batch.frames])

    def close_soon(self, code: int) -> None:
        self.codes.append(code)


@pytest.fixture
async def room(monkeypatch: pytest.MonkeyPatch) -> Room:
    monkeypatch.setattr(rooms, "readers_of", lambda _kind: {})
    return Room(("test", uuid4()))


async def test_quiet_room_is_told_at_once_and_a_busy_one_once_a_tick(room: Room) -> None:
    ear = Ear()
    room.members.add(ear)
    for word in ("one", "two", "three"):
        room.take(Frame(word.encode()))
    assert ear.batches == [["one"]]
    async with asyncio.timeout(SECONDS):
        while len(ear.batches) < 2:  # noqa: ASYNC110 -- a list tells nobody
            await asyncio.sleep(0.001)
    assert ear.batches == [["one"], ["two", "three"]]


async def test_what_passes_waits_longer_unless_something_lasting_comes(room: Room) -> None:
    """A thousand who come back at once are told of in a few writes."""
    ear = Ear()
    room.members.add(ear)
    room.take(Frame(b"dana is here", key="dana"))
    assert ear.batches == [["dana is here"]]  # the room was quiet
    room.take(Frame(b"ilya is here", key="ilya"))
    patient = room._timer
    assert patient is not None
    room.take(Frame(b"said"))
    assert room._timer is not None
    assert patient.when() - room._timer.when() > 0.2
    async with asyncio.timeout(SECONDS):
        while len(ear.batches) < 2:  # noqa: ASYNC110 -- a list tells nobody
            await asyncio.sleep(0.001)
    assert ear.batches[1] == ["ilya is here", "said"]


async def test_only_the_last_of_a_key_goes_out_with_a_tick(room: Room) -> None:
    ear = Ear()
    room.members.add(ear)
    room.take(Frame(b"one"))
    for word in ("types", "types again"):
        room.take(Frame(word.encode(), key="dana"))
    room.flush()
    assert ear.batches == [["one"], ["types again"]]


async def test_what_waits_for_the_tick_is_said_before_the_close(room: Room) -> None:
    ear = Ear()
    room.members.add(ear)
    for word in ("one", "two"):
        room.take(Frame(word.encode()))
    room.close_soon(4403)
    assert (ear.batches, ear.codes) == ([["one"], ["two"]], [4403])


def test_all_who_follow_get_the_same_bytes() -> None:
    frame = Frame.logged("chat", Position("epoch", 7), b'{"event":"x","payload":{}}')
    assert frame.finished is frame.finished
    expected = {"stream": "chat", "epoch": "epoch", "offset": 7, "event": "x", "payload": {}}
    assert orjson.loads(frame.text) == expected
