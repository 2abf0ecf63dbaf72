"""Pages of a space's sessions: the way there from the front page, the list, and its form."""

from typing import Any

import pytest
from django.http import HttpResponse

from identity.models import User
from sessions.models import Session
from spaces.models import Membership, Space
from tests.factories import make_user
from tests.helpers import Person, new_key


def submit(person: Person, path: str, **fields: str) -> HttpResponse:
    token = person.browser.cookies["csrftoken"].value
    return person.browser.post(path, {"csrfmiddlewaretoken": token, **fields}, REMOTE_ADDR=person.ip)


def test_front_page_leads_who_is_logged_in_to_their_space(bob: Person, mallory: Person, space: Space) -> None:
    assert bob.get("/")["Location"] == f"/spaces/{space.pk}/"
    assert mallory.get("/").status_code == 200
    newcomer = Person("203.0.113.99").log_in(make_user("new@example.org"))
    assert newcomer.get("/")["Location"] == "/welcome/"


def test_without_accounts_the_front_page_is_as_before(bob: Person, space: Space, settings: Any) -> None:
    settings.ACCOUNTS = False
    assert bob.get("/").status_code == 200
    assert bob.get("/sessions/").status_code == 404
    assert bob.get("sessions/").status_code == 404
    slug = bob.start("Bob")
    assert Session.objects.get(slug=slug).space is None


def test_session_is_started_with_the_form(bob: Person, space: Space) -> None:
    fields = {
        "title": "Stand-up",
        "description": "Every morning",
        "access": "members",
        "max_participants": "5",
        "lasts_days": "7",
        "idempotency_key": new_key(),
    }
    answer = submit(bob, "/sessions/", **fields)
    session = Session.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/session/{session.slug}/")
    assert (session.title, session.access, session.max_participants) == ("Stand-up", "members", 5)
    assert (session.space, session.created_by) == (space, bob.user)
    assert session.expires_at is not None
    assert session.participants.get().role == "host"
    submit(bob, "/sessions/", **fields)
    assert Session.objects.count() == 1, "the same form twice is one session"


def test_form_asks_for_nothing_but_a_press(bob: Person, space: Space) -> None:
    assert submit(bob, "/sessions/", access="open").status_code == 303
    assert "Bob" in Session.objects.get().title


@pytest.mark.parametrize("fields", [{"title": "x" * 121}, {"max_participants": "201"}, {"access": "lobby"}])
def test_form_that_is_wrong_says_where(fields: dict[str, str], bob: Person, space: Space) -> None:
    answer = submit(bob, "/sessions/", **{"access": "open", **fields})
    assert answer.status_code == 400
    assert b'aria-invalid="true"' in answer.content
    assert not Session.objects.exists()


def test_list_shows_live_and_past_sessions_in_pages(bob: Person, mona: Person, space: Space) -> None:
    for number in range(31):
        Session.objects.create(
            space=space, title=f"Past number {number}.", status="ended", ended_reason="empty",
            ended_at="2026-03-01T12:00:00Z",
        )  # fmt: skip
    Session.objects.create(space=space, title="Going on")
    page = bob.get(f"/sessions/?space={space.pk}")
    assert page.status_code == 200
    assert b"Going on" in page.content
    assert page.content.count(b"Past number") == 30
    assert f"/sessions/{Session.objects.first().slug}/statistics/".encode() not in page.content  # type: ignore[union-attr]
    cursor = page.context["next_cursor"]
    second = mona.get(f"/sessions/?space={space.pk}&cursor={cursor}")
    assert b"Past number 0." in second.content
    assert b"/statistics/" in second.content
    assert second.context["next_cursor"] is None


def test_foreign_list_is_not_there(stranger: Person, mallory: Person, space: Space) -> None:
    assert stranger.get(f"/sessions/?space={space.pk}").status_code == 404
    assert mallory.get("/sessions/").status_code == 302


@pytest.mark.parametrize("rows", [1, 30])
def test_page_costs_the_same_for_many(
    rows: int, bob: Person, space: Space, django_assert_max_num_queries: Any
) -> None:
    assert bob.user
    for number in range(rows):
        Session.objects.create(space=space, title=f"live {number}")
        Session.objects.create(
            space=space, title=f"past {number}", status="ended", ended_reason="empty",
            ended_at="2026-03-01T12:00:00Z",
        )  # fmt: skip
        user = User.objects.create_user(f"m{number}@example.org")
        Membership.objects.create(space=space, user=user)
    with django_assert_max_num_queries(13):  # one of them is what is unread in text channels
        bob.get("/sessions/")
