"""Pinned messages."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from chat.models import Message, SpaceLog
from spaces.models import Channel
from tests.chat.wording import Pushed, messages_url, texts
from tests.helpers import Person, code_of


def test_moderator_pins_and_everybody_reads(
    mona: Person, bob: Person, channel: Channel, say: Callable, logged: list[Pushed], commits: Callable
) -> None:
    first, second = say(bob, "First"), say(bob, "Second")
    logged.clear()
    with commits():
        seen = mona.put(messages_url(channel, first.pk, "pin")).json()
        mona.put(messages_url(channel, second.pk, "pin"))
    assert seen["pinned_at"]
    del seen["reactions"]
    assert logged[0] == (3, "message.changed", seen)
    assert texts(bob.get(f"channels/{channel.pk}/pins/").json()) == ["Second", "First"]
    with commits():
        assert mona.delete(messages_url(channel, second.pk, "pin")).json()["pinned_at"] is None
    assert texts(bob.get(f"channels/{channel.pk}/pins/").json()) == ["First"]
    assert [offset for offset, *_rest in logged] == [3, 4, 5]


def test_pinning_again_changes_nothing(mona: Person, bob: Person, channel: Channel, say: Callable) -> None:
    message = say(bob)
    answers = [mona.put(messages_url(channel, message.pk, "pin")).json() for _time in range(2)]
    assert answers[0] == answers[1]
    assert SpaceLog.objects.get().offset == 2


def test_members_pin_nothing_and_are_told_so(bob: Person, channel: Channel, say: Callable) -> None:
    message = say(bob)
    for answer in (
        bob.put(messages_url(channel, message.pk, "pin")),
        bob.delete(messages_url(channel, message.pk, "pin")),
    ):
        assert code_of(answer) == (403, "not_moderator")


def test_fifty_are_pinned_at_most(mona: Person, bob: Person, channel: Channel, say: Callable) -> None:
    message = say(bob)
    Message.objects.bulk_create(
        Message(channel=channel, offset=100 + number, text="Old", pinned_at=timezone.now())
        for number in range(50)
    )
    assert code_of(mona.put(messages_url(channel, message.pk, "pin"))) == (409, "too_many_pins")
    assert len(bob.get(f"channels/{channel.pk}/pins/").json()["results"]) == 50


@pytest.mark.parametrize("rows", [1, 3])
def test_pins_cost_the_same_however_many(
    bob: Person, channel: Channel, say: Callable, rows: int, django_assert_num_queries: Callable
) -> None:
    for _row in range(rows):
        say(bob)
    Message.objects.update(pinned_at=timezone.now())
    # The login session and its user; the door; the messages, their mentions and files; the reactions.
    with django_assert_num_queries(7):
        assert len(bob.get(f"channels/{channel.pk}/pins/").json()["results"]) == rows
