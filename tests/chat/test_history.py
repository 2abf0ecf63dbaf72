"""Reading a text channel: pages in both directions, moments, neighbours, and where one stopped reading."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from chat.models import Message, ReadMark, SpaceLog
from spaces.models import Channel, Membership, Space
from tests.chat.wording import messages_url, page, texts
from tests.factories import make_channel, make_user
from tests.helpers import Person, code_of


@pytest.fixture
def seven(bob: Person, alice: Person, space: Space, channel: Channel, say: Callable) -> list[Message]:
    """Seven messages, with what happens elsewhere between them."""
    other = make_channel(space, "watch", kind=Channel.Type.TEXT)
    written = []
    for number in range(1, 8):
        written.append(say(alice if number % 2 else bob, f"{number}"))
        say(bob, "elsewhere", channel_id=other.pk)
    return written


def test_empty_channel(bob: Person, space: Space, channel: Channel) -> None:
    read = page(bob, channel)
    log = SpaceLog.objects.get()
    assert read == {
        "results": [],
        "epoch": str(log.epoch),
        "offset": 0,
        "has_before": False,
        "has_after": False,
        "read_offset": None,
        "first_unread_id": None,
    }
    assert page(bob, channel)["epoch"] == read["epoch"]


def test_last_page_comes_first_and_says_where_the_log_stands(
    bob: Person, channel: Channel, seven: list[Message]
) -> None:
    read = page(bob, channel, limit=3)
    assert (texts(read), read["has_before"], read["has_after"]) == (["5", "6", "7"], True, False)
    assert read["offset"] == 14
    assert [message["offset"] for message in read["results"]] == [9, 11, 13]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"before": 9, "limit": 3}, (["2", "3", "4"], True, True)),
        ({"before": 7, "limit": 3}, (["1", "2", "3"], False, True)),
        ({"before": 1}, ([], False, True)),
        ({"before": 999, "limit": 2}, (["6", "7"], True, False)),
        ({"after": 0, "limit": 3}, (["1", "2", "3"], False, True)),
        ({"after": 9, "limit": 3}, (["6", "7"], True, False)),
        ({"after": 13}, ([], True, False)),
        ({"after": 4, "limit": 2}, (["3", "4"], True, True)),
        ({"after": 0, "limit": 7}, (["1", "2", "3", "4", "5", "6", "7"], False, False)),
        ({"before": 9007199254740991, "limit": 1}, (["7"], True, False)),
    ],
)
def test_pages_in_both_directions(
    bob: Person, channel: Channel, seven: list[Message], query: dict[str, int], expected: tuple
) -> None:
    read = page(bob, channel, **query)
    assert (texts(read), read["has_before"], read["has_after"]) == expected


@pytest.mark.parametrize(
    ("limit", "expected"),
    [
        (1, (["4"], True, True)),
        (2, (["3", "4"], True, True)),
        (3, (["3", "4", "5"], True, True)),
        (5, (["2", "3", "4", "5", "6"], True, True)),
        (50, (["1", "2", "3", "4", "5", "6", "7"], False, False)),
    ],
)
def test_message_and_its_neighbours(
    bob: Person, channel: Channel, seven: list[Message], limit: int, expected: tuple
) -> None:
    read = page(bob, channel, around=seven[3].pk, limit=limit)
    assert (texts(read), read["has_before"], read["has_after"]) == expected


def test_neighbours_of_what_is_not_there(
    bob: Person, space: Space, channel: Channel, seven: list[Message]
) -> None:
    elsewhere = Message.objects.exclude(channel=channel).first()
    assert elsewhere
    for message_id in (uuid4(), elsewhere.pk):
        answer = bob.get(f"{messages_url(channel)}?around={message_id}")
        assert code_of(answer) == (404, "message_not_found")


def test_page_from_a_moment_on(bob: Person, channel: Channel, seven: list[Message]) -> None:
    begin = timezone.now() - timedelta(days=7)
    for number, message in enumerate(seven):
        Message.objects.filter(pk=message.pk).update(created_at=begin + timedelta(days=number))

    def since(days: float) -> tuple[list[str], bool, bool]:
        moment = (begin + timedelta(days=days)).isoformat().replace("+00:00", "Z")
        read = page(bob, channel, since=moment, limit=3)
        return texts(read), read["has_before"], read["has_after"]

    assert since(-1) == (["1", "2", "3"], False, True)
    assert since(2) == (["3", "4", "5"], True, True)
    assert since(2.5) == (["4", "5", "6"], True, True)
    assert since(6.5) == ([], True, False)


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=201",
        "limit=many",
        "before=-1",
        "before=9007199254740992",
        "after=x",
        "since=yesterday",
        "around=that",
        "before=1&after=1",
        "since=2026-11-21T00:00:00Z&around=019aa3c4-5f00-7000-8000-000000000001",
    ],
)
def test_question_that_makes_no_sense(bob: Person, channel: Channel, query: str) -> None:
    assert code_of(bob.get(f"{messages_url(channel)}?{query}")) == (400, "invalid")


def test_tombstones_keep_their_place(alice: Person, channel: Channel, seven: list[Message]) -> None:
    alice.delete(messages_url(channel, seven[2].pk))
    read = page(alice, channel, limit=4, after=0)
    assert texts(read) == ["1", "2", "", "4"]
    assert [bool(message["deleted_at"]) for message in read["results"]] == [False, False, True, False]


def test_first_unread_is_of_others_and_stands(
    alice: Person, bob: Person, channel: Channel, seven: list[Message]
) -> None:
    assert page(bob, channel)["first_unread_id"] == str(seven[0].pk)  # he has never read, and was there
    ReadMark.objects.create(user=bob.user, channel=channel, offset=seven[2].offset)
    read = page(bob, channel, limit=1)
    assert (read["read_offset"], read["first_unread_id"]) == (seven[2].offset, str(seven[4].pk))
    alice.delete(messages_url(channel, seven[4].pk))
    assert page(bob, channel)["first_unread_id"] == str(seven[6].pk)
    ReadMark.objects.update(offset=seven[6].offset)
    assert page(bob, channel)["first_unread_id"] is None


def test_what_was_written_before_one_joined_is_not_new(
    alice: Person, space: Space, channel: Channel, seven: list[Message], say: Callable
) -> None:
    user = make_user("nina@example.org", "Nina")
    Membership.objects.create(space=space, user=user)
    nina = Person("203.0.113.14").log_in(user)
    assert page(nina, channel)["first_unread_id"] is None
    new = say(alice)
    assert page(nina, channel)["first_unread_id"] == str(new.pk)


def test_page_costs_the_same_however_many_stand_on_it(
    bob: Person, alice: Person, channel: Channel, say: Callable, django_assert_num_queries: Callable
) -> None:
    ReadMark.objects.create(user=bob.user, channel=channel, offset=0)
    for rows in (1, 3):
        while Message.objects.count() < rows:
            message = say(alice, reply_to=say(bob).pk if rows > 1 else None)
            alice.put(messages_url(channel, message.pk, "reactions"), {"emoji": "👋"})
        # The login session and its user; the door with the log; the messages with authors and quotes,
        # mentions, files; what is first unread; the reactions.
        with django_assert_num_queries(8):
            page(bob, channel)


def test_nothing_is_counted_or_sorted_to_read_a_page(
    bob: Person, channel: Channel, seven: list[Message]
) -> None:
    """So a channel with 100,000 messages costs what one with 100 does: each part is found by an index."""
    queries: list[str] = []
    for query in (
        {},
        {"before": 9},
        {"after": 3},
        {"around": seven[3].pk},
        {"since": "2026-01-01T00:00:00Z"},
    ):
        with CaptureQueriesContext(
            connection,
        ) as captured:
            page(bob, channel, **query)
        queries += [entry["sql"] for entry in captured if "chat_message" in entry["sql"]]
    assert not [sql for sql in queries if "COUNT(" in sql and "chat_reaction" not in sql]
    if connection.vendor == "sqlite":
        plans = [plan for sql in queries for plan in _plan(sql)]
        assert not [plan for plan in plans if "SCAN" in plan and "chat_message" in plan]


def _plan(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return [row[3] for row in cursor.fetchall()]
