"""Making, reading and changing spaces, and which one is active."""

from base64 import b64encode
from typing import Any

import pytest
from django.test.utils import override_settings
from django.utils.translation import override

from identity.models import User
from nonza.errors import Invalid
from spaces.models import Membership, Notification, Space
from spaces.services.limits import checked_name
from spaces.services.spaces import active_space_of
from tests.factories import make_space, make_user
from tests.helpers import Person, code_of


@pytest.fixture
def newcomer(db: None) -> Person:
    """Has just signed up."""
    return Person("203.0.113.40").log_in(make_user("nora@example.org", "Nora"))


def test_first_space_is_ones_own_and_active(newcomer: Person) -> None:
    assert active_space_of(newcomer.user) is None
    answer = newcomer.post("spaces/", {"name": "  Night\u202e watch  ", "description": "At sea"})
    assert answer.status_code == 201
    made = Space.objects.get()
    assert answer.json() == {
        "id": str(made.pk),
        "name": "Night watch",
        "description": "At sea",
        "mode": "sessions_only",
        "role": "owner",
        "muted": False,
        "active": True,
        "members_count": 1,
        "created_at": answer.json()["created_at"],
        "updated_at": answer.json()["updated_at"],
    }
    assert active_space_of(User.objects.get(pk=newcomer.user.pk)) == made


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"name": ""}, "invalid"),
        ({"name": "\u202e \u200b"}, "invalid"),
        ({"name": "x" * 81}, "invalid"),
        ({}, "invalid"),
        ({"name": "x", "description": "x" * 501}, "invalid"),
        ({"name": "x", "mode": "other"}, "invalid"),
        ({"name": "x", "mode": "sessions_and_tasks"}, "mode_not_offered"),
    ],
)
def test_space_that_cannot_be_made(newcomer: Person, fields: dict[str, Any], code: str) -> None:
    assert code_of(newcomer.post("spaces/", fields)) == (400, code)
    assert not Space.objects.exists()


def test_names_hold_what_they_promise(newcomer: Person) -> None:
    assert newcomer.post("spaces/", {"name": "й" * 80, "description": "й" * 500}).status_code == 201


def test_nobody_has_too_many_spaces(newcomer: Person, space: Space) -> None:
    with override_settings(SPACES_PER_USER=2):
        for name in ("One", "Two"):
            assert newcomer.post("spaces/", {"name": name}).status_code == 201
        assert code_of(newcomer.post("spaces/", {"name": "Three"})) == (409, "too_many_spaces")


def test_making_spaces_has_a_rate(newcomer: Person) -> None:
    for _count in range(20):
        assert newcomer.post("spaces/", {"name": "One of many"}).status_code == 201
    assert code_of(newcomer.post("spaces/", {"name": "One more"})) == (429, "rate_limited")


def test_requests_of_a_user_have_a_rate(bob: Person, space: Space) -> None:
    from nonza.env import Rate  # noqa: PLC0415 -- leaf

    with override_settings(RATES={"user": (Rate(2, 24 * 3600),)}):
        assert [bob.get("spaces/").status_code for _count in range(3)] == [200, 200, 429]


def test_list_is_of_ones_own_spaces(bob: Person, space: Space, stranger: Person) -> None:
    found = bob.get("spaces/").json()["results"]
    assert [(row["id"], row["role"], row["members_count"]) for row in found] == [(str(space.pk), "member", 3)]


@pytest.mark.parametrize("count", [1, 30])
def test_list_asks_as_little_for_many(bob: Person, django_assert_num_queries: Any, count: int) -> None:
    for number in range(count):
        make_space(f"Space {number}", owner=bob.user)
    bob.get("spaces/")
    with django_assert_num_queries(3):  # login session, user, spaces
        assert len(bob.get("spaces/").json()["results"]) == count


@pytest.mark.parametrize(
    ("who", "fields", "answer"),
    [
        ("alice", {"name": "Fleet"}, 200),
        ("alice", {"description": "All hands"}, 200),
        ("mona", {"name": "Fleet"}, "not_owner"),
        ("mona", {"name": "Northlight Ferries"}, 200),  # as it is
        ("mona", {"description": "All hands"}, 200),
        ("bob", {"description": "All hands"}, "not_moderator"),
        ("stranger", {"description": "All hands"}, "space_not_found"),
        ("alice", {"name": " "}, "invalid"),
        ("stranger", {"name": " "}, "space_not_found"),
    ],
)
def test_who_changes_what(
    request: pytest.FixtureRequest, space: Space, who: str, fields: dict[str, Any], answer: Any
) -> None:
    got = request.getfixturevalue(who).patch(f"spaces/{space.pk}/", fields)
    assert (got.json()["code"] if got.status_code >= 400 else got.status_code) == answer
    if answer == 200:
        assert {name: got.json()[name] for name in fields} == fields


def test_all_members_hear_of_a_new_name(
    alice: Person, bob: Person, space: Space, pushes: list, commits: Any
) -> None:
    with commits():
        alice.patch(f"spaces/{space.pk}/", {"name": "Fleet"})
    heard = [(group, event) for group, event, _payload in pushes]
    assert heard.count((f"space:{space.pk}", "space.changed")) == 1
    assert (f"user:{bob.user.pk}", "space.changed") in heard
    assert (f"user:{bob.user.pk}", "notification.created") in heard
    assert (f"user:{alice.user.pk}", "notification.created") not in heard
    news = Notification.objects.get(user=bob.user)
    assert (news.kind, news.content["name_before"]) == ("space.renamed", "Northlight Ferries")
    assert news.content["space_name"] == "Fleet"


def test_description_alone_is_no_news(alice: Person, space: Space) -> None:
    alice.patch(f"spaces/{space.pk}/", {"description": "Fleet"})
    assert not Notification.objects.exists()


@pytest.mark.parametrize(
    ("who", "code"), [("mona", "not_owner"), ("bob", "not_owner"), ("alice", "mode_not_offered")]
)
def test_mode_with_tasks_is_not_offered(
    request: pytest.FixtureRequest, space: Space, who: str, code: str
) -> None:
    got = request.getfixturevalue(who).send("PUT", f"spaces/{space.pk}/mode/", {"mode": "sessions_and_tasks"})
    assert got.json()["code"] == code


def test_mode_with_tasks_where_there_are_tasks(
    alice: Person, bob: Person, space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("django.apps.apps.is_installed", lambda _name: True)
    got = alice.send("PUT", f"spaces/{space.pk}/mode/", {"mode": "sessions_and_tasks"})
    assert got.json()["mode"] == "sessions_and_tasks"
    news = Notification.objects.get(user=bob.user)
    assert (news.kind, news.content["mode"]) == ("space.mode_changed", "sessions_and_tasks")


def test_one_goes_from_space_to_space(bob: Person, space: Space) -> None:
    own = make_space("Own", owner=bob.user)
    answer = bob.post(f"spaces/{space.pk}/active/")
    assert answer.json()["active"] is True
    assert User.objects.get(pk=bob.user.pk).active_space == space
    assert bob.post(f"spaces/{own.pk}/active/").status_code == 200


def test_nobody_goes_into_a_foreign_space(stranger: Person, space: Space) -> None:
    before = stranger.user.active_space_id
    assert code_of(stranger.post(f"spaces/{space.pk}/active/")) == (404, "space_not_found")
    assert User.objects.get(pk=stranger.user.pk).active_space_id == before


def test_active_space_that_is_none_any_more_is_mended(bob: Person, space: Space) -> None:
    own = make_space("Own", owner=bob.user)
    User.objects.filter(pk=bob.user.pk).update(active_space=space)
    Membership.objects.filter(user=bob.user, space=space).delete()
    assert active_space_of(User.objects.get(pk=bob.user.pk)) == own
    assert User.objects.get(pk=bob.user.pk).active_space == own


BEFORE_ALL_TIME = b64encode(b"p=0001-01-01T00:00:00%2B23:59").decode()


@pytest.mark.parametrize("place", ["cD14", "bz14", "o", BEFORE_ALL_TIME])
@pytest.mark.parametrize("path", ["spaces/", "spaces/{}/members/", "spaces/{}/channels/", "notifications/"])
def test_place_in_a_list_that_we_never_gave(bob: Person, space: Space, path: str, place: str) -> None:
    answer = bob.get(f"{path.format(space.pk)}?cursor={place}")
    assert answer.status_code in {400, 404}
    assert answer["Content-Type"] == "application/problem+json"


def test_refusal_of_a_name_speaks_the_language_of_the_person() -> None:
    with override("ru"), pytest.raises(Invalid) as refusal:
        checked_name("x" * 81, field="name", at_most=80)
    assert refusal.value.errors[0]["detail"] == "Здесь не больше 80 символов."
