"""What members hear of text channels over the socket of the space."""

from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async

from chat.models import LogEvent
from spaces.models import Channel, Space
from tests.chat.wording import messages_url
from tests.factories import make_channel
from tests.helpers import Person
from tests.spaces.sockets import Socket, ticket_for

pytestmark = pytest.mark.django_db(transaction=True)


async def write(person: Person, channel: Channel, text: str) -> dict[str, Any]:
    body = {"client_id": str(uuid4()), "text": text}
    answer = await sync_to_async(person.post)(messages_url(channel), body)
    assert answer.status_code == 201
    return dict(answer.json())


async def listen(person: Person, space: Space, **hello: Any) -> tuple[Socket, dict[str, Any]]:
    """Open a socket; return it and what its hello says of the stream."""
    socket = Socket(f"/ws/spaces/{space.pk}/")
    connected, _protocol = await socket.wire.connect()
    assert connected
    ticket = await ticket_for(person, socket.path)
    await socket.wire.send_json_to({"type": "hello", "ticket": ticket, **hello})
    greeting = await socket.hears_of("hello")
    return socket, greeting["positions"]["chat"]


async def logged(socket: Socket, number: int) -> list[dict[str, Any]]:
    """The next frames of the stream."""
    found: list[dict[str, Any]] = []
    while len(found) < number:
        frame = await socket.hears()
        if frame.get("stream") == "chat":
            found.append(frame)
    return found


async def test_member_hears_a_message_with_its_place(
    bob: Person, alice: Person, space: Space, channel: Channel
) -> None:
    socket, position = await listen(bob, space)
    assert (position["offset"], position["recovered"]) == (0, False)
    seen = await write(alice, channel, "Ahoy")
    del seen["reactions"]
    assert await logged(socket, 1) == [
        {
            "stream": "chat",
            "epoch": position["epoch"],
            "offset": 1,
            "event": "message.created",
            "payload": seen,
        }
    ]
    await socket.goes()


async def test_who_comes_back_hears_what_they_missed_and_then_the_rest(
    bob: Person, alice: Person, space: Space, channel: Channel
) -> None:
    other = await sync_to_async(make_channel)(space, "watch", kind=Channel.Type.TEXT)
    first = await write(alice, channel, "One")
    socket, position = await listen(bob, space)
    await socket.goes()
    await write(alice, other, "Two")
    await sync_to_async(alice.patch)(messages_url(channel, first["id"]), {"text": "One, mended"})
    socket, now = await listen(bob, space, positions={"chat": {"epoch": position["epoch"], "offset": 1}})
    assert (now["offset"], now["recovered"]) == (3, True)
    await write(alice, channel, "Three")
    heard = await logged(socket, 3)
    assert [(frame["offset"], frame["payload"]["text"]) for frame in heard] == [
        (2, "Two"),
        (3, "One, mended"),
        (4, "Three"),
    ]
    await socket.goes()


@pytest.mark.parametrize("position", [{"epoch": "another", "offset": 0}, {"offset": 99}, {"offset": 0}])
async def test_who_was_away_for_too_long_is_told_to_load(
    bob: Person, alice: Person, space: Space, channel: Channel, position: dict[str, Any]
) -> None:
    for text in ("One", "Two"):
        await write(alice, channel, text)
    await LogEvent.objects.filter(offset=1).adelete()  # purged
    socket, top = await listen(bob, space)
    await socket.goes()
    socket, now = await listen(bob, space, positions={"chat": {"epoch": top["epoch"], **position}})
    assert (now["offset"], now["recovered"]) == (2, False)
    await write(alice, channel, "Three")
    assert [frame["offset"] for frame in await logged(socket, 1)] == [3]
    await socket.goes()


async def test_who_is_removed_hears_nothing_more(
    bob: Person, alice: Person, space: Space, channel: Channel
) -> None:
    socket, _position = await listen(bob, space)
    assert bob.user
    member = await space.memberships.aget(user=bob.user)
    removed = await sync_to_async(alice.delete)(f"spaces/{space.pk}/members/{member.pk}/")
    assert removed.status_code == 204
    assert await socket.closed_with() == 4403
    await write(alice, channel, "Now that he is gone")
    assert await socket.wire.receive_nothing()


async def test_others_see_who_types(bob: Person, alice: Person, space: Space, channel: Channel) -> None:
    socket, _position = await listen(bob, space)
    await sync_to_async(alice.post)(f"channels/{channel.pk}/typing/")
    assert (await socket.hears_of("typing.started"))["display_name"] == "Alice"
    await socket.goes()
