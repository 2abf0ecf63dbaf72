"""The sessions of a space in a list, and in the sidebar of its pages."""

from base64 import b64encode
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.utils import timezone

from sessions.models import Session
from spaces.models import Membership, Space
from spaces.services.sidebar import sidebar_of
from tests.factories import make_channel, make_space
from tests.helpers import Person, code_of

pytestmark = pytest.mark.usefixtures("livekit")


def make(space: Space, title: str, *, days_ago: float = 0, ended: bool = False, **fields: Any) -> Session:
    session = Session.objects.create(space=space, title=title, **fields)
    moment = timezone.now() - timedelta(days=days_ago)
    over = {"status": "ended", "ended_reason": "empty", "ended_at": moment} if ended else {}
    Session.objects.filter(pk=session.pk).update(created_at=moment, **over)
    return session


def titles(person: Person, query: str = "") -> list[str]:
    answer = person.get(f"sessions/{query}")
    assert answer.status_code == 200, answer.content
    return [session["title"] for session in answer.json()["results"]]


def test_live_ones_stand_first_and_then_the_newest(bob: Person, space: Space) -> None:
    make(space, "old and live", days_ago=5)
    make(space, "yesterday", days_ago=1, ended=True)
    make(space, "last week", days_ago=7, ended=True)
    make(space, "new and live")
    assert titles(bob) == ["new and live", "old and live", "yesterday", "last week"]


def test_list_is_of_the_active_space_or_of_the_one_that_is_named(bob: Person, space: Space) -> None:
    assert bob.user
    second = make_space("Second", owner=bob.user)
    make(space, "here")
    make(second, "there")
    assert titles(bob) == ["there"]
    assert titles(bob, f"?space={space.pk}") == ["here"]


def test_foreign_space_is_unknown(stranger: Person, mallory: Person, space: Space) -> None:
    assert code_of(stranger.get(f"sessions/?space={space.pk}")) == (404, "space_not_found")
    assert code_of(mallory.get(f"sessions/?space={space.pk}")) == (401, "credential_required")
    assert code_of(stranger.get("sessions/?space=x")) == (400, "invalid")


def test_pages_skip_and_repeat_nothing_also_if_a_session_is_made_meanwhile(bob: Person, space: Space) -> None:
    for number in range(7):
        make(space, f"s{number}", days_ago=number, ended=number > 2)
    seen, query = [], "?limit=3"
    while query:
        page = bob.get(f"sessions/{query}").json()
        seen += [session["title"] for session in page["results"]]
        query = page["next"] and f"?limit=3&cursor={page['next']}"
        make(space, "meanwhile")
    assert seen == [f"s{number}" for number in range(7)]


BEFORE_ALL_TIME = b64encode(f"active|0001-01-01T00:00:00+23:59|{UUID(int=1)}".encode()).decode()


@pytest.mark.parametrize("cursor", ["x", "YWN0aXZl", "%00", "YXx8Yg==", "=" * 150, BEFORE_ALL_TIME])
def test_cursor_of_nonsense_is_refused(cursor: str, bob: Person, space: Space) -> None:
    assert code_of(bob.get(f"sessions/?cursor={cursor}"))[0] == 400


def test_card_tells_who_is_in_and_of_a_past_one_who_came(
    bob: Person, mona: Person, guest: Person, space: Space
) -> None:
    slug = bob.start("Bob", title="Stand-up")
    for person, name in ((bob, "Bob"), (guest, "Dana"), (mona, "Mona")):
        person.join(slug, name)
        person.come_in(slug)
    mona.post(f"sessions/{slug}/leave/")
    card = bob.get("sessions/").json()["results"][0]
    assert set(card) == {
        "id", "slug", "title", "access", "status", "channel_id", "started_at", "created_at", "ended_at",
        "expires_at", "people_count", "people", "seconds",
    }  # fmt: skip
    assert (card["people_count"], [person["display_name"] for person in card["people"]]) == (
        2,
        ["Bob", "Dana"],
    )
    assert [person["user_id"] for person in card["people"]] == [str(bob.user and bob.user.pk), None]
    bob.post(f"sessions/{slug}/end/")
    card = bob.get("sessions/").json()["results"][0]
    names = [person["display_name"] for person in card["people"]]
    assert (card["status"], card["people_count"], names) == ("ended", 3, ["Bob", "Dana", "Mona"])


def test_length_leaves_out_the_time_that_a_session_stood_empty(space: Space, bob: Person) -> None:
    now = timezone.now()
    session = make(space, "long ago", days_ago=1, ended=True)
    Session.objects.filter(pk=session.pk).update(
        started_at=now - timedelta(hours=30), empty_since=now - timedelta(hours=29), ended_at=now
    )
    assert bob.get("sessions/").json()["results"][0]["seconds"] == pytest.approx(3600, abs=1)


@pytest.mark.parametrize("rows", [1, 30])
def test_list_costs_the_same_for_many(
    rows: int, bob: Person, mona: Person, space: Space, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        slug = make(space, f"s{number}", ended=False).slug
        if number < 3:
            mona.join(slug, "Mona")
            mona.come_in(slug)
    make(space, "over", ended=True)
    with django_assert_num_queries(7):  # login, user; space, membership; sessions; who is in, who came
        bob.get("sessions/")


@pytest.mark.parametrize("people", [1, 30])
def test_sidebar_shows_faces_live_sessions_and_who_is_where_for_the_same_price(
    people: int, bob: Person, mona: Person, space: Space, django_assert_num_queries: Any
) -> None:
    galley = make_channel(space, "Galley", max_participants=50)
    slug = bob.start("Bob", title="Stand-up")
    bob.join(slug, "Bob")
    bob.come_in(slug)
    mona.place = mona.post(f"channels/{galley.pk}/join/").json()
    mona.come_in(mona.place["session"]["slug"], mona.place["identity"])
    session = Session.objects.get(channel=galley)
    session.access = "open"
    session.save()
    for number in range(1, people):
        other = Person(f"192.0.2.{number}")
        other.join(session.slug, f"Guest {number}")
        other.come_in(session.slug)
    membership = Membership.objects.select_related("space", "user").get(user=bob.user)
    from sessions.services.faces import calls_of  # noqa: PLC0415 -- leaf

    with django_assert_num_queries(3):  # who is in a call; the live sessions, and who is in them
        calls = calls_of(space)
    assert len(calls["faces"][str(galley.pk)]) == people
    assert [card["title"] for card in calls["live"]] == ["Stand-up"]
    assert calls["where"] == {
        str(bob.user and bob.user.pk): "Stand-up",
        str(mona.user and mona.user.pk): "Galley",
    }
    sidebar = sidebar_of(membership)
    assert sidebar.faces == calls["faces"]
    assert [card["slug"] for card in sidebar.live] == [slug]
