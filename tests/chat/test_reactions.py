"""Reactions to messages: by one emoji each, counted, and shown as the reader sees them."""

from collections.abc import Callable
from typing import Any

import pytest

from chat.models import Message, Reaction, SpaceLog
from spaces.models import Channel, Membership, Space
from tests.chat.wording import Pushed, messages_url, page
from tests.factories import make_user
from tests.helpers import Person, code_of


def react(person: Person, message: Message, emoji: str, *, on: bool = True) -> Any:
    url = messages_url(message.channel, message.pk, "reactions")
    return person.send("PUT" if on else "DELETE", url, {"emoji": emoji})


def test_reaction_is_set_told_and_taken_back(
    bob: Person, channel: Channel, say: Callable, logged: list[Pushed], commits: Callable
) -> None:
    message = say(bob)
    logged.clear()
    with commits():
        answers = [react(bob, message, "👋"), react(bob, message, "👋", on=False)]
    assert [answer.json() for answer in answers] == [
        {"emoji": "👋", "count": 1, "mine": True},
        {"emoji": "👋", "count": 0, "mine": False},
    ]
    assert bob.user
    about = {
        "message_id": str(message.pk),
        "channel_id": str(channel.pk),
        "emoji": "👋",
        "user_id": str(bob.user.pk),
        "display_name": "Bob",
    }
    assert logged == [
        (2, "reaction.changed", {**about, "count": 1, "added": True}),
        (3, "reaction.changed", {**about, "count": 0, "added": False}),
    ]


def test_what_is_so_already_is_not_told_again(bob: Person, say: Callable) -> None:
    message = say(bob)
    answers = [
        react(bob, message, "👋", on=False),
        react(bob, message, "👋"),
        react(bob, message, "👋"),
    ]
    assert [answer.json()["count"] for answer in answers] == [0, 1, 1]
    assert SpaceLog.objects.get().offset == 2


def test_reaction_to_take_back_may_be_named_in_the_address(bob: Person, say: Callable) -> None:
    message = say(bob)
    react(bob, message, "👋")
    bob.delete(messages_url(message.channel, message.pk, "reactions") + "?emoji=%F0%9F%91%8B")
    assert not Reaction.objects.exists()


def test_everybody_sees_which_are_theirs(alice: Person, bob: Person, channel: Channel, say: Callable) -> None:
    message = say(bob)
    for person, emoji in ((bob, "🎉"), (alice, "👋"), (bob, "👋")):
        react(person, message, emoji)
    assert page(alice, channel)["results"][0]["reactions"] == [
        {"emoji": "🎉", "count": 1, "mine": False, "names": ["Bob"]},
        {"emoji": "👋", "count": 2, "mine": True, "names": ["Alice", "Bob"]},
    ]


def test_names_are_those_of_the_first_ten(bob: Person, space: Space, channel: Channel, say: Callable) -> None:
    message = say(bob)
    for number in range(12):
        user = make_user(f"{number}@example.org", f"Sailor {number}")
        Membership.objects.create(space=space, user=user)
        Reaction.objects.create(message=message, user=user, emoji="👋")
    react(bob, message, "👋")
    (shown,) = page(bob, channel)["results"][0]["reactions"]
    assert (shown["count"], shown["mine"]) == (13, True)
    assert shown["names"] == [f"Sailor {number}" for number in range(10)]


@pytest.mark.parametrize("emoji", ["👍", "👍🏽", "❤️", "❤", "1️⃣", "🇩🇪", "👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "🏳️‍🌈", "©️"])
def test_emoji_of_all_kinds(bob: Person, say: Callable, emoji: str) -> None:
    assert react(bob, say(bob), emoji).status_code == 200


@pytest.mark.parametrize(
    "emoji",
    ["", "a", "1", "#", "👍👍", "👍 👍", "ok", "<b>", "🇩", "\u200d", "👍\u202e", "👍" + "\ufe0f" * 40],
)
def test_what_is_no_emoji(bob: Person, say: Callable, emoji: str) -> None:
    assert code_of(react(bob, say(bob), emoji)) == (400, "invalid")
    assert not Reaction.objects.exists()


def test_message_has_twenty_different_reactions_at_most(alice: Person, bob: Person, say: Callable) -> None:
    message = say(bob)
    for number in range(20):
        Reaction.objects.create(message=message, user=bob.user, emoji=chr(0x1F600 + number))
    assert code_of(react(alice, message, "👋")) == (409, "too_many_reactions")
    assert react(alice, message, chr(0x1F600)).json()["count"] == 2
    react(bob, message, chr(0x1F601), on=False)
    assert react(alice, message, "👋").status_code == 200


def test_reacting_asks_the_database_the_same_however_many_did(
    alice: Person, bob: Person, space: Space, say: Callable, django_assert_num_queries: Callable
) -> None:
    message = say(bob)
    for others in (1, 3):
        while message.reactions.count() < others:
            user = make_user(f"{message.reactions.count()}@example.org")
            Reaction.objects.create(message=message, user=user, emoji="👋")
        react(alice, message, "👋", on=False)
        # The login session and its user; the door; savepoint, the log locked, the door again, the message,
        # its reactions, the new one, the log, its event, release.
        with django_assert_num_queries(12):
            react(alice, message, "👋")
        react(alice, message, "👋", on=False)
