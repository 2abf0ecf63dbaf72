"""Calls of channels: one live session for each, made by whoever enters first."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from sessions.models import Participant, Session
from sessions.services import cleanup
from sessions.services.connections import connection_left
from spaces.models import Channel, Notification, Space
from spaces.services.channels import change_channel, channel_for, delete_channel
from spaces.services.spaces import create_space, delete_space
from tests.factories import make_channel
from tests.fakes import FakeLiveKit
from tests.helpers import Person, code_of

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def galley(space: Space, livekit: FakeLiveKit) -> Channel:
    return make_channel(space, "Galley", max_participants=2)


def enter(person: Person, channel: Channel) -> dict[str, Any]:
    answer = person.post(f"channels/{channel.pk}/join/")
    assert answer.status_code == 200, answer.content
    person.place = answer.json()
    return person.place


def connect(person: Person) -> str:
    return person.come_in(person.place["session"]["slug"], person.place["identity"])


def disconnect(person: Person, identity: str) -> None:
    room = person.place["session"]["id"]
    connection_left(room=room, identity=identity, sid=f"PA_{identity[-12:]}", at=datetime.now(UTC))


def heard(pushes: list[Any], space: Space) -> list[Any]:
    """What the space's members heard."""
    return [(event, payload) for group, event, payload in pushes if group == f"space:{space.pk}"]


# Entering -------------------------------------------------------------------


def test_first_one_makes_the_call_and_the_next_one_joins_it(
    bob: Person, mona: Person, galley: Channel
) -> None:
    first, second = enter(bob, galley), enter(mona, galley)
    session = Session.objects.get()
    assert first["session"]["id"] == second["session"]["id"] == str(session.pk)
    assert (session.title, session.access, session.max_participants) == ("Galley", "members", 2)
    assert (session.space_id, session.channel_id) == (galley.space_id, galley.pk)
    assert set(first) == {"token", "url", "identity", "expires_at", "session", "participant"}
    assert first["identity"].startswith(first["participant"]["id"])
    assert (first["participant"]["role"], second["participant"]["role"]) == ("participant", "cohost")
    assert not Participant.objects.filter(role="host").exists()


def test_entering_again_is_the_same_place(bob: Person, galley: Channel) -> None:
    first, second = enter(bob, galley), enter(bob, galley)
    assert first["participant"]["id"] == second["participant"]["id"]
    assert first["identity"] < second["identity"]
    assert Participant.objects.count() == 1


def test_channel_holds_no_more_than_its_maximum(
    alice: Person, bob: Person, mona: Person, galley: Channel
) -> None:
    enter(alice, galley)
    enter(bob, galley)
    assert code_of(mona.post(f"channels/{galley.pk}/join/")) == (409, "session_full")


@pytest.mark.parametrize(
    ("who", "status", "code"),
    [("stranger", 404, "channel_not_found"), ("guest", 401, "credential_required")],
)
def test_who_is_no_member_does_not_enter(
    who: str, status: int, code: str, galley: Channel, request: pytest.FixtureRequest
) -> None:
    person = request.getfixturevalue(who)
    assert code_of(person.post(f"channels/{galley.pk}/join/")) == (status, code)
    assert not Session.objects.exists()


def test_call_of_a_channel_is_unknown_to_who_is_no_member(
    bob: Person, stranger: Person, guest: Person, galley: Channel
) -> None:
    slug = enter(bob, galley)["session"]["slug"]
    for person in (stranger, guest):
        assert code_of(person.get(f"sessions/{slug}/")) == (404, "session_not_found")
        assert code_of(person.join(slug)) == (404, "session_not_found")


def test_channel_deleted_as_it_is_entered_gets_no_call(
    bob: Person, alice: Person, galley: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find_and_lose(**options: Any) -> Any:
        found = channel_for(**options)
        if Channel.objects.exists():
            delete_channel(actor=alice.user, channel_id=galley.pk)
        return found

    monkeypatch.setattr("sessions.services.channels.channel_for", find_and_lose)
    assert code_of(bob.post(f"channels/{galley.pk}/join/")) == (404, "channel_not_found")
    assert not Session.objects.exists()


def test_channel_for_writing_has_no_call(bob: Person, space: Space) -> None:
    lounge = make_channel(space, "Lounge", kind="text")
    assert code_of(bob.post(f"channels/{lounge.pk}/join/")) == (409, "channel_without_calls")


def test_media_server_that_is_away_is_said_so(bob: Person, galley: Channel, livekit: FakeLiveKit) -> None:
    livekit.is_away = True
    answer = bob.post(f"channels/{galley.pk}/join/")
    assert code_of(answer) == (503, "media_unavailable")
    livekit.is_away = False
    enter(bob, galley)


def test_entering_costs_the_same_however_many_are_inside(
    alice: Person, bob: Person, galley: Channel, django_assert_num_queries: Any
) -> None:
    enter(alice, galley)
    # login, user; membership, channel, session; place; membership, session, people, the row (with a
    # savepoint around); the newest identity
    with django_assert_num_queries(13):
        bob.post(f"channels/{galley.pk}/join/")


# The channel decides --------------------------------------------------------


def test_call_is_renamed_and_limited_with_its_channel(
    alice: Person, bob: Person, galley: Channel, pushes: list[Any], commits: Callable
) -> None:
    slug = enter(bob, galley)["session"]["slug"]
    pushes.clear()
    with commits():
        change_channel(
            actor=alice.user, channel_id=galley.pk, fields={"name": "Bridge", "max_participants": 5}
        )
    seen = bob.get(f"sessions/{slug}/").json()
    assert (seen["title"], seen["max_participants"]) == ("Bridge", 5)
    assert (f"session:{seen['id']}", "session.changed") in [(group, event) for group, event, _ in pushes]


@pytest.mark.parametrize(
    ("name", "value"),
    [("access", "open"), ("title", "Mine"), ("max_participants", 9), ("expires_at", "2036-01-01T00:00:00Z")],
)
def test_what_the_channel_decides_is_not_changed_in_the_call(
    name: str, value: object, mona: Person, galley: Channel
) -> None:
    slug = enter(mona, galley)["session"]["slug"]
    answer = mona.patch(f"sessions/{slug}/", {name: value})
    assert code_of(answer) == (400, "invalid")
    assert answer.json()["errors"][0]["pointer"] == f"/{name}"
    assert mona.patch(f"sessions/{slug}/", {"locked": True}).status_code == 200


def test_deleted_channel_ends_its_call(
    alice: Person, bob: Person, galley: Channel, livekit: FakeLiveKit, pushes: list[Any], commits: Callable
) -> None:
    session_id = enter(bob, galley)["session"]["id"]
    connect(bob)
    with commits():
        delete_channel(actor=alice.user, channel_id=galley.pk)
    session = Session.objects.get(pk=session_id)
    assert (session.status, session.channel, session.space_id) == ("ended", None, galley.space_id)
    assert session.pk in livekit.closed
    assert (f"session:{session_id}", "close", 4403) in pushes
    assert code_of(bob.post(f"channels/{galley.pk}/join/")) == (404, "channel_not_found")


def test_deleted_space_ends_all_its_calls(
    alice: Person,
    bob: Person,
    space: Space,
    galley: Channel,
    livekit: FakeLiveKit,
    pushes: list,
    commits: Callable,
) -> None:
    assert alice.user
    of_channel = enter(bob, galley)["session"]["id"]
    beside = bob.start("Bob")
    session_id = bob.place["session"]["id"]
    create_space(actor=alice.user, name="Another")
    with commits():
        delete_space(actor=alice.user, space_id=space.pk)
    assert not Session.objects.exists()
    assert {str(room) for room in livekit.closed} == {of_channel, session_id}
    for closed in (of_channel, session_id):
        assert (f"session:{closed}", "close", 4403) in pushes
    assert code_of(bob.get(f"sessions/{beside}/")) == (404, "session_not_found")


# Faces ----------------------------------------------------------------------


def test_space_hears_one_small_push_when_somebody_enters_changes_and_leaves(
    bob: Person, mona: Person, galley: Channel, space: Space, pushes: list[Any], commits: Callable
) -> None:
    enter(mona, galley)
    connect(mona)
    enter(bob, galley)
    pushes.clear()
    with commits():
        identity = connect(bob)
    person = {
        "participant_id": bob.place["participant"]["id"],
        "user_id": str(bob.user and bob.user.pk),
        "display_name": "Bob",
        "color": bob.user and bob.user.color,
        "avatar_url": None,
        "microphone_on": False,
    }
    entered = {"channel_id": str(galley.pk), "person": person}
    assert heard(pushes, space) == [("channel.entered", entered)]
    pushes.clear()
    from sessions.services.participants import note_heartbeat  # noqa: PLC0415 -- leaf

    with commits():
        note_heartbeat(participant_id=person["participant_id"], microphone_on=True, spoken_ms=0)
    changed = {"channel_id": str(galley.pk), "person": {**person, "microphone_on": True}}
    assert heard(pushes, space) == [("channel.person_changed", changed)]
    pushes.clear()
    with commits():
        disconnect(bob, identity)
    left = {"channel_id": str(galley.pk), "participant_id": person["participant_id"]}
    assert heard(pushes, space) == [("channel.left", left)]
    with commits():
        bob.post(f"sessions/{bob.place['session']['slug']}/leave/")
    assert heard(pushes, space) == [("channel.left", left)], "they were not in the call any more"


def test_first_one_in_rings_the_bells_of_the_others_once(
    alice: Person,
    bob: Person,
    mona: Person,
    galley: Channel,
    space: Space,
    pushes: list[Any],
    commits: Callable,
) -> None:
    enter(bob, galley)
    pushes.clear()
    with commits():
        connect(bob)
    assert [event for event, _ in heard(pushes, space)] == ["channel.entered", "space_session.changed"]
    card = heard(pushes, space)[1][1]["space_session"]
    assert (card["channel_id"], card["people_count"], card["status"]) == (str(galley.pk), 1, "active")
    with commits():
        enter(mona, galley)
        connect(mona)
    bells = Notification.objects.filter(kind="call.started")
    assert {bell.user for bell in bells} == {alice.user, mona.user}
    content = bells[0].content
    assert (content["title"], content["slug"], content["display_name"], content["channel_id"]) == (
        "Galley",
        card["slug"],
        "Bob",
        str(galley.pk),
    )


def test_sessions_without_a_space_tell_no_space(
    host: Person, guest: Person, slug: str, livekit: FakeLiveKit, pushes: list[Any], commits: Callable
) -> None:
    guest.join(slug)
    with commits():
        guest.come_in(slug)
        guest.post(f"sessions/{slug}/leave/")
        host.patch(f"sessions/{slug}/", {"title": "Another"})
        host.post(f"sessions/{slug}/end/")
    assert not [group for group, _event, _payload in pushes if group.startswith("space:")]


# When a call of a channel or of a space is over -----------------------------


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def status_of(slug: str) -> str:
    cleanup.end_finished()
    return Session.objects.get(slug=slug).status


def test_call_of_a_channel_ends_when_empty_for_a_minute(
    clock: Any, bob: Person, galley: Channel, livekit: FakeLiveKit
) -> None:
    slug = enter(bob, galley)["session"]["slug"]
    identity = connect(bob)
    clock.shift(timedelta(hours=30))
    assert status_of(slug) == "active", "a call with people in it is never cut"
    disconnect(bob, identity)
    clock.shift(timedelta(seconds=59))
    assert status_of(slug) == "active"
    clock.shift(timedelta(seconds=2))
    assert status_of(slug) == "ended"
    assert enter(bob, galley)["session"]["slug"] != slug


def test_call_of_a_channel_whose_maker_never_came_ends_too(clock: Any, bob: Person, galley: Channel) -> None:
    slug = enter(bob, galley)["session"]["slug"]
    clock.shift(timedelta(seconds=61))
    assert status_of(slug) == "ended"


def test_session_of_a_space_ends_when_empty_for_a_day(
    clock: Any, bob: Person, space: Space, livekit: FakeLiveKit
) -> None:
    slug = bob.start("Bob")
    bob.join(slug, "Bob")
    bob.come_in(slug)
    bob.post(f"sessions/{slug}/leave/")
    clock.shift(timedelta(hours=23, minutes=59))
    assert status_of(slug) == "active"
    clock.shift(timedelta(minutes=1))
    assert status_of(slug) == "ended"


def test_session_of_a_space_lives_until_its_expiry(clock: Any, bob: Person, space: Space) -> None:
    slug = bob.start("Bob", expires_at=(START + timedelta(days=9)).isoformat())
    without = bob.start("Bob")
    clock.shift(timedelta(days=8))
    assert status_of(slug) == "active"
    assert status_of(without) == "ended"
    clock.shift(timedelta(days=1))
    assert status_of(slug) == "ended"


def test_sessions_of_spaces_are_kept_and_others_are_not(
    clock: Any, bob: Person, guest: Person, space: Space
) -> None:
    kept, gone = bob.start("Bob"), guest.start("Guest")
    bob.post(f"sessions/{kept}/end/")
    guest.post(f"sessions/{gone}/end/")
    clock.shift(timedelta(days=31))
    cleanup.purge_old()
    assert [session.slug for session in Session.objects.all()] == [kept]


def test_account_without_a_name_enters_by_what_stands_before_the_at(
    space: Space, livekit: FakeLiveKit
) -> None:
    from spaces.models import Membership  # noqa: PLC0415 -- leaf
    from tests.factories import make_user  # noqa: PLC0415 -- leaf

    user = make_user("support@example.org")
    user.display_name = ""
    user.save()
    Membership.objects.create(space=space, user=user)
    person = Person("203.0.113.15").log_in(user)
    assert enter(person, make_channel(space))["participant"]["display_name"] == "support"
    assert person.post("sessions/", {}).json()["participant"]["display_name"] == "support"
