"""What the page of a text channel begins with."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.utils import timezone

from chat.models import Message, SpaceLog
from chat.services import attachments
from chat.services.opening import opening_of
from chat.services.reading import mark_read
from spaces.models import Channel
from spaces.services.members import membership_of
from tests.chat.wording import page, texts
from tests.helpers import Person


def opening(person: Person, channel: Channel) -> dict[str, Any]:
    """What a page begins with, after it went through JSON."""
    membership = membership_of(actor=person.user, space_id=channel.space_id)
    return dict(orjson.loads(orjson.dumps(opening_of(channel, membership))))


def write_many(channel: Channel, person: Person, number: int) -> None:
    """Let somebody write a lot at once."""
    SpaceLog.objects.update_or_create(space=channel.space, defaults={"offset": number})
    Message.objects.bulk_create(
        Message(channel=channel, offset=place, author=person.user, text=str(place))
        for place in range(1, number + 1)
    )


def test_page_knows_who_looks_and_what_they_may(
    alice: Person, bob: Person, channel: Channel, say: Callable
) -> None:
    say(alice)
    assert opening(bob, channel) == {
        "channel_id": str(channel.pk),
        "space_id": str(channel.space_id),
        "me": {
            "user_id": str(bob.user.pk),
            "display_name": "Bob",
            "color": bob.user.color,
            "avatar_url": None,
        },
        "can_moderate": False,
        "limits": {
            "text": 4000,
            "attachments": 10,
            "attachment_bytes": attachments.bytes_at_most(),
            "mentions": 50,
        },
        "page": page(bob, channel),
    }
    assert opening(alice, channel)["can_moderate"] is True


def test_page_begins_at_the_end_where_all_is_known(alice: Person, bob: Person, channel: Channel) -> None:
    write_many(channel, alice, 120)
    Message.objects.update(created_at=timezone.now() - timedelta(days=1))
    assert texts(opening(bob, channel)["page"])[-1] == "120"  # all of it is older than his membership
    mark_read(actor=bob.user, channel_id=channel.pk, offset=100)
    shown = opening(bob, channel)["page"]
    assert (texts(shown)[-1], shown["has_after"], shown["read_offset"]) == ("120", False, 100)


def test_page_begins_at_what_is_new_where_there_is_much_of_it(
    alice: Person, bob: Person, channel: Channel
) -> None:
    write_many(channel, alice, 300)
    assert texts(opening(bob, channel)["page"])[0] == "1"  # never read
    mark_read(actor=bob.user, channel_id=channel.pk, offset=100)
    shown = opening(bob, channel)["page"]
    new = next(message for message in shown["results"] if message["text"] == "101")
    assert shown["first_unread_id"] == new["id"]
    assert (shown["has_before"], shown["has_after"], shown["read_offset"]) == (True, True, 100)


@pytest.mark.parametrize("number", [1, 3])
def test_opening_asks_little(
    number: int, alice: Person, bob: Person, channel: Channel, django_assert_num_queries: Callable
) -> None:
    write_many(channel, alice, number)
    membership = membership_of(actor=bob.user, space_id=channel.space_id)
    with django_assert_num_queries(6):  # channel and log, messages, mentions, files, new ones, reactions
        opening_of(channel, membership)
