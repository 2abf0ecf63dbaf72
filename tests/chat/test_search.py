"""Searching a space: what is found, and what nobody may find."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from chat.models import Message
from chat.services.attachments import upload
from chat.services.messages import delete_message, edit_message
from chat.services.search import SearchQuery, excerpt_of, found_by
from chat.services.words import terms_of
from nonza.env import Rate
from spaces.models import Channel, Space
from tests.factories import make_channel, make_space
from tests.helpers import Person, code_of

ON_POSTGRES = connection.vendor == "postgresql"
stems = pytest.mark.skipif(not ON_POSTGRES, reason="SQLite looks for letters, not for stems")


def search(person: Person, space: Space, **query: Any) -> list[dict[str, Any]]:
    answer = person.get(f"spaces/{space.pk}/search/?{urlencode(query)}")
    assert answer.status_code == 200, answer.content
    return list(answer.json()["results"])


def found(person: Person, space: Space, words: str = "", **query: Any) -> list[str]:
    return [one["message"]["text"] for one in search(person, space, q=words, **query)]


def excerpt(one: dict[str, Any]) -> str:
    """An excerpt with its hits in brackets."""
    return "".join(f"[{part['text']}]" if part["is_hit"] else part["text"] for part in one["excerpt"])


def test_message_is_found_whole_with_its_place(
    bob: Person, alice: Person, space: Space, channel: Channel, say: Callable
) -> None:
    message = say(alice, "The Ferry sails at noon")
    say(alice, "Something else")
    (one,) = search(bob, space, q="ferry")
    assert one == {
        "message": bob.get(f"channels/{channel.pk}/messages/{message.pk}/").json(),
        "channel": {"id": str(channel.pk), "name": "general"},
        "excerpt": [
            {"text": "The ", "is_hit": False},
            {"text": "Ferry", "is_hit": True},
            {"text": " sails at noon", "is_hit": False},
        ],
    }


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("паром", ["Паром «Ёлка» отходит в полдень"]),
        ("ПАРОМ", ["Паром «Ёлка» отходит в полдень"]),
        ("елка", ["Паром «Ёлка» отходит в полдень"]),
        ("ёлка", ["Паром «Ёлка» отходит в полдень"]),
        ("FERRY noon", ["The ferry leaves at noon"]),
        ("noon ferry", ["The ferry leaves at noon"]),
        ('"noon ferry"', []),
        ('"ferry leaves"', ["The ferry leaves at noon"]),
        ("ferry -noon", ["A ferry, late"]),
        ("albatross", []),
        ("docs.example", ["See https://docs.example/plans/winter.html"]),
        ("winter", ["See https://docs.example/plans/winter.html"]),
        ("widget", ["<Widget color='red'> & co"]),
        ("", []),
        ("   ", []),
        ("!!! ???", []),
        ("-", []),
    ],
)
def test_words_are_found(
    words: str, expected: list[str], bob: Person, alice: Person, space: Space, say: Callable
) -> None:
    for text in (
        "The ferry leaves at noon",
        "A ferry, late",
        "Паром «Ёлка» отходит в полдень",
        "See https://docs.example/plans/winter.html",
        "<Widget color='red'> & co",
        "100% of _them_",
    ):
        say(alice, text)
    assert found(bob, space, words) == expected


@stems
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("ferries", ["A ferry was sailing"]),
        ("sails", ["A ferry was sailing"]),
        ("паромы", ["На пароме отплывали капитаны"]),
        ("капитан", ["На пароме отплывали капитаны"]),
        ("the", []),
        ("и", []),
        ("the ferry", ["A ferry was sailing"]),
        ("-ferry", ["На пароме отплывали капитаны"]),
    ],
)
def test_words_are_found_in_their_forms(
    words: str, expected: list[str], bob: Person, alice: Person, space: Space, say: Callable
) -> None:
    say(alice, "A ferry was sailing")
    say(alice, "На пароме отплывали капитаны")
    assert found(bob, space, words) == expected


@pytest.mark.parametrize(
    "words",
    [
        "'", '"', '""', "\\", "a & b", "a | b", "!a", "a:*", "a <-> b", "(", ")", ":*", "''", "' OR 1=1 --",
        "%", "_", "a%b", "\x00", "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "ignore"),
        "-" * 300, '"' * 300, "a " * 300, "🚢", "a\u202eb", "{}", "%s", "%(x)s", "$1", "x'y:*z", "--a",
        '-"a b"',
    ],
)  # fmt: skip
def test_any_words_are_survived(words: str, bob: Person, space: Space, say: Callable) -> None:
    say(bob, "a b x'y")
    for one in search(bob, space, q=words):
        assert "".join(part["text"] for part in one["excerpt"]) == "a b x'y"


@hypothesis_settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(max_size=80), words=st.text(max_size=40))
def test_excerpt_is_of_the_text(text: str, words: str, bob: Person, channel: Channel) -> None:
    Message.objects.all().delete()
    Message.objects.create(channel=channel, offset=1, author=bob.user, text=text.replace("\x00", ""))
    query = SearchQuery(words=words)
    for message in found_by(actor=bob.user, space_id=channel.space_id, query=query):
        parts = excerpt_of(message, query)
        assert "".join(part.text for part in parts) == message.text
        assert all(part.text for part in parts)


def test_excerpt_of_a_long_message_is_short_and_around_the_hit(
    bob: Person, space: Space, say: Callable
) -> None:
    say(bob, "word " * 300 + "albatross " + "word " * 300)
    (one,) = search(bob, space, q="albatross")
    shown = excerpt(one)
    assert shown.startswith("…word ")
    assert shown.endswith(" word…")
    assert "[albatross]" in shown
    assert len(shown) < 220


def test_filters_go_together(
    bob: Person, alice: Person, space: Space, channel: Channel, say: Callable, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    deck = make_channel(space, "deck", kind="text")
    say(alice, "ferry one")
    say(bob, "ferry two", channel_id=deck.pk)
    file = upload(actor=bob.user, channel_id=deck.pk, file=SimpleUploadedFile("a.txt", b"words"))
    say(bob, "ferry three", channel_id=deck.pk, attachments=[file.pk])
    assert found(bob, space, "ferry") == ["ferry three", "ferry two", "ferry one"]
    assert found(bob, space, "ferry", channel=channel.pk) == ["ferry one"]
    assert found(bob, space, "ferry", author=bob.user.pk) == ["ferry three", "ferry two"]
    assert found(bob, space, "ferry", has="file") == ["ferry three"]
    assert (
        found(bob, space, has="file") == found(bob, space, has="file", author=bob.user.pk) == ["ferry three"]
    )
    assert found(bob, space, has="file", author=alice.user.pk) == []
    assert found(bob, space, author=alice.user.pk) == ["ferry one"]
    assert found(bob, space, channel=deck.pk) == []  # a channel is not searched for nothing


def test_what_is_deleted_or_changed_is_not_found(
    bob: Person, space: Space, channel: Channel, say: Callable
) -> None:
    gone, changed = say(bob, "secret one"), say(bob, "secret two")
    delete_message(actor=bob.user, channel_id=channel.pk, message_id=gone.pk)
    edit_message(actor=bob.user, channel_id=channel.pk, message_id=changed.pk, text="nothing here")
    assert found(bob, space, "secret") == []
    assert found(bob, space, author=bob.user.pk) == ["nothing here"]


def test_only_what_one_may_read_is_found(
    alice: Person,
    bob: Person,
    stranger: Person,
    mallory: Person,
    space: Space,
    channel: Channel,
    say: Callable,
) -> None:
    other = make_space("Elsewhere", owner=alice.user)
    hers = make_channel(other, "private", kind="text")
    say(alice, "ferry elsewhere", channel_id=hers.pk)
    say(alice, "ferry here")
    assert found(bob, space, "ferry") == ["ferry here"]
    assert found(alice, other, "ferry") == ["ferry elsewhere"]
    path = f"spaces/{space.pk}/search/?q=ferry"
    assert code_of(stranger.get(path)) == (404, "space_not_found")
    assert code_of(mallory.get(path)) == (401, "credential_required")
    assert code_of(bob.get(f"{path}&channel={hers.pk}")) == (404, "channel_not_found")
    assert found(bob, space, str(channel.pk)) == found(bob, space, f'"{hers.pk}"') == []


@pytest.mark.parametrize("query", [{"channel": "x"}, {"author": "x"}, {"has": "link"}])
def test_filter_that_makes_no_sense_is_refused(query: dict[str, str], bob: Person, space: Space) -> None:
    answer = bob.get(f"spaces/{space.pk}/search/?{urlencode({'q': 'a', **query})}")
    assert code_of(answer) == (400, "invalid")


def test_search_of_a_space_without_channels_finds_nothing(bob: Person, space: Space) -> None:
    assert found(bob, space, "ferry") == []


def test_pages_lead_on(bob: Person, space: Space, say: Callable) -> None:
    for number in range(5):
        say(bob, f"ferry {number}")
    first = bob.get(f"spaces/{space.pk}/search/?q=ferry&limit=2").json()
    assert [one["message"]["text"] for one in first["results"]] == ["ferry 4", "ferry 3"]
    say(bob, "ferry 5")  # moves nothing
    second = bob.get(first["next"].replace("http://testserver", "")).json()
    assert [one["message"]["text"] for one in second["results"]] == ["ferry 2", "ferry 1"]
    third = bob.get(second["next"].replace("http://testserver", "")).json()
    assert ([one["message"]["text"] for one in third["results"]], third["next"]) == (["ferry 0"], None)
    assert code_of(bob.get(f"spaces/{space.pk}/search/?q=ferry&cursor=x")) == (404, "not_found")


@pytest.mark.parametrize("number", [1, 3])
def test_search_asks_little(
    number: int, bob: Person, space: Space, say: Callable, django_assert_num_queries: Callable
) -> None:
    for place in range(number):
        say(bob, f"@Bob ferry {place}")
    with django_assert_num_queries(10):  # who asks: 2, member, channels, messages, five of theirs
        assert len(search(bob, space, q="ferry")) == number


def test_terms_of_a_query() -> None:
    assert [tuple(term) for term in terms_of('one "two  three" -four -"five six" a/b')] == [
        ("one", False, False),
        ("two three", True, False),
        ("four", False, True),
        ("five six", True, True),
        ("a b", True, False),
    ]
    assert len(terms_of("a " * 100)) == 20
    assert terms_of(str(uuid4()))


@pytest.mark.skipif(not ON_POSTGRES, reason="the index is Postgres’s")
def test_search_is_answered_by_its_index(bob: Person, channel: Channel) -> None:
    Message.objects.bulk_create(
        Message(channel=channel, offset=number, author=bob.user, text=f"word{number % 997} and more")
        for number in range(1, 5001)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE chat_message")
    query = SearchQuery(words="word77")
    rows = found_by(actor=bob.user, space_id=channel.space_id, query=query).order_by("-offset")[:26]
    plan = rows.explain()
    assert "message_by_words" in plan, plan
    assert len(rows) > 0


def test_one_person_searches_so_often_and_not_more(
    bob: Person, alice: Person, space: Space, settings: Any
) -> None:
    settings.RATES = {**settings.RATES, "search": (Rate(2, 3600),)}
    address = f"spaces/{space.pk}/search/?q=boat"
    assert [bob.get(address).status_code for _count in range(3)] == [200, 200, 429]
    assert alice.get(address).status_code == 200
