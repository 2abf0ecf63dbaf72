"""Channels: making, changing, ordering and deleting them."""

from typing import Any

import pytest
from django.test.utils import override_settings

from spaces.models import Channel, Space
from spaces.signals import channel_changed, channel_deleting
from tests.factories import make_channel
from tests.helpers import Person, code_of


@pytest.fixture
def three(space: Space) -> list[Channel]:
    return [make_channel(space, name) for name in ("Bridge", "Deck", "Galley")]


def names(person: Person, space: Space) -> list[str]:
    return [row["name"] for row in person.get(f"spaces/{space.pk}/channels/").json()["results"]]


@pytest.mark.parametrize(
    ("who", "fields", "answer"),
    [
        ("alice", {"type": "voice", "name": "Bridge"}, 201),
        ("mona", {"type": "video", "name": "Bridge", "topic": "Watches", "max_participants": 200}, 201),
        ("bob", {"type": "voice", "name": "Bridge"}, "not_moderator"),
        ("stranger", {"type": "voice", "name": "Bridge"}, "space_not_found"),
        ("alice", {"type": "text", "name": "general"}, 201),
        ("alice", {"type": "radio", "name": "Bridge"}, "invalid"),
        ("alice", {"type": "voice", "name": "\u200b"}, "invalid"),
        ("alice", {"type": "voice", "name": "x" * 81}, "invalid"),
        ("alice", {"type": "voice", "name": "x", "topic": "x" * 251}, "invalid"),
        ("alice", {"type": "voice", "name": "x", "max_participants": 201}, "invalid"),
        ("alice", {"type": "voice", "name": "x", "max_participants": 0}, "invalid"),
    ],
)
def test_who_makes_what(
    request: pytest.FixtureRequest, space: Space, who: str, fields: dict[str, Any], answer: Any
) -> None:
    got = request.getfixturevalue(who).post(f"spaces/{space.pk}/channels/", fields)
    assert (got.json()["code"] if got.status_code >= 400 else got.status_code) == answer
    assert Channel.objects.count() == (answer == 201)


def test_no_text_channels_where_there_is_no_chat(alice: Person, space: Space, without_chat: None) -> None:
    got = alice.post(f"spaces/{space.pk}/channels/", {"type": "text", "name": "Log"})
    assert got.json()["code"] == "channel_type_not_offered"


def test_text_channels_of_before_are_hidden_where_there_is_no_chat_any_more(
    alice: Person, bob: Person, space: Space, without_chat: None
) -> None:
    written = make_channel(space, "Log", kind=Channel.Type.TEXT)
    make_channel(space, "Deck")
    assert names(bob, space) == ["Deck"]
    for got in (
        bob.get(f"channels/{written.pk}/"),
        alice.patch(f"channels/{written.pk}/", {"name": "Logbook"}),
        alice.delete(f"channels/{written.pk}/"),
    ):
        assert got.json()["code"] == "channel_not_found"
    assert Channel.objects.filter(pk=written.pk).exists()


def test_new_channel_stands_at_the_end(
    alice: Person, space: Space, three: list[Channel], pushes: list, commits: Any
) -> None:
    Channel.objects.filter(pk=three[0].pk).delete()
    with commits():
        made = alice.post(f"spaces/{space.pk}/channels/", {"type": "voice", "name": "Hold"}).json()
    assert names(alice, space) == ["Deck", "Galley", "Hold"]
    assert made["max_participants"] == 10
    assert (f"space:{space.pk}", "channel.created", {"channel": made}) in pushes


@pytest.mark.parametrize("count", [1, 30])
def test_list_asks_as_little_for_many(
    bob: Person, space: Space, django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        make_channel(space, f"Channel {number}")
    with django_assert_num_queries(4):  # login session, user, own membership, channels
        assert len(names(bob, space)) == count


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (0, ["Galley", "Bridge", "Deck"]),
        (1, ["Bridge", "Galley", "Deck"]),
        (2, ["Bridge", "Deck", "Galley"]),
        (9, ["Bridge", "Deck", "Galley"]),
        (2**64 - 1, ["Bridge", "Deck", "Galley"]),
    ],
)
def test_channel_is_moved(
    mona: Person, space: Space, three: list[Channel], position: int, expected: list[str]
) -> None:
    answer = mona.patch(f"channels/{three[2].pk}/", {"position": position})
    assert answer.status_code == 200
    assert names(mona, space) == expected
    places = Channel.objects.filter(space=space).order_by("position").values_list("position", flat=True)
    assert list(places) == [0, 1, 2]


def test_change_is_told(mona: Person, space: Space, three: list[Channel], pushes: list, commits: Any) -> None:
    heard = []

    def note(channel: Channel, **_more: Any) -> None:
        heard.append((channel.name, channel.max_participants))

    channel_changed.connect(note)
    with commits():
        got = mona.patch(f"channels/{three[0].pk}/", {"name": "Wheel house", "max_participants": 4})
    channel_changed.disconnect(note)
    assert heard == [("Wheel house", 4)]
    assert (f"space:{space.pk}", "channel.changed", {"channel": got.json()}) in pushes


def test_apps_above_hear_of_a_deletion_before_it(
    mona: Person, space: Space, three: list[Channel], pushes: list, commits: Any
) -> None:
    heard = []

    def note(channel: Channel, **_more: Any) -> None:
        heard.append(Channel.objects.filter(pk=channel.pk).exists())

    channel_deleting.connect(note)
    with commits():
        assert mona.delete(f"channels/{three[0].pk}/").status_code == 204
    channel_deleting.disconnect(note)
    assert heard == [True]
    assert not Channel.objects.filter(pk=three[0].pk).exists()
    assert (f"space:{space.pk}", "channel.deleted", {"id": str(three[0].pk)}) in pushes


@pytest.mark.parametrize(
    ("who", "code"), [("bob", "not_moderator"), ("stranger", "channel_not_found"), ("mallory", None)]
)
@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_who_changes_nothing(
    request: pytest.FixtureRequest, three: list[Channel], who: str, code: str | None, method: str
) -> None:
    got = request.getfixturevalue(who).send(method, f"channels/{three[0].pk}/", {"name": "Mine"})
    assert got.json()["code"] == (code or "credential_required")


def test_space_has_so_many_channels(alice: Person, space: Space, three: list[Channel]) -> None:
    with override_settings(CHANNELS_PER_SPACE=3):
        got = alice.post(f"spaces/{space.pk}/channels/", {"type": "voice", "name": "One more"})
    assert code_of(got) == (409, "too_many_channels")
