"""The sockets of a space and of a user: who hears them, what, and when they end."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from identity.models import User
from identity.services.users import log_out_everywhere
from identity.signals import user_disabled
from nonza.realtime import sockets
from spaces.models import Membership, Space
from spaces.services.members import change_role, remove_member
from spaces.services.notifications import notify
from spaces.services.presence import online_in
from spaces.services.spaces import change_space, create_space, delete_space
from tests.helpers import Person
from tests.spaces.sockets import Socket, ticket_for

pytestmark = pytest.mark.django_db(transaction=True)

Open = Callable[..., Awaitable[Socket]]


@pytest.fixture
async def opened() -> AsyncIterator[Open]:
    """Open sockets; they are closed at the end."""
    held: list[Socket] = []

    async def open_socket(person: Person, path: str) -> Socket:
        held.append(socket := await Socket(path).open(person))
        assert (await socket.hears())["event"] == "hello"
        return socket

    yield open_socket
    for socket in held:
        with contextlib.suppress(asyncio.CancelledError):  # a test that gave up waiting has ended it
            await socket.goes()


def of(space: Space) -> str:
    return f"/ws/spaces/{space.pk}/"


async def test_member_is_greeted(bob: Person, space: Space) -> None:
    socket = await Socket(of(space)).open(bob)
    heard = await socket.hears()
    assert set(heard["payload"].pop("positions", {})) <= {"chat"}  # what is written has a place
    assert heard == {
        "event": "hello",
        "payload": {"space_id": str(space.pk), "user_id": str(bob.user.pk), "heartbeat_seconds": 15},
    }
    await socket.goes()


async def test_user_is_greeted(bob: Person, space: Space) -> None:
    socket = await Socket("/ws/me/").open(bob)
    assert (await socket.hears())["payload"] == {"user_id": str(bob.user.pk), "heartbeat_seconds": 15}
    await socket.goes()


async def test_stranger_hears_nothing_of_a_space(stranger: Person, space: Space) -> None:
    assert await (await Socket(of(space)).open(stranger)).closed_with() == 4403


async def test_guest_of_a_session_hears_no_space(guest: Person, space: Space) -> None:
    slug = await sync_to_async(guest.start)()
    ticket = await ticket_for(guest, f"/ws/sessions/{slug}/")
    for path in (of(space), "/ws/me/"):
        assert await (await Socket(path).open(guest, ticket)).closed_with() == 4401


async def test_ticket_of_one_space_opens_no_other(bob: Person, alice: Person, space: Space) -> None:
    other = await sync_to_async(create_space)(actor=bob.user, name="Other")
    ticket = await ticket_for(bob, of(other))
    assert await (await Socket(of(space)).open(bob, ticket)).closed_with() == 4401


async def test_members_see_each_other_come_and_go(
    bob: Person, alice: Person, space: Space, opened: Open
) -> None:
    hers = await opened(alice, of(space))
    assert (await hers.hears_of("presence.changed"))["display_name"] == "Alice"
    his = await opened(bob, of(space))
    person = {
        "user_id": str(bob.user.pk),
        "display_name": "Bob",
        "color": bob.user.color,
        "avatar_url": None,
    }
    assert await hers.hears_of("presence.changed") == {**person, "online": True}
    assert await sync_to_async(online_in)(space.pk) == {str(alice.user.pk), str(bob.user.pk)}
    second = await opened(bob, of(space))
    await his.goes()
    await second.goes()
    assert await hers.hears_of("presence.changed") == {**person, "online": False}
    assert await sync_to_async(online_in)(space.pk) == {str(alice.user.pk)}
    assert (await Membership.objects.aget(user=bob.user)).last_seen_at is not None


async def test_presence_over_http(bob: Person, alice: Person, space: Space, opened: Open) -> None:
    await opened(bob, of(space))
    answer = await sync_to_async(alice.get)(f"spaces/{space.pk}/presence/")
    assert answer.json() == {"count": 1, "user_ids": [str(bob.user.pk)]}


async def test_change_is_heard_by_who_has_it_open_and_by_who_has_not(
    bob: Person, alice: Person, space: Space, opened: Open
) -> None:
    inside, elsewhere = await opened(bob, of(space)), await opened(bob, "/ws/me/")
    await sync_to_async(change_space)(actor=alice.user, space_id=space.pk, fields={"name": "Fleet"})
    for socket in (inside, elsewhere):
        assert (await socket.hears_of("space.changed"))["space"]["name"] == "Fleet"
    assert (await elsewhere.hears_of("notification.created"))["unread"] == 1


async def test_who_is_removed_hears_it_and_no_more(
    bob: Person, alice: Person, space: Space, opened: Open
) -> None:
    inside, hers, mine = (
        await opened(bob, of(space)),
        await opened(alice, of(space)),
        await opened(bob, "/ws/me/"),
    )
    member = await Membership.objects.aget(user=bob.user)
    await sync_to_async(remove_member)(actor=alice.user, space_id=space.pk, member_id=member.pk)
    assert await inside.closed_with() == 4403
    # Which of the two comes first, nobody promises.
    his = str(bob.user.pk)
    await hers.hears_both(
        ("member.removed", {"id": str(member.pk), "user_id": his}),
        ("presence.changed", {"user_id": his, "online": False}),
    )
    assert await mine.hears_of("space.removed") == {"space_id": str(space.pk)}
    assert (await mine.hears_of("space.added"))["space"]["name"] == "Space of Bob"
    ticket = await ticket_for(bob, of(space))
    assert await (await Socket(of(space)).open(bob, ticket)).closed_with() == 4403


async def test_new_role_closes_nothing(bob: Person, alice: Person, space: Space, opened: Open) -> None:
    inside = await opened(bob, of(space))
    member = await Membership.objects.aget(user=bob.user)
    await sync_to_async(change_role)(
        actor=alice.user, space_id=space.pk, member_id=member.pk, role="moderator"
    )
    assert (await inside.hears_of("member.changed"))["member"]["role"] == "moderator"


async def test_deletion_closes_the_space_and_not_the_news(
    bob: Person, alice: Person, space: Space, opened: Open
) -> None:
    await sync_to_async(create_space)(actor=alice.user, name="Other")
    inside, mine = await opened(bob, of(space)), await opened(bob, "/ws/me/")
    await sync_to_async(delete_space)(actor=alice.user, space_id=space.pk)
    assert await inside.closed_with() == 4403
    assert await mine.hears_of("space.removed") == {"space_id": str(space.pk)}


async def test_disabled_user_hears_nothing_more(bob: Person, space: Space, opened: Open) -> None:
    inside, mine = await opened(bob, of(space)), await opened(bob, "/ws/me/")
    await sync_to_async(user_disabled.send)(User, user=bob.user)
    assert [await socket.closed_with() for socket in (inside, mine)] == [4403, 4403]


async def test_who_logs_out_everywhere_hears_nothing_more_anywhere(
    bob: Person, space: Space, opened: Open
) -> None:
    inside, mine = await opened(bob, of(space)), await opened(bob, "/ws/me/")
    tickets = {path: await ticket_for(bob, path) for path in (of(space), "/ws/me/")}
    await sync_to_async(log_out_everywhere)(actor=bob.user)
    assert [await socket.closed_with() for socket in (inside, mine)] == [4401, 4401]
    for path, ticket in tickets.items():
        assert await (await Socket(path).open(bob, ticket)).closed_with() == 4401, "asked for before"


@pytest.mark.parametrize("lost", [{"is_active": False}, {"login_stamp": "another"}])
@pytest.mark.parametrize("path", ["space", "me"])
async def test_right_that_ended_unheard_is_noticed_by_the_clock(
    bob: Person, space: Space, opened: Open, path: str, lost: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sockets, "RECHECK_SECONDS", 0.05)
    socket = await opened(bob, of(space) if path == "space" else "/ws/me/")
    await User.objects.filter(pk=bob.user.pk).aupdate(**lost)
    assert await socket.closed_with() == 4403


async def test_news_of_one_are_not_heard_by_another(
    bob: Person, mona: Person, space: Space, opened: Open
) -> None:
    hers, his = await opened(mona, "/ws/me/"), await opened(bob, "/ws/me/")
    for user, note in ((bob.user, "his"), (mona.user, "hers")):
        await sync_to_async(notify)(users=[user], kind="call.started", content={"note": note})
    heard: dict[str, Any] = await hers.hears_of("notification.created")
    assert heard["notification"]["content"] == {"note": "hers"}
    heard = await his.hears_of("notification.created")
    assert heard["notification"]["content"] == {"note": "his"}


async def test_eleventh_page_of_a_user_is_asked_to_come_back(bob: Person, space: Space, opened: Open) -> None:
    for _count in range(10):
        await opened(bob, "/ws/me/")
    assert await (await Socket("/ws/me/").open(bob)).closed_with() == 4412
