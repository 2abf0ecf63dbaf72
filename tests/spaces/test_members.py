"""Members: roles, leaving, being removed, handing over."""

from collections.abc import Callable
from typing import Any

import pytest

from identity.models import User
from nonza.realtime import space_group
from spaces.models import Membership, Notification, Space
from spaces.signals import membership_changed, membership_ended
from tests.factories import make_space, make_user
from tests.helpers import Person, code_of


def member(space: Space, person: Person) -> Membership:
    return Membership.objects.get(space=space, user=person.user)


def role_of(space: Space, person: Person) -> str:
    return str(member(space, person).role)


@pytest.fixture
def told() -> Any:
    """What apps above heard: (`ended` or `changed`, the user)."""
    heard: list[tuple[str, User]] = []

    def ended(user: User, **_more: Any) -> None:
        heard.append(("ended", user))

    def changed(membership: Membership, **_more: Any) -> None:
        heard.append(("changed", membership.user))

    membership_ended.connect(ended)
    membership_changed.connect(changed)
    yield heard
    membership_ended.disconnect(ended)
    membership_changed.disconnect(changed)


def test_members_in_the_order_in_which_they_came(bob: Person, alice: Person, space: Space) -> None:
    found = bob.get(f"spaces/{space.pk}/members/").json()["results"]
    assert [row["user"]["display_name"] for row in found] == ["Alice", "Mona", "Bob"]
    assert found[0] == {
        "id": str(member(space, alice).pk),
        "user": {
            "user_id": str(alice.user.pk),
            "display_name": "Alice",
            "color": alice.user.color,
            "avatar_url": None,
        },
        "role": "owner",
        "last_seen_at": None,
        "created_at": found[0]["created_at"],
        "updated_at": found[0]["updated_at"],
    }


def test_e_mails_are_nobodys_business(bob: Person, mona: Person, space: Space) -> None:
    User.objects.filter(pk=mona.user.pk).update(display_name="")
    found = bob.get(f"spaces/{space.pk}/members/")
    assert b"example.org" not in found.content
    assert found.json()["results"][1]["user"]["display_name"] == "mona"
    assert bob.get(f"spaces/{space.pk}/members/?q=example").json()["results"] == []


@pytest.mark.parametrize("query", ["мария", "Мария", "мАРИЯ", "ия", " Мария "])
def test_member_is_found_by_a_part_of_the_name(bob: Person, space: Space, query: str) -> None:
    Membership.objects.create(space=space, user=make_user("m@example.org", "Мария Ким"))
    found = bob.get(f"spaces/{space.pk}/members/?q={query}").json()["results"]
    expected = ["Мария Ким"] if query != "мАРИЯ" else [row["user"]["display_name"] for row in found]
    assert [row["user"]["display_name"] for row in found] == expected


@pytest.mark.parametrize("count", [1, 30])
def test_list_asks_as_little_for_many(alice: Person, django_assert_num_queries: Any, count: int) -> None:
    space = make_space("Many", owner=alice.user)
    for number in range(count - 1):
        Membership.objects.create(space=space, user=make_user(f"{number}@example.org"))
    with django_assert_num_queries(4):  # login session, user, own membership, members
        assert len(alice.get(f"spaces/{space.pk}/members/").json()["results"]) == count


def test_thousand_members_come_in_pages(alice: Person, space: Space) -> None:
    users = [User(email=f"{number}@example.org", display_name="N") for number in range(1000)]
    User.objects.bulk_create(users)
    Membership.objects.bulk_create([Membership(space=space, user=user) for user in users])
    seen: set[str] = set()
    path = f"spaces/{space.pk}/members/?limit=1000"
    pages = 0
    while path:
        page = alice.get(path).json()
        seen |= {row["id"] for row in page["results"]}
        assert len(page["results"]) <= 200
        path = (page["next"] or "").removeprefix("http://testserver")
        pages += 1
    assert (len(seen), pages) == (1003, 6)


@pytest.mark.parametrize(
    ("who", "whom", "role", "answer"),
    [
        ("alice", "bob", "moderator", 200),
        ("alice", "mona", "member", 200),
        ("alice", "alice", "member", "owner_must_stay"),
        ("alice", "bob", "owner", "invalid"),
        ("alice", "stranger", "moderator", "member_not_found"),
        ("mona", "bob", "moderator", "not_owner"),
        ("bob", "bob", "moderator", "not_owner"),
        ("stranger", "bob", "moderator", "space_not_found"),
    ],
)
def test_who_gives_roles(
    request: pytest.FixtureRequest, space: Space, who: str, whom: str, role: str, answer: Any
) -> None:
    target = Membership.objects.get(user=request.getfixturevalue(whom).user)
    got = request.getfixturevalue(who).patch(f"spaces/{space.pk}/members/{target.pk}/", {"role": role})
    assert (got.json()["code"] if got.status_code >= 400 else got.status_code) == answer
    assert Membership.objects.get(pk=target.pk).role == (role if answer == 200 else target.role)


def test_new_role_is_told(
    alice: Person, bob: Person, space: Space, pushes: list, commits: Any, told: list
) -> None:
    with commits():
        alice.patch(f"spaces/{space.pk}/members/{member(space, bob).pk}/", {"role": "moderator"})
    assert told == [("changed", bob.user)]
    payloads = {event: payload for group, event, payload in pushes if group == f"space:{space.pk}"}
    assert payloads["member.changed"]["member"]["role"] == "moderator"
    assert Notification.objects.get(user=bob.user).content["role"] == "moderator"


@pytest.mark.parametrize(
    ("who", "whom", "answer"),
    [
        ("alice", "bob", 204),
        ("alice", "mona", 204),
        ("alice", "alice", "owner_must_stay"),
        ("mona", "bob", 204),
        ("mona", "mona", 204),
        ("mona", "alice", "not_owner"),
        ("bob", "mona", "not_moderator"),
        ("bob", "bob", 204),
        ("stranger", "bob", "space_not_found"),
        ("alice", "stranger", "member_not_found"),
        ("bob", "stranger", "not_moderator"),
    ],
)
def test_who_removes_whom(
    request: pytest.FixtureRequest, space: Space, who: str, whom: str, answer: Any
) -> None:
    target = Membership.objects.get(user=request.getfixturevalue(whom).user)
    got = request.getfixturevalue(who).delete(f"spaces/{space.pk}/members/{target.pk}/")
    assert (got.json()["code"] if got.status_code >= 400 else got.status_code) == answer
    assert Membership.objects.filter(pk=target.pk).exists() == (answer != 204)


def test_who_is_removed_hears_nothing_more_and_has_a_space(
    alice: Person, bob: Person, space: Space, pushes: list, commits: Any, told: list
) -> None:
    mine = member(space, bob)
    with commits():
        alice.delete(f"spaces/{space.pk}/members/{mine.pk}/")
    assert told == [("ended", bob.user)]
    assert (f"membership:{mine.pk}", "close", 4403) in pushes
    gone = {"id": str(mine.pk), "user_id": str(bob.user.pk)}
    assert (f"space:{space.pk}", "member.removed", gone) in pushes
    assert (f"user:{bob.user.pk}", "space.removed", {"space_id": str(space.pk)}) in pushes
    own = Membership.objects.get(user=bob.user)
    assert (own.role, own.space.name) == ("owner", "Space of Bob")
    assert User.objects.get(pk=bob.user.pk).active_space == own.space
    assert Notification.objects.get(user=bob.user).kind == "space.removed"
    assert code_of(bob.get(f"spaces/{space.pk}/")) == (404, "space_not_found")


def test_who_leaves_is_not_told_of_it(bob: Person, space: Space) -> None:
    own = make_space("Own", owner=bob.user)
    assert bob.delete(f"spaces/{space.pk}/membership/").status_code == 204
    assert not Notification.objects.exists()
    assert User.objects.get(pk=bob.user.pk).active_space == own


def test_owner_hands_over_before_leaving(alice: Person, bob: Person, mona: Person, space: Space) -> None:
    assert code_of(alice.delete(f"spaces/{space.pk}/membership/")) == (409, "owner_must_stay")
    answer = alice.send("PUT", f"spaces/{space.pk}/owner/", {"member": str(member(space, bob).pk)})
    assert (answer.status_code, answer.json()["role"]) == (200, "owner")
    assert [role_of(space, person) for person in (alice, bob, mona)] == ["moderator", "owner", "moderator"]
    assert alice.delete(f"spaces/{space.pk}/membership/").status_code == 204


@pytest.mark.parametrize(
    ("who", "code"), [("mona", "not_owner"), ("bob", "not_owner"), ("stranger", "space_not_found")]
)
def test_only_the_owner_hands_over(
    request: pytest.FixtureRequest, bob: Person, space: Space, who: str, code: str
) -> None:
    body = {"member": str(member(space, bob).pk)}
    got = request.getfixturevalue(who).send("PUT", f"spaces/{space.pk}/owner/", body)
    assert got.json()["code"] == code


def test_space_is_handed_to_members_alone(alice: Person, stranger: Person, space: Space) -> None:
    foreign = Membership.objects.get(user=stranger.user)
    got = alice.send("PUT", f"spaces/{space.pk}/owner/", {"member": str(foreign.pk)})
    assert code_of(got) == (404, "member_not_found")


def test_handing_over_to_oneself_changes_nothing(alice: Person, space: Space) -> None:
    got = alice.send("PUT", f"spaces/{space.pk}/owner/", {"member": str(member(space, alice).pk)})
    assert got.status_code == 200
    assert role_of(space, alice) == "owner"


def test_space_can_be_muted(bob: Person, space: Space) -> None:
    assert bob.get(f"spaces/{space.pk}/membership/").json()["muted"] is False
    assert bob.patch(f"spaces/{space.pk}/membership/", {"muted": True}).json()["muted"] is True
    assert bob.get("spaces/").json()["results"][0]["muted"] is True


def test_new_name_is_seen_in_all_spaces(
    bob: Person, space: Space, commits: Callable, pushes: list[Any]
) -> None:
    assert bob.user
    other = make_space("Winter boat", owner=bob.user)
    with commits():
        assert bob.patch("identity/profile/", {"display_name": "Robert"}).status_code == 200
    seen = {
        (group, payload["member"]["user"]["display_name"])
        for group, event, payload in pushes
        if event == "member.changed"
    }
    assert seen == {(space_group(space.pk), "Robert"), (space_group(other.pk), "Robert")}


def test_theme_is_nobody_elses_business(
    bob: Person, space: Space, commits: Callable, pushes: list[Any]
) -> None:
    with commits():
        assert bob.patch("identity/profile/", {"theme": "dark"}).status_code == 200
    assert [event for _group, event, _payload in pushes] == ["profile.changed"]
