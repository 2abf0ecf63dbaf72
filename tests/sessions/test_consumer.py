"""The socket of a session: who may hear it, what it hears, and when it ends."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator

from nonza.asgi import application
from nonza.realtime import outbox, sockets
from sessions import consumers
from sessions.models import Participant
from tests.helpers import Person

pytestmark = pytest.mark.django_db(transaction=True)

ORIGIN = (b"origin", b"http://localhost:8000")


class Socket:
    """A browser's socket, spoken to in JSON."""

    def __init__(self, slug: str, origin: tuple[bytes, bytes] | None = ORIGIN) -> None:
        headers = [origin] if origin else []
        self.wire = WebsocketCommunicator(application, f"/ws/sessions/{slug}/", headers=headers)

    async def open(self, ticket: str | None) -> None:
        connected, _ = await self.wire.connect()
        assert connected
        if ticket is not None:
            await self.wire.send_json_to({"type": "hello", "ticket": ticket})

    async def hears(self) -> dict[str, Any]:
        return dict(await self.wire.receive_json_from(timeout=5))

    async def closed_with(self) -> int:
        return int((await self.wire.receive_output(timeout=10))["code"])


async def ticket_for(person: Person, slug: str) -> str:
    answer = await sync_to_async(person.post)("tickets/", {"path": f"/ws/sessions/{slug}/"})
    assert answer.status_code == 201, answer.content
    return str(answer.json()["ticket"])


@pytest.fixture
def slug() -> str:
    return Person().start()


@pytest.fixture
def dana(slug: str) -> Person:
    person = Person("203.0.113.2")
    person.join(slug, "Dana")
    return person


@pytest.fixture
async def socket(slug: str, dana: Person) -> AsyncIterator[Socket]:
    """Dana's socket, after its hello."""
    socket = Socket(slug)
    await socket.open(await ticket_for(dana, slug))
    heard = await socket.hears()
    assert set(heard["payload"].pop("positions", {})) <= {"chat"}  # what is written has a place
    assert heard == {"event": "hello", "payload": {"participant_id": dana.id, "heartbeat_seconds": 15}}
    yield socket
    await socket.wire.disconnect()


async def test_person_inside_hears_who_comes(socket: Socket, slug: str) -> None:
    await sync_to_async(Person("203.0.113.3").join)(slug, "Ilya")
    heard = await socket.hears()
    assert heard["event"] == "participant.changed"
    assert heard["payload"]["display_name"] == "Ilya"


async def test_heartbeat_is_answered_and_tells_of_the_microphone(
    socket: Socket, dana: Person, slug: str
) -> None:
    await socket.wire.send_json_to({"type": "heartbeat", "microphone_on": True})
    heard = [await socket.hears(), await socket.hears()]
    assert sorted(frame["event"] for frame in heard) == ["heartbeat", "participant.changed"]
    assert (await Participant.objects.aget(pk=dana.id)).microphone_on
    await socket.wire.send_json_to({"type": "heartbeat", "microphone_on": True})
    assert (await socket.hears())["event"] == "heartbeat"  # nothing changed, nothing is pushed


@pytest.mark.parametrize("told", [10**12, 0, -5, True, "5", 1.5, None])
async def test_nobody_speaks_longer_than_the_clock_runs(socket: Socket, dana: Person, told: Any) -> None:
    before = time.monotonic()
    await socket.wire.send_json_to({"type": "heartbeat", "spoken_ms": told})
    await socket.hears()
    spoken = (await Participant.objects.aget(pk=dana.id)).spoken_ms
    opened_at_most = 60_000  # the socket was opened within this test
    assert 0 <= spoken <= opened_at_most
    if told != 10**12:
        assert spoken == 0
    else:
        await socket.wire.send_json_to({"type": "heartbeat", "spoken_ms": told})
        await socket.hears()
        spoken_then = (await Participant.objects.aget(pk=dana.id)).spoken_ms
        assert spoken_then - spoken <= (time.monotonic() - before) * 1000 + 1


async def test_ticket_opens_one_socket_once(slug: str, dana: Person) -> None:
    ticket = await ticket_for(dana, slug)
    first, second = Socket(slug), Socket(slug)
    await first.open(ticket)
    await first.hears()
    await second.open(ticket)
    assert await second.closed_with() == 4401
    await first.wire.disconnect()


async def test_ticket_of_another_session_opens_nothing(slug: str, dana: Person) -> None:
    other = await sync_to_async(Person("203.0.113.9").start)()
    socket = Socket(other)
    await socket.open(await ticket_for(dana, slug))
    assert await socket.closed_with() == 4401


@pytest.mark.parametrize("state", ["left", "waiting", "denied", "removed", "banned"])
async def test_only_who_is_admitted_hears_anything(slug: str, dana: Person, state: str) -> None:
    await Participant.objects.filter(pk=dana.id).aupdate(state=state)
    socket = Socket(slug)
    await socket.open(await ticket_for(dana, slug))
    assert await socket.closed_with() == 4403


@pytest.mark.parametrize(
    "frame",
    [
        "{}",
        "not json",
        "[]",
        '{"type": "hello"}',
        '{"type": "hello", "ticket": 7}',
        '{"type": "hello", "ticket": "guess"}',
        '{"type": "heartbeat"}',
        "x" * 5000,
    ],
)
async def test_first_frame_that_is_no_hello_ends_the_socket(slug: str, frame: str) -> None:
    socket = Socket(slug)
    await socket.open(None)
    await socket.wire.send_to(text_data=frame)
    assert await socket.closed_with() in {4401, 4403}


async def test_silence_at_the_door_ends_the_socket(slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "HELLO_SECONDS", 0.05)
    socket = Socket(slug)
    await socket.open(None)
    assert await socket.closed_with() == 4401


async def test_silence_later_asks_the_client_to_come_back(
    slug: str, dana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "SILENCE_SECONDS", 0.05)
    socket = Socket(slug)
    await socket.open(await ticket_for(dana, slug))
    await socket.hears()
    assert await socket.closed_with() == 4412


@pytest.mark.parametrize(
    "origin",
    [
        None,
        b"null",
        b"http://evil.example",
        b"https://localhost:8000",
        b"http://localhost:8001",
        b"http://localhost.evil.example:8000",
    ],
)
async def test_foreign_page_opens_no_socket(slug: str, origin: bytes | None) -> None:
    socket = Socket(slug, (b"origin", origin) if origin else None)
    connected, _ = await socket.wire.connect()
    assert not connected


async def test_reader_that_takes_nothing_is_given_up(
    slug: str, dana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "SEND_SECONDS", 0.05)
    closed: asyncio.Queue[int] = asyncio.Queue()
    arrived: asyncio.Queue[dict] = asyncio.Queue()

    async def send(message: dict) -> None:
        if message["type"] == "websocket.send":
            await asyncio.Event().wait()
        elif message["type"] == "websocket.close":
            closed.put_nowait(message["code"])

    scope = {"type": "websocket", "path": f"/ws/sessions/{slug}/", "headers": [ORIGIN]}
    arrived.put_nowait({"type": "websocket.connect"})
    hello = json.dumps({"type": "hello", "ticket": await ticket_for(dana, slug)})
    arrived.put_nowait({"type": "websocket.receive", "text": hello})
    await application(scope, arrived.get, send)
    assert await closed.get() == 4408


async def test_person_who_leaves_hears_no_more(socket: Socket, dana: Person, slug: str) -> None:
    await sync_to_async(dana.post)(f"sessions/{slug}/leave/")
    assert (await socket.hears())["event"] == "participant.left"
    assert await socket.closed_with() == 4403


async def test_end_is_heard_and_closes(socket: Socket, slug: str) -> None:
    from sessions.models import Session  # noqa: PLC0415 -- leaf
    from sessions.services.sessions import end_session  # noqa: PLC0415 -- leaf

    session = await Session.objects.aget(slug=slug)
    await sync_to_async(end_session)(session=session, reason="host_ended")
    while (heard := await socket.hears()).get("stream") == "chat":  # the chat says so too
        pass
    assert heard == {"event": "session.ended", "payload": {"reason": "host_ended"}}
    assert await socket.closed_with() == 4403


async def test_right_that_ended_unheard_is_noticed_by_the_clock(
    slug: str, dana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "RECHECK_SECONDS", 0.05)
    socket = Socket(slug)
    await socket.open(await ticket_for(dana, slug))
    await socket.hears()
    await Participant.objects.filter(pk=dana.id).aupdate(state="removed")
    assert await socket.closed_with() == 4403


async def test_fourth_socket_of_a_person_is_asked_to_come_back(slug: str, dana: Person) -> None:
    sockets = [Socket(slug) for _count in range(3)]
    for socket in sockets:
        await socket.open(await ticket_for(dana, slug))
        await socket.hears()
    fourth = Socket(slug)
    await fourth.open(await ticket_for(dana, slug))
    assert await fourth.closed_with() == 4412
    await sockets[0].wire.disconnect()
    again = Socket(slug)
    await again.open(await ticket_for(dana, slug))
    assert (await again.hears())["event"] == "hello"
    for socket in (*sockets[1:], again):
        await socket.wire.disconnect()


async def test_flood_ends_the_socket(socket: Socket, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sockets, "FRAMES_A_SECOND", 0)  # however slowly they come here
    for _count in range(60):
        await socket.wire.send_json_to({"type": "heartbeat"})
    output = await socket.wire.receive_output(timeout=5)
    while output["type"] != "websocket.close":
        output = await socket.wire.receive_output(timeout=5)
    assert output["code"] == 4403


async def test_heartbeats_without_end_cost_few_writes(monkeypatch: pytest.MonkeyPatch) -> None:
    noted: list[bool | None] = []

    async def note(*, participant_id: object, microphone_on: bool | None, spoken_ms: int) -> None:
        noted.append(microphone_on)

    monkeypatch.setattr(consumers, "in_database", lambda _work: note)
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr(consumers.asyncio, "sleep", sleep)
    consumer = consumers.SessionConsumer()
    consumer.participant_id = uuid4()
    consumer.start_listening()
    for _count in range(50):
        await consumer.heartbeat({"microphone_on": True, "spoken_ms": 1000})
    assert noted == [True]
    await consumer.heartbeat({"microphone_on": False})
    assert noted == [True, False]
    assert 0 < slept[-1] <= consumers.FLIP_SECONDS
