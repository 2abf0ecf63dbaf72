"""What people in a session hear of its chat over their sockets, and until when."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async

from chat.services import session_store
from sessions.models import Participant, Session
from sessions.services.following import membership_has_ended
from spaces.models import Space
from tests.fakes import FakeLiveKit
from tests.helpers import Person, code_of
from tests.spaces.sockets import Socket, ticket_for

pytestmark = pytest.mark.django_db(transaction=True)


@sync_to_async
def say(person: Person, slug: str, text: str) -> dict[str, Any]:
    answer = person.post(f"sessions/{slug}/messages/", {"client_id": str(uuid4()), "text": text})
    assert answer.status_code == 201, answer.content
    return dict(answer.json())


async def listen(person: Person, slug: str, **hello: Any) -> tuple[Socket, dict[str, Any]]:
    """Open a socket; return it and what its hello says of the chat."""
    socket = Socket(f"/ws/sessions/{slug}/")
    connected, _protocol = await socket.wire.connect()
    assert connected
    ticket = await ticket_for(person, socket.path)
    await socket.wire.send_json_to({"type": "hello", "ticket": ticket, **hello})
    greeting = await socket.hears_of("hello")
    return socket, greeting["positions"]["chat"]


async def logged(socket: Socket, number: int) -> list[dict[str, Any]]:
    """The next frames of the chat."""
    found: list[dict[str, Any]] = []
    while len(found) < number:
        frame = await socket.hears()
        if frame.get("stream") == "chat":
            found.append(frame)
    return found


@pytest.fixture
def dana(host: Person, guest: Person, slug: str) -> Person:
    host.join(slug, "Marta")
    guest.join(slug, "Dana")
    return guest


async def test_people_inside_hear_each_other(host: Person, dana: Person, slug: str) -> None:
    socket, position = await listen(dana, slug)
    assert (position["offset"], position["recovered"]) == (0, False)
    said = await say(host, slug, "Ahoy")
    address = f"sessions/{slug}/messages/{said['id']}/"
    await sync_to_async(host.patch)(address, {"text": "Hello"})
    await sync_to_async(host.delete)(address)
    await sync_to_async(host.post)(f"sessions/{slug}/typing/")
    created, changed, deleted = await logged(socket, 3)
    del said["reactions"]
    assert created == {
        "stream": "chat",
        "epoch": position["epoch"],
        "offset": 1,
        "event": "message.created",
        "payload": said,
    }
    assert (changed["event"], changed["offset"], changed["payload"]["text"]) == (
        "message.changed",
        2,
        "Hello",
    )
    assert (deleted["event"], deleted["offset"]) == ("message.deleted", 3)
    assert set(deleted["payload"]) == {"id", "channel_id", "offset", "deleted_at"}
    assert (await socket.hears_of("typing.started"))["display_name"] == "Marta"
    await socket.goes()


async def test_who_comes_back_hears_what_they_missed(host: Person, dana: Person, slug: str) -> None:
    first = await say(host, slug, "One")
    socket, position = await listen(dana, slug)
    await socket.goes()
    await say(host, slug, "Two")
    await sync_to_async(host.delete)(f"sessions/{slug}/messages/{first['id']}/")
    since = {"chat": {"epoch": position["epoch"], "offset": 1}}
    socket, now = await listen(dana, slug, positions=since)
    assert (now["offset"], now["recovered"]) == (3, True)
    await say(host, slug, "Three")
    assert [frame["offset"] for frame in await logged(socket, 3)] == [2, 3, 4]
    await socket.goes()


async def test_who_was_away_for_a_restart_of_redis_loads_again(host: Person, dana: Person, slug: str) -> None:
    await say(host, slug, "One")
    socket, position = await listen(dana, slug)
    await socket.goes()
    await sync_to_async(lambda: session_store._redis().script_flush())()
    since = {"chat": {"epoch": position["epoch"], "offset": 1}}
    socket, now = await listen(dana, slug, positions=since)
    assert (now["offset"], now["recovered"]) == (1, False)
    assert now["epoch"] != position["epoch"]
    await socket.goes()


async def test_who_leaves_hears_nothing_more(host: Person, dana: Person, slug: str) -> None:
    socket, _position = await listen(dana, slug)
    await sync_to_async(dana.post)(f"sessions/{slug}/leave/")
    assert await socket.closed_with() == 4403
    assert code_of(await sync_to_async(dana.get)(f"sessions/{slug}/messages/")) == (403, "chat_closed")
    refused = Socket(f"/ws/sessions/{slug}/")
    await refused.open(dana)
    assert await refused.closed_with() == 4403


async def test_who_is_put_out_hears_nothing_more(
    alice: Person, bob: Person, space: Space, livekit: FakeLiveKit
) -> None:
    slug = await sync_to_async(lambda: alice.start("Alice", access="members"))()
    await sync_to_async(bob.join)(slug, "Bob")
    socket, _position = await listen(bob, slug)
    await database_sync_to_async(membership_has_ended)(bob.user, space)
    assert await socket.closed_with() == 4403


async def test_end_is_read_before_the_socket_closes(
    host: Person, dana: Person, slug: str, livekit: FakeLiveKit
) -> None:
    socket, _position = await listen(dana, slug)
    await sync_to_async(host.post)(f"sessions/{slug}/end/")
    (last,) = await logged(socket, 1)
    assert last["payload"]["code"] == "session.ended"
    assert await socket.closed_with() == 4403


async def test_nobody_hears_another_session(host: Person, dana: Person, slug: str, mallory: Person) -> None:
    other = await sync_to_async(mallory.start)("Mallory")
    await sync_to_async(mallory.join)(other, "Mallory")
    socket, _position = await listen(dana, slug)
    await say(mallory, other, "Elsewhere")
    await say(host, slug, "Here")
    (heard,) = await logged(socket, 1)
    assert heard["payload"]["text"] == "Here"
    await socket.goes()


async def test_right_is_read_from_the_row(host: Person, dana: Person, slug: str) -> None:
    """What was pushed does not matter: who is waiting again writes nothing."""
    await Participant.objects.filter(pk=dana.id).aupdate(state="waiting")
    body = {"client_id": str(uuid4()), "text": "Still here"}
    answer = await sync_to_async(dana.post)(f"sessions/{slug}/messages/", body)
    assert code_of(answer) == (403, "chat_closed")
    session = await Session.objects.aget(slug=slug)
    assert (await sync_to_async(session_store.page)(UUID(str(session.pk)), limit=5)).messages == []
