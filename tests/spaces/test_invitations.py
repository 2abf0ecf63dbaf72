"""Invitations: who makes which, and whom they let in."""

from datetime import timedelta
from typing import Any

import pytest
from django.test.utils import override_settings
from django.utils import timezone

from identity.models import User
from nonza.env import Rate
from spaces.models import Invitation, Membership, Notification, Space
from tests.factories import make_space, make_user
from tests.helpers import Person, code_of


def invite(person: Person, space: Space, **fields: Any) -> Any:
    return person.post(f"spaces/{space.pk}/invitations/", fields)


@pytest.fixture
def token(alice: Person, space: Space) -> str:
    """A link that Alice made for one member."""
    return str(invite(alice, space, max_uses=1).json()["token"])


@pytest.mark.parametrize(
    ("who", "fields", "answer"),
    [
        ("alice", {}, 201),
        ("alice", {"role": "moderator"}, 201),
        ("alice", {"role": "owner"}, "invalid"),
        ("mona", {}, 201),
        ("mona", {"role": "moderator"}, "not_owner"),
        ("bob", {}, "not_moderator"),
        ("stranger", {}, "space_not_found"),
        ("alice", {"max_uses": 0}, "invalid"),
        ("alice", {"expires_at": "2001-01-01T00:00:00Z"}, "invalid"),
        ("alice", {"note": "x" * 81}, "invalid"),
    ],
)
def test_who_invites_as_what(
    request: pytest.FixtureRequest, space: Space, who: str, fields: dict[str, Any], answer: Any
) -> None:
    got = invite(request.getfixturevalue(who), space, **fields)
    assert (got.json()["code"] if got.status_code >= 400 else got.status_code) == answer


def test_invitation_as_its_maker_sees_it(alice: Person, space: Space) -> None:
    got = invite(alice, space, note=" Deck  crew ", max_uses=5).json()
    invitation = Invitation.objects.get()
    assert len(invitation.token) == 24
    assert got["link"] == f"http://localhost:8000/invite/{invitation.token}/"
    assert (got["note"], got["state"], got["uses"], got["max_uses"]) == ("Deck crew", "open", 0, 5)
    assert got["created_by"]["display_name"] == "Alice"
    assert alice.get(f"spaces/{space.pk}/invitations/").json()["results"] == [got]


@pytest.mark.parametrize("count", [1, 30])
def test_list_asks_as_little_for_many(
    alice: Person, space: Space, django_assert_num_queries: Any, count: int
) -> None:
    for _count in range(count):
        Invitation.objects.create(space=space, created_by=alice.user)
    with django_assert_num_queries(4):  # login session, user, own membership, invitations
        assert len(alice.get(f"spaces/{space.pk}/invitations/").json()["results"]) == count


def test_preview_needs_no_account(mallory: Person, alice: Person, space: Space, token: str) -> None:
    assert mallory.get(f"invitations/{token}/").json() == {
        "space_name": "Northlight Ferries",
        "space_description": "",
        "members_count": 3,
        "role": "member",
        "invited_by": {
            "user_id": str(alice.user.pk),
            "display_name": "Alice",
            "color": alice.user.color,
            "avatar_url": None,
        },
        "expires_at": None,
    }
    assert code_of(mallory.post(f"invitations/{token}/")) == (401, "credential_required")


def test_who_accepts_is_a_member_and_goes_there(
    stranger: Person, alice: Person, space: Space, token: str, pushes: list, commits: Any
) -> None:
    with commits():
        answer = stranger.post(f"invitations/{token}/")
    assert (answer.json()["id"], answer.json()["role"], answer.json()["active"]) == (
        str(space.pk),
        "member",
        True,
    )
    assert User.objects.get(pk=stranger.user.pk).active_space == space
    assert Invitation.objects.get().uses == 1
    news = Notification.objects.get(user=alice.user)
    assert (news.kind, news.content["display_name"]) == ("invitation.accepted", "Sven")
    events = {(group, event) for group, event, _payload in pushes}
    assert (f"space:{space.pk}", "member.added") in events
    assert (f"user:{stranger.user.pk}", "space.added") in events


def test_who_is_a_member_already_uses_nothing_up(mona: Person, space: Space, token: str) -> None:
    answer = mona.post(f"invitations/{token}/")
    assert (answer.status_code, answer.json()["role"]) == (200, "moderator")
    assert Invitation.objects.get().uses == 0
    assert not Notification.objects.exists()


def test_who_has_just_signed_up_needs_no_other_space(space: Space, token: str) -> None:
    nora = Person("203.0.113.40").log_in(make_user("nora@example.org"))
    assert nora.post(f"invitations/{token}/").status_code == 200
    assert Membership.objects.filter(user=nora.user).count() == 1


@pytest.mark.parametrize("end", ["revoked", "expired", "used", "unknown", "space deleted"])
def test_links_that_open_nothing_all_answer_the_same(
    stranger: Person, alice: Person, space: Space, token: str, end: str
) -> None:
    invitation = Invitation.objects.get()
    if end == "revoked":
        path = f"spaces/{space.pk}/invitations/{invitation.pk}/"
        assert alice.delete(path).json()["state"] == "revoked"
        assert alice.delete(path).status_code == 200
    elif end == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif end == "used":
        Invitation.objects.update(uses=1)
    elif end == "unknown":
        token = "x" * 24
    else:
        make_space("Another", owner=alice.user)
        assert alice.delete(f"spaces/{space.pk}/").status_code == 204
    answers = [stranger.get(f"invitations/{token}/"), stranger.post(f"invitations/{token}/")]
    plain = [answer.json() for answer in answers]
    assert plain[0] == plain[1]
    assert plain[0] == {
        "type": "/problems/invitation_not_found",
        "code": "invitation_not_found",
        "status": 404,
        "title": "This invitation is not valid any more. Ask for a new one.",
        "detail": "",
    }
    assert not Membership.objects.filter(space=space.pk, user=stranger.user).exists()


@pytest.fixture
def slow_refill(settings: Any) -> None:
    """As many guesses as ever, but none is given back while the test runs."""
    settings.RATES = {**settings.RATES, "unknown_ip": (Rate(20, 24 * 3600),)}


@pytest.mark.usefixtures("slow_refill")
def test_guessing_has_an_end_and_then_the_right_link_opens_nothing_either(
    stranger: Person, space: Space, token: str
) -> None:
    guesses = [stranger.get(f"invitations/{number:024}/").status_code for number in range(21)]
    assert guesses == [404] * 20 + [429]
    assert code_of(stranger.post(f"invitations/{token}/")) == (429, "rate_limited")
    other = Person("203.0.113.77").log_in(stranger.user)
    assert other.post(f"invitations/{token}/").status_code == 200


@pytest.mark.usefixtures("slow_refill")
def test_unknown_codes_of_sessions_count_as_well(stranger: Person, space: Space, token: str) -> None:
    for number in range(20):
        stranger.get(f"sessions/aaaa-bbbb-cc{number:02}/")
    assert code_of(stranger.get(f"invitations/{token}/")) == (429, "rate_limited")


def test_who_was_removed_does_not_come_back_by_a_link_of_their_own(
    alice: Person, mona: Person, bob: Person, space: Space
) -> None:
    links = {person: invite(person, space).json()["token"] for person in (mona, alice)}
    member = Membership.objects.get(user=mona.user, space=space).pk
    assert alice.delete(f"spaces/{space.pk}/members/{member}/").status_code == 204
    assert code_of(mona.post(f"invitations/{links[mona]}/")) == (404, "invitation_not_found")
    assert mona.post(f"invitations/{links[alice]}/").status_code == 200, "whoever stays may ask them back"


def test_who_leaves_leaves_their_links(mona: Person, stranger: Person, space: Space) -> None:
    link = invite(mona, space).json()["token"]
    assert mona.delete(f"spaces/{space.pk}/membership/").status_code == 204
    assert stranger.post(f"invitations/{link}/").status_code == 200


@pytest.mark.parametrize("token", ["%00", "a%00b", "%FF", "ü"])
def test_what_cannot_be_a_link_is_not_found(mallory: Person, space: Space, token: str) -> None:
    assert mallory.get(f"invitations/{token}/").status_code == 404


def test_moderator_revokes_what_they_could_have_made(mona: Person, alice: Person, space: Space) -> None:
    answers = {}
    for role in ("member", "moderator"):
        made = invite(alice, space, role=role).json()["id"]
        answers[role] = mona.delete(f"spaces/{space.pk}/invitations/{made}/").status_code
    assert answers == {"member": 200, "moderator": 403}


def test_moderator_sees_no_link_that_makes_moderators(mona: Person, alice: Person, space: Space) -> None:
    made = {role: invite(alice, space, role=role).json() for role in ("member", "moderator")}
    lists = {who: who.get(f"spaces/{space.pk}/invitations/").json()["results"] for who in (mona, alice)}
    links = {who: {row["role"]: (row["link"], row["token"]) for row in rows} for who, rows in lists.items()}
    everything = {role: (row["link"], row["token"]) for role, row in made.items()}
    assert links == {mona: {**everything, "moderator": (None, None)}, alice: everything}
    assert made["moderator"]["token"] not in mona.get(f"spaces/{space.pk}/invitations/").content.decode()


def test_invitation_of_another_space_is_not_found(alice: Person, space: Space, stranger: Person) -> None:
    foreign = Invitation.objects.create(space=Space.objects.get(name="Elsewhere"))
    got = alice.delete(f"spaces/{space.pk}/invitations/{foreign.pk}/")
    assert code_of(got) == (404, "invitation_not_found")


def test_space_has_so_many_open_invitations(alice: Person, space: Space) -> None:
    with override_settings(INVITATIONS_PER_SPACE=1):
        made = invite(alice, space).json()["id"]
        assert code_of(invite(alice, space)) == (409, "too_many_invitations")
        alice.delete(f"spaces/{space.pk}/invitations/{made}/")
        assert invite(alice, space).status_code == 201


def test_who_is_in_too_many_spaces_uses_nothing_up(stranger: Person, space: Space, token: str) -> None:
    with override_settings(SPACES_PER_USER=1):
        assert code_of(stranger.post(f"invitations/{token}/")) == (409, "too_many_spaces")
    assert Invitation.objects.get().uses == 0
