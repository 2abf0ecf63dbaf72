"""Sessions of spaces: whose they are, whom they let in, and who keeps order in them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sessions.models import Participant, Session
from sessions.services.sessions import _space_for
from spaces.models import Membership, Space
from spaces.services.members import change_role, hand_over, leave_space, remove_member
from spaces.services.spaces import delete_space
from tests.factories import make_space
from tests.fakes import FakeLiveKit
from tests.helpers import Person, code_of

pytestmark = pytest.mark.usefixtures("livekit")


@pytest.fixture
def private(alice: Person, space: Space) -> str:
    """A session for members alone, made by the owner of the space."""
    return alice.start("Alice", access="members")


def role_of(person: Person, slug: str) -> str:
    return Participant.objects.get(session__slug=slug, user=person.user).role


def membership_of(person: Person, space: Space) -> Membership:
    return Membership.objects.get(space=space, user=person.user)


# Whose it is ----------------------------------------------------------------


def test_session_of_a_user_belongs_to_their_active_space(bob: Person, space: Space) -> None:
    assert Session.objects.get(slug=bob.start("Bob")).space == space
    assert bob.place["session"]["space_id"] == str(space.pk)


def test_session_belongs_to_the_space_that_is_named(bob: Person, space: Space) -> None:
    assert bob.user
    second = make_space("Second", owner=bob.user)
    assert Session.objects.get(slug=bob.start("Bob", space=str(space.pk))).space == space
    assert Session.objects.get(slug=bob.start("Bob", space=str(second.pk))).space == second
    assert Session.objects.get(slug=bob.start("Bob", space=None)).space is None


def test_session_of_a_guest_belongs_to_no_space(guest: Person, space: Space) -> None:
    assert Session.objects.get(slug=guest.start()).space is None


@pytest.mark.parametrize("end", ["removed", "deleted"])
def test_session_is_not_started_in_a_space_that_is_lost_at_that_moment(
    end: str, bob: Person, alice: Person, space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look_and_lose(actor: Any, fields: dict[str, Any]) -> Any:
        found = _space_for(actor, fields)
        if end == "removed":
            member = membership_of(bob, space).pk
            remove_member(actor=alice.user, space_id=space.pk, member_id=member)
        else:
            make_space("Another", owner=alice.user)
            delete_space(actor=alice.user, space_id=space.pk)
        return found

    monkeypatch.setattr("sessions.services.sessions._space_for", look_and_lose)
    answer = bob.post("sessions/", {"space": str(space.pk)})
    assert code_of(answer) == (404, "space_not_found")
    assert not Session.objects.exists()


@pytest.mark.parametrize("who", ["stranger", "guest"])
def test_nobody_starts_a_session_in_a_foreign_space(
    who: str, space: Space, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)
    answer = person.post("sessions/", {"display_name": "Somebody", "space": str(space.pk)})
    assert code_of(answer) == (404, "space_not_found")
    unknown = "00000000-0000-4000-8000-000000000000"
    assert person.post("sessions/", {"display_name": "Somebody", "space": unknown}).json() == answer.json()
    assert not Session.objects.exists()


def test_members_alone_are_let_in_only_where_there_is_a_space(
    guest: Person, alice: Person, space: Space
) -> None:
    answer = guest.post("sessions/", {"display_name": "Marta", "access": "members"})
    assert code_of(answer) == (400, "access_not_offered")
    answer = alice.post("sessions/", {"access": "members", "space": None})
    assert code_of(answer) == (400, "access_not_offered")
    assert code_of(alice.post("sessions/", {"access": "lobby"})) == (400, "access_not_offered")


# Whom it lets in ------------------------------------------------------------


def test_member_enters_a_private_session(bob: Person, private: str) -> None:
    assert bob.get(f"sessions/{private}/").json()["max_participants"] == 10, "a member reads all of it"
    assert bob.join(private, "Bob").status_code == 200
    assert bob.place["participant"]["role"] == "participant"
    assert bob.post(f"sessions/{private}/token/").status_code == 200


@pytest.mark.parametrize("who", ["stranger", "guest", "mallory"])
def test_private_session_is_unknown_to_everybody_else(
    who: str, private: str, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)
    answer, unknown = person.get(f"sessions/{private}/"), person.get("sessions/aaaa-bbbb-cccc/")
    assert code_of(answer) == (404, "session_not_found")
    assert answer.json() == unknown.json()
    assert code_of(person.join(private)) == (404, "session_not_found")
    assert code_of(person.post(f"sessions/{private}/token/")) == (404, "session_not_found")
    assert code_of(person.get(f"sessions/{private}/participants/")) == (404, "session_not_found")
    page = person.get(f"/session/{private}/")
    assert page.status_code == 404
    assert b"Alice" not in page.content
    assert Participant.objects.filter(session__slug=private).count() == 1


def test_tries_at_private_sessions_are_counted_as_guesses(mallory: Person, private: str) -> None:
    for _count in range(30):
        answer = mallory.join(private)
    assert code_of(answer) == (429, "rate_limited")


def test_logged_in_strangers_cost_the_same_queries_at_private_and_unknown_sessions(
    stranger: Person, private: str, django_assert_num_queries: Any
) -> None:
    stranger.get(f"sessions/{private}/")
    for slug in (private, "aaaa-bbbb-cccc"):
        with django_assert_num_queries(5):  # login, user; place, membership; the session
            stranger.get(f"sessions/{slug}/")


def test_open_session_of_a_space_lets_in_anyone_with_the_link(
    bob: Person, guest: Person, stranger: Person, space: Space
) -> None:
    slug = bob.start("Bob")
    assert guest.join(slug).status_code == 200
    assert stranger.join(slug, "Sven").status_code == 200
    assert guest.get(f"sessions/{slug}/").json()["space_id"] == str(space.pk)


def test_account_that_promises_a_right_does_so_to_members_alone(
    bob: Person, stranger: Person, space: Space
) -> None:
    slug = bob.start("Bob")
    for person in (bob, stranger):
        assert person.patch("identity/profile/", {"display_name": "Moderator"}).status_code == 200
    answer = stranger.post(f"sessions/{slug}/join/", {})
    assert code_of(answer) == (400, "invalid")
    assert stranger.post(f"sessions/{slug}/join/", {"display_name": "Sam"}).status_code == 200
    assert bob.post("sessions/", {}).json()["participant"]["display_name"] == "Moderator"


def test_member_learns_that_a_session_of_the_space_has_ended_and_a_stranger_does_not(
    alice: Person, bob: Person, stranger: Person, mallory: Person, space: Space
) -> None:
    slug = alice.start("Alice")
    alice.post(f"sessions/{slug}/end/")
    assert bob.get(f"sessions/{slug}/").json()["status"] == "ended"
    assert code_of(bob.join(slug)) == (410, "session_ended")
    assert bob.get(f"/session/{slug}/").status_code == 200
    for person in (stranger, mallory):
        assert code_of(person.get(f"sessions/{slug}/")) == (404, "session_not_found")
        assert code_of(person.join(slug)) == (404, "session_not_found")


# Changing it ----------------------------------------------------------------


def test_host_closes_and_opens_a_session_and_the_space_hears_it(
    bob: Person, guest: Person, mallory: Person, space: Space, pushes: list[Any], commits: Callable
) -> None:
    slug = bob.start("Bob")
    guest.join(slug)
    assert mallory.get(f"sessions/{slug}/").status_code == 200, "and the gate is cached"
    with commits():
        assert bob.patch(f"sessions/{slug}/", {"access": "members"}).json()["access"] == "members"
    assert [event for group, event, _ in pushes if group == f"space:{space.pk}"] == ["space_session.changed"]
    assert code_of(mallory.get(f"sessions/{slug}/")) == (404, "session_not_found")
    assert guest.post(f"sessions/{slug}/token/").status_code == 200, "who is inside stays"
    assert guest.join(slug).status_code == 200
    guest.post(f"sessions/{slug}/leave/")
    assert code_of(guest.join(slug)) == (403, "members_only")
    assert code_of(guest.post(f"sessions/{slug}/token/")) == (403, "members_only")
    assert code_of(guest.get(f"sessions/{slug}/")) == (403, "members_only")
    with commits():
        bob.patch(f"sessions/{slug}/", {"access": "open"})
    assert guest.join(slug).status_code == 200


def test_session_without_a_space_cannot_be_for_members(host: Person, slug: str) -> None:
    assert code_of(host.patch(f"sessions/{slug}/", {"access": "members"})) == (400, "access_not_offered")


# Who keeps order ------------------------------------------------------------


def test_owner_and_moderator_enter_as_cohosts_and_a_member_does_not(
    alice: Person, mona: Person, bob: Person, space: Space
) -> None:
    assert bob.user
    third = Person("203.0.113.14")
    slug = bob.start("Bob")
    for person in (alice, mona, bob):
        person.join(slug, "Somebody")
    third.join(slug, "Guest")
    roles = {person.place["participant"]["role"] for person in (alice, mona)}
    assert roles == {"cohost"}
    assert bob.place["participant"]["role"] == "host"
    assert third.place["participant"]["role"] == "participant"


def test_moderator_of_another_space_is_nobody_here(stranger: Person, bob: Person, space: Space) -> None:
    slug = bob.start("Bob")
    stranger.join(slug, "Sven")
    assert stranger.place["participant"]["role"] == "participant"
    assert code_of(stranger.patch(f"sessions/{slug}/", {"title": "Mine"})) == (403, "not_allowed")


def test_moderator_changes_and_ends_a_session_without_being_in_it(
    mona: Person, bob: Person, space: Space
) -> None:
    slug = bob.start("Bob")
    changed = mona.patch(f"sessions/{slug}/", {"title": "Ours"})
    assert (changed.status_code, changed.json()["title"], changed.json()["me"]) == (200, "Ours", None)
    assert mona.get(f"sessions/{slug}/statistics/").status_code == 200
    assert code_of(mona.delete(f"sessions/{slug}/")) == (403, "not_allowed")
    assert mona.post(f"sessions/{slug}/end/").json()["status"] == "ended"
    assert Participant.objects.filter(session__slug=slug).count() == 1, "nobody has come in by that"


def test_owner_of_the_space_deletes_any_session_of_it(alice: Person, bob: Person, space: Space) -> None:
    slug = bob.start("Bob")
    assert alice.delete(f"sessions/{slug}/").status_code == 204
    assert not Session.objects.exists()


def test_member_without_a_place_changes_nothing(bob: Person, private: str) -> None:
    assert code_of(bob.patch(f"sessions/{private}/", {"title": "Mine"})) == (401, "credential_required")
    assert code_of(bob.post(f"sessions/{private}/end/")) == (401, "credential_required")
    assert code_of(bob.get(f"sessions/{private}/statistics/")) == (401, "credential_required")


def test_role_in_a_call_follows_the_role_in_the_space(
    alice: Person, mona: Person, bob: Person, space: Space, pushes: list[Any], commits: Callable
) -> None:
    slug = alice.start("Alice")
    for person in (mona, bob):
        person.join(slug, "Somebody")
    pushes.clear()
    with commits():
        change_role(
            actor=alice.user, space_id=space.pk, member_id=membership_of(mona, space).pk, role="member"
        )
        change_role(
            actor=alice.user, space_id=space.pk, member_id=membership_of(bob, space).pk, role="moderator"
        )
    assert (role_of(mona, slug), role_of(bob, slug)) == ("participant", "cohost")
    session = Session.objects.get(slug=slug)
    told = [
        (payload["id"], payload["role"])
        for group, event, payload in pushes
        if (group, event) == (f"session:{session.pk}", "participant.changed")
    ]
    assert told == [(mona.id, "participant"), (bob.id, "cohost")]
    assert code_of(mona.patch(f"sessions/{slug}/", {"title": "Mine"})) == (403, "not_allowed")
    assert bob.patch(f"sessions/{slug}/", {"title": "Mine"}).status_code == 200


def test_owner_who_hands_over_keeps_order_and_the_new_one_does_too(
    alice: Person, bob: Person, mona: Person, space: Space
) -> None:
    slug = mona.start("Mona")
    for person in (alice, bob):
        person.join(slug, "Somebody")
    hand_over(actor=alice.user, space_id=space.pk, member_id=membership_of(bob, space).pk)
    assert {role_of(person, slug) for person in (alice, bob)} == {"cohost"}
    assert role_of(mona, slug) == "host"


def test_who_was_promoted_meanwhile_rejoins_as_cohost(alice: Person, bob: Person, space: Space) -> None:
    slug = alice.start("Alice")
    bob.join(slug, "Somebody")
    bob.post(f"sessions/{slug}/leave/")
    Membership.objects.filter(user=bob.user).update(role="moderator")
    assert bob.join(slug, "Somebody").json()["participant"]["role"] == "cohost"


# When a membership ends -----------------------------------------------------


def test_who_is_removed_from_the_space_is_out_of_its_private_sessions(
    alice: Person,
    bob: Person,
    private: str,
    space: Space,
    livekit: FakeLiveKit,
    pushes: list[Any],
    commits: Callable,
) -> None:
    bob.join(private, "Bob")
    identity = bob.come_in(private)
    pushes.clear()
    with commits():
        remove_member(actor=alice.user, space_id=space.pk, member_id=membership_of(bob, space).pk)
    assert livekit.removed == [identity]
    assert (f"participant:{bob.id}", "close", 4403) in pushes
    assert Participant.objects.get(pk=bob.id).state == "left"
    for answer in (
        bob.post(f"sessions/{private}/token/"),
        bob.join(private, "Bob"),
        bob.get(f"sessions/{private}/"),
        bob.get(f"sessions/{private}/participants/"),
    ):
        assert code_of(answer) == (403, "members_only")
    assert bob.get(f"/session/{private}/").status_code == 403
    room = str(Session.objects.get(slug=private).pk)
    from django.utils import timezone  # noqa: PLC0415 -- leaf

    from sessions.services.connections import connection_joined  # noqa: PLC0415 -- leaf

    with commits():  # with the token that they still have
        connection_joined(room=room, identity=identity, sid="PA_again", at=timezone.now())
    assert livekit.removed == [identity, identity]
    assert Participant.objects.get(pk=bob.id).state == "left"
    alice.post(f"sessions/{private}/end/")
    assert code_of(bob.get(f"sessions/{private}/")) == (410, "session_ended"), "they hold a place"


def test_who_left_the_space_stays_in_its_open_sessions_without_rights(
    alice: Person, mona: Person, space: Space, pushes: list[Any], commits: Callable
) -> None:
    slug = mona.start("Mona")
    mona.join(slug, "Mona")
    with commits():
        leave_space(actor=mona.user, space_id=space.pk)
    assert Participant.objects.get(pk=mona.id).state == "admitted"
    assert role_of(mona, slug) == "participant", "who made it hosts it no more"
    assert code_of(mona.patch(f"sessions/{slug}/", {"access": "members"})) == (403, "not_allowed")
    assert code_of(mona.get(f"sessions/{slug}/statistics/")) == (403, "not_allowed")
    assert mona.post(f"sessions/{slug}/token/").status_code == 200


def test_host_of_a_private_session_who_leaves_the_space_can_do_nothing_in_it(
    mona: Person, space: Space
) -> None:
    slug = mona.start("Mona", access="members")
    leave_space(actor=mona.user, space_id=space.pk)
    for answer in (
        mona.patch(f"sessions/{slug}/", {"access": "open"}),
        mona.post(f"sessions/{slug}/end/"),
        mona.delete(f"sessions/{slug}/"),
        mona.get(f"sessions/{slug}/statistics/"),
    ):
        assert code_of(answer) == (403, "members_only")
    assert Session.objects.get().access == "members"


# What it costs --------------------------------------------------------------


def test_guest_joins_a_session_of_a_space_for_the_same_price_as_any_other(
    bob: Person, host: Person, slug: str, space: Space
) -> None:
    prices = {}
    for number, code in enumerate((slug, bob.start("Bob"))):
        person = Person(f"192.0.2.{number}")
        with CaptureQueriesContext(connection) as asked:
            person.join(code)
            person.post(f"sessions/{code}/token/")
        words = [query["sql"].split()[0] for query in asked.captured_queries]
        prices[code] = len([word for word in words if word not in {"SAVEPOINT", "RELEASE"}])
    assert set(prices.values()) == {6}
