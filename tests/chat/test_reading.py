"""What is new to whom: marks that go forward only, unread channels, and mentions that are counted."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from chat.models import Message, ReadMark
from chat.services.messages import delete_message
from chat.services.reading import mark_read, unread_in
from spaces.models import Channel, Membership, Notification, Space
from tests.factories import make_channel, make_user
from tests.helpers import Person, code_of

NOTHING = {"unread": False, "mentions": 0}


def unread(person: Person, channel: Channel) -> dict[str, Any]:
    assert person.user
    return unread_in(channel.space, person.user)[channel.pk]


def read(person: Person, channel: Channel, offset: int) -> dict[str, int]:
    assert person.user
    return mark_read(actor=person.user, channel_id=channel.pk, offset=offset)


def test_what_others_write_is_unread_until_it_is_read(
    alice: Person, bob: Person, channel: Channel, say: Callable[..., Message]
) -> None:
    assert unread(bob, channel) == NOTHING
    message = say(alice)
    assert unread(bob, channel) == {"unread": True, "mentions": 0}
    assert unread(alice, channel) == NOTHING  # it is her own
    read(bob, channel, message.offset)
    assert unread(bob, channel) == NOTHING
    say(alice)
    assert unread(bob, channel) == {"unread": True, "mentions": 0}


def test_deleted_messages_are_not_unread(
    alice: Person, bob: Person, channel: Channel, say: Callable[..., Message]
) -> None:
    message = say(alice, "@Bob look")
    delete_message(actor=alice.user, channel_id=channel.pk, message_id=message.pk)
    assert unread(bob, channel) == NOTHING


def test_who_never_read_has_missed_what_was_written_since_they_joined(
    alice: Person, space: Space, channel: Channel, say: Callable[..., Message]
) -> None:
    say(alice, "@all before")
    late = make_user("late@example.org", "Late")
    Membership.objects.create(space=space, user=late)
    Message.objects.update(created_at=timezone.now() - timezone.timedelta(hours=1))
    assert unread_in(space, late)[channel.pk] == NOTHING
    say(alice, "@all after")
    assert unread_in(space, late)[channel.pk] == {"unread": True, "mentions": 1}


def test_mentions_count_each_message_once(
    alice: Person, mona: Person, bob: Person, channel: Channel, say: Callable[..., Message]
) -> None:
    first = say(alice, "@Bob and @all")
    say(alice, "@all")
    say(mona, "@Bob, @bob and @Mona")
    say(bob, "@Bob says it himself")
    say(alice, "nobody")
    assert unread(bob, channel) == {"unread": True, "mentions": 3}
    assert read(bob, channel, first.offset) == {"offset": first.offset, "mentions": 2}
    assert unread(mona, channel) == {"unread": True, "mentions": 2}
    assert unread(alice, channel) == {"unread": True, "mentions": 0}


def test_mentions_are_counted_to_a_hundred(bob: Person, alice: Person, channel: Channel) -> None:
    Message.objects.bulk_create(
        Message(channel=channel, offset=place, author=alice.user, text="@all", mentions_all=True)
        for place in range(1, 201)
    )
    assert unread(bob, channel) == {"unread": True, "mentions": 100}


def test_mark_goes_forward_only_and_not_beyond_what_is_written(
    alice: Person, bob: Person, channel: Channel, say: Callable[..., Message]
) -> None:
    first, last = say(alice), say(alice)
    assert read(bob, channel, 10**12)["offset"] == last.offset
    assert read(bob, channel, first.offset)["offset"] == last.offset
    assert ReadMark.objects.get().offset == last.offset


def test_reading_is_told_to_all_of_ones_pages_and_to_nobody_else(
    alice: Person,
    bob: Person,
    channel: Channel,
    say: Callable[..., Message],
    commits: Callable,
    pushes: list,
) -> None:
    with commits():
        message = say(alice, "@Bob")
    pushes.clear()
    with commits():
        answer = bob.send("PUT", f"channels/{channel.pk}/read/", {"offset": message.offset})
    assert (answer.status_code, answer.json()) == (200, {"offset": message.offset, "mentions": 0})
    told = {
        "space_id": str(channel.space_id),
        "channel_id": str(channel.pk),
        "offset": message.offset,
        "mentions": 0,
    }
    assert pushes[0] == (f"user:{bob.user.pk}", "channel.read", told)
    assert [event for _group, event, _payload in pushes] == ["channel.read", "notifications.read"]
    pushes.clear()
    with commits():
        bob.send("PUT", f"channels/{channel.pk}/read/", {"offset": 0})
    assert pushes == []  # nothing has moved


def test_news_of_a_mention_are_read_with_the_message(
    alice: Person, bob: Person, channel: Channel, say: Callable[..., Message], commits: Callable
) -> None:
    with commits():
        first, last = say(alice, "@Bob one"), say(alice, "@Bob two")
    assert Notification.objects.filter(user=bob.user, read_at=None).count() == 2
    read(bob, channel, first.offset)
    (left,) = Notification.objects.filter(user=bob.user, read_at=None)
    assert left.content["message_id"] == str(last.pk)


@pytest.mark.parametrize("offset", [-1, "many", None, 2**63 - 1])
def test_offset_that_is_none_is_refused(bob: Person, channel: Channel, offset: Any) -> None:
    answer = bob.send("PUT", f"channels/{channel.pk}/read/", {"offset": offset})
    assert code_of(answer) == (400, "invalid")


def test_strangers_read_nothing(stranger: Person, bob: Person, channel: Channel) -> None:
    path = f"channels/{channel.pk}/read/"
    assert code_of(stranger.send("PUT", path, {"offset": 0})) == (404, "channel_not_found")
    voice = make_channel(channel.space)
    answer = bob.send("PUT", f"channels/{voice.pk}/read/", {"offset": 0})
    assert code_of(answer) == (409, "channel_without_messages")


@pytest.mark.parametrize("number", [1, 3])
def test_sidebar_asks_once_for_all_channels(
    alice: Person,
    bob: Person,
    space: Space,
    say: Callable[..., Message],
    number: int,
    django_assert_num_queries: Callable,
) -> None:
    for place in range(number):
        other = make_channel(space, f"Channel {place}", kind="text")
        say(alice, "@Bob", channel_id=other.pk)
    with django_assert_num_queries(1):
        found = unread_in(space, bob.user)
    assert list(found.values()).count({"unread": True, "mentions": 1}) == number
    assert all(isinstance(channel, UUID) for channel in found)


def test_page_of_the_space_shows_what_is_unread(
    alice: Person, bob: Person, channel: Channel, say: Callable[..., Message]
) -> None:
    say(alice, "@Bob")
    body = bob.get(f"/spaces/{channel.space_id}/").content.decode()
    assert f'data-channel="{channel.pk}" data-unread' in body
