"""Statistics of a space: by day, by session, as a table, and for whom."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from identity.models import User
from sessions.models import Connection, Participant, Session
from spaces.models import Space
from tests.factories import make_space
from tests.helpers import Person, code_of

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)


def session_at(space: Space, title: str = "Stand-up", start: datetime = NOON) -> Session:
    session = Session.objects.create(space=space, title=title, started_at=start)
    Session.objects.filter(pk=session.pk).update(
        status="ended", ended_reason="empty", ended_at=start + timedelta(hours=30)
    )
    return session


def stay(
    session: Session, user: User | None, start: datetime, minutes: float, name: str = "Somebody"
) -> None:
    from identity.models import Guest  # noqa: PLC0415 -- leaf

    place = Participant.objects.filter(session=session, user=user).first() if user else None
    if place is None:
        number = Participant.objects.count()
        guest = None if user else Guest.objects.create(credential_hash=str(number))
        place = Participant.objects.create(session=session, user=user, guest=guest, display_name=name)
    count = Connection.objects.count()
    Connection.objects.create(
        participant=place, identity=f"i{count}", livekit_sid=f"s{count}", joined_at=start,
        left_at=start + timedelta(minutes=minutes), left_reason="left",
    )  # fmt: skip


def read(person: Person, space: Space, query: str = "?from=2026-03-09&to=2026-03-12") -> dict[str, Any]:
    answer = person.get(f"spaces/{space.pk}/statistics/{query}")
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def test_people_minutes_and_peak_are_of_the_whole_space(alice: Person, bob: Person, space: Space) -> None:
    first, second = session_at(space, "First"), session_at(space, "Second")
    stay(first, bob.user, NOON, 30)
    stay(first, None, NOON + timedelta(minutes=10), 10)
    stay(second, bob.user, NOON + timedelta(minutes=20), 20)  # at once in both, for ten minutes
    stay(second, None, NOON + timedelta(hours=1), 5)
    told = read(alice, space)
    assert (told["from"], told["to"], told["complete"]) == ("2026-03-09", "2026-03-12", True)
    assert told["totals"] == {"sessions": 2, "people": 3, "minutes": 55.0, "peak": 2}
    assert [(day["day"], day["minutes"]) for day in told["days"]] == [
        ("2026-03-09", 0.0),
        ("2026-03-10", 55.0),
        ("2026-03-11", 0.0),
        ("2026-03-12", 0.0),
    ]
    rows = {row["title"]: row for row in told["sessions"]}
    assert (rows["First"]["people"], rows["First"]["minutes"], rows["First"]["seconds"]) == (2, 40.0, 1800.0)
    assert (rows["Second"]["people"], rows["Second"]["peak"]) == (2, 1)


def test_call_that_goes_on_has_not_been_in_days_to_come(alice: Person, bob: Person, space: Space) -> None:
    stay(session_at(space, start=timezone.now()), bob.user, timezone.now(), 0)
    Connection.objects.update(left_at=None, left_reason="")
    tomorrow = timezone.now().astimezone(UTC).date() + timedelta(days=1)
    told = read(alice, space, f"?from={tomorrow}&to={tomorrow}")
    assert told["totals"] == {"sessions": 0, "people": 0, "minutes": 0.0, "peak": 0}
    assert told["sessions"] == []


def test_stay_over_midnight_counts_on_both_days(alice: Person, bob: Person, space: Space) -> None:
    evening = NOON + timedelta(hours=11, minutes=30)
    stay(session_at(space, start=evening), bob.user, evening, 60)
    told = read(alice, space)
    assert {day["day"]: day["minutes"] for day in told["days"] if day["minutes"]} == {
        "2026-03-10": 30.0,
        "2026-03-11": 30.0,
    }
    assert {day["day"]: day["sessions"] for day in told["days"] if day["sessions"]} == {
        "2026-03-10": 1,
        "2026-03-11": 1,
    }
    assert read(alice, space, "?from=2026-03-11&to=2026-03-11")["totals"]["minutes"] == 30.0
    assert read(alice, space, "?from=2026-03-12&to=2026-03-12")["totals"]["sessions"] == 0


def test_other_spaces_are_left_out(alice: Person, bob: Person, space: Space) -> None:
    assert alice.user
    other = make_space("Other", owner=alice.user)
    stay(session_at(other), bob.user, NOON, 30)
    assert read(alice, space)["totals"]["sessions"] == 0
    assert read(alice, other)["totals"]["sessions"] == 1


@pytest.mark.parametrize(
    "query",
    [
        "?from=2026-03-12&to=2026-03-11",
        "?from=2025-01-01&to=2026-03-11",
        "?from=yesterday",
        "?to=9999-12-31",
        "?to=0001-01-01",
    ],
)
def test_range_that_makes_no_sense_is_refused(query: str, alice: Person, space: Space) -> None:
    answer = alice.get(f"spaces/{space.pk}/statistics/{query}")
    assert code_of(answer) == (400, "invalid")
    assert answer.json()["errors"][0]["pointer"] in {"/from", "/to"}


def test_a_whole_leap_year_and_the_last_thirty_days_are_given(alice: Person, space: Space) -> None:
    assert len(read(alice, space, "?from=2024-01-01&to=2024-12-31")["days"]) == 366
    assert len(read(alice, space, "")["days"]) == 30


def test_members_do_not_read_it(mona: Person, bob: Person, stranger: Person, space: Space) -> None:
    assert read(mona, space)["totals"]["sessions"] == 0
    assert code_of(bob.get(f"spaces/{space.pk}/statistics/")) == (403, "not_allowed")
    assert code_of(stranger.get(f"spaces/{space.pk}/statistics/")) == (404, "space_not_found")
    assert bob.get(f"/spaces/{space.pk}/statistics/").status_code == 403
    assert stranger.get(f"/spaces/{space.pk}/statistics/").status_code == 404


@pytest.mark.parametrize("rows", [1, 30])
def test_statistics_cost_the_same_for_many(
    rows: int, alice: Person, bob: Person, space: Space, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        stay(session_at(space, f"s{number}"), bob.user, NOON, 30)
    with django_assert_num_queries(5):  # login, user; membership; stays; sessions
        read(alice, space)


def test_table_runs_no_formula(alice: Person, bob: Person, space: Space) -> None:
    nasty = ["=1+1", "+cmd", "-2", "@SUM(A1)", "\tx", 'a "quoted", one']
    for title in nasty:
        stay(session_at(space, title), bob.user, NOON, 6)
    answer = alice.get(f"spaces/{space.pk}/statistics/?format=csv&from=2026-03-10&to=2026-03-10")
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert 'attachment; filename="space-2026-03-10-2026-03-10.csv"' in answer["Content-Disposition"]
    assert answer["X-Content-Type-Options"] == "nosniff"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert {row["title"] for row in rows} == {"'" + title if title[0] != "a" else title for title in nasty}
    assert {row["minutes"] for row in rows} == {"6.0"}


def test_table_of_a_session_has_a_line_for_each_person(alice: Person, bob: Person, space: Space) -> None:
    session = session_at(space)
    stay(session, None, NOON, 6, name="=HYPERLINK(1)")
    answer = alice.get(f"sessions/{session.slug}/statistics/", Accept="text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [(row["display_name"], row["in_call_seconds"]) for row in rows] == [("'=HYPERLINK(1)", "360.0")]
    refused = bob.get(f"sessions/{session.slug}/statistics/?format=csv")
    assert (refused.status_code, refused.json()["code"]) == (401, "credential_required")


def test_pages_show_the_statistics(alice: Person, bob: Person, space: Space) -> None:
    session = session_at(space)
    stay(session, bob.user, NOON, 90, name="Bob")
    page = alice.get(f"/spaces/{space.pk}/statistics/?from=2026-03-10&to=2026-03-10")
    assert page.status_code == 200
    assert b"Stand-up" in page.content
    page = alice.get(f"/sessions/{session.slug}/statistics/")
    assert page.status_code == 200
    assert b"1 h 30 min" in page.content
    assert alice.get(f"/spaces/{space.pk}/statistics/?from=x").status_code == 400
    assert bob.get(f"/sessions/{session.slug}/statistics/").status_code == 403


def test_admin_shows_the_statistics_of_a_space(bob: Person, space: Space, client: Client) -> None:
    client.force_login(User.objects.create_superuser("root@example.org"))
    session = session_at(space)
    stay(session, bob.user, timezone.now() - timedelta(days=1), 90)
    page = client.get(f"/admin/nonza_sessions/session/{session.pk}/change/")
    address = f"/admin/nonza_sessions/session/spaces/{space.pk}/statistics/"
    assert address in page.content.decode()
    assert b"90.0" in client.get(address).content
    listed = client.get("/admin/nonza_sessions/session/?where=space")
    assert space.name in listed.content.decode()
    assert not client.get("/admin/nonza_sessions/session/?where=channel").context["cl"].result_count
    client.force_login(User.objects.create_user("staff@example.org", is_staff=True))
    assert client.get(address).status_code == 403
