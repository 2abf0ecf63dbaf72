"""Joining: one place for one person, whatever is sent twice or at once."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.cache import cache

from identity.rules import Actor
from sessions.models import Participant, Session
from sessions.services import participants as people
from tests.fakes import FakeLiveKit
from tests.helpers import Person, code_of, new_key


def test_guest_with_the_link_is_admitted(guest: Person, slug: str) -> None:
    answer = guest.join(slug, "Dana")
    assert answer.status_code == 200
    body = answer.json()
    assert body["participant"]["state"] == "admitted"
    assert body["participant"]["role"] == "participant"
    assert body["session"]["me"] == body["participant"]
    assert body["session"]["max_participants"] == 10
    assert body["credential"] is None
    assert len(guest.browser.cookies[f"guest-{slug}"].value) == 64


def test_host_comes_in_as_host(host: Person, slug: str) -> None:
    host.join(slug, "Marta")
    assert host.place["participant"]["role"] == "host"
    assert Participant.objects.count() == 1


def test_person_who_comes_back_has_the_same_row_and_colour(guest: Person, slug: str) -> None:
    guest.join(slug, "Dana")
    first = guest.place["participant"]
    guest.post(f"sessions/{slug}/leave/")
    guest.join(slug, "Dana W.")
    second = guest.place["participant"]
    assert (second["id"], second["color"]) == (first["id"], first["color"])
    assert second["display_name"] == "Dana W."


def test_what_happens_as_somebody_comes_back_is_not_undone(
    guest: Person, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest.join(slug)
    joined_at = datetime(2026, 1, 2, tzinfo=UTC)

    def news_meanwhile(participants: Any, actor: Actor) -> Participant | None:
        found = find(participants, actor)
        Participant.objects.filter(pk=guest.id).update(
            joined_at=joined_at, microphone_on=True, identity="the newest"
        )
        return found

    find = people.place_in
    monkeypatch.setattr(people, "place_in", news_meanwhile)
    guest.join(slug)
    row = Participant.objects.get(pk=guest.id)
    assert (row.joined_at, row.microphone_on, row.identity) == (joined_at, True, "the newest")


def test_same_key_joins_once(guest: Person, mallory: Person, slug: str) -> None:
    key, body = new_key(), {"display_name": "Dana", "credential": "bearer"}
    first = guest.post(f"sessions/{slug}/join/", body, **{"Idempotency-Key": key})
    second = mallory.post(f"sessions/{slug}/join/", body, **{"Idempotency-Key": key})
    assert first.json()["credential"] == second.json()["credential"]
    assert first.json()["participant"]["id"] == second.json()["participant"]["id"]
    assert second.json()["participant"]["display_name"] == "Dana"


@pytest.mark.parametrize("why", ["full", "locked"])
def test_same_key_keeps_its_place_in_a_session_that_takes_nobody_else(
    guest: Person, mallory: Person, slug: str, why: str
) -> None:
    headers = {"Idempotency-Key": new_key()}
    guest.join(slug, **headers)
    Session.objects.update(**({"max_participants": 1} if why == "full" else {"locked": True}))
    elsewhere = Person("192.0.2.1")
    assert elsewhere.join(slug, **headers).status_code == 200
    assert elsewhere.id == guest.id
    assert code_of(mallory.join(slug, **{"Idempotency-Key": new_key()})) == (409, f"session_{why}")
    assert code_of(mallory.join(slug)) == (409, f"session_{why}")


def test_key_of_one_session_is_another_guest_in_another(guest: Person, host: Person, slug: str) -> None:
    key, body = new_key(), {"display_name": "Dana", "credential": "bearer"}
    other = host.start()
    first = guest.post(f"sessions/{slug}/join/", body, **{"Idempotency-Key": key})
    second = guest.post(f"sessions/{other}/join/", body, **{"Idempotency-Key": key})
    assert first.json()["credential"] != second.json()["credential"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [("Dana", "Dana (2)"), ("dana", "dana (2)"), ("Dаnа", "Dаnа (2)"), ("Dana W", "Dana W")],
)
def test_name_that_looks_taken_gets_a_number(
    guest: Person, mallory: Person, slug: str, name: str, expected: str
) -> None:
    guest.join(slug, "Dana")
    mallory.join(slug, name)
    assert mallory.place["participant"]["display_name"] == expected


def test_longest_name_still_has_room_for_its_number(guest: Person, mallory: Person, slug: str) -> None:
    guest.join(slug, "x" * 64)
    mallory.join(slug, "x" * 64)
    assert mallory.place["participant"]["display_name"] == "x" * 60 + " (2)"


def test_full_session_refuses_and_says_so_at_the_gate(host: Person, guest: Person, mallory: Person) -> None:
    slug = host.start(max_participants=1)
    guest.join(slug)
    assert mallory.get(f"sessions/{slug}/").json()["full"] is True
    assert code_of(mallory.join(slug)) == (409, "session_full")
    guest.post(f"sessions/{slug}/leave/")
    assert mallory.get(f"sessions/{slug}/").json()["full"] is False
    assert mallory.join(slug).status_code == 200


def test_locked_session_lets_nobody_new_in_but_its_host(
    host: Person, guest: Person, mallory: Person, slug: str
) -> None:
    guest.join(slug)
    assert host.patch(f"sessions/{slug}/", {"locked": True}).json()["locked"] is True
    assert code_of(mallory.join(slug)) == (409, "session_locked")
    assert guest.join(slug).status_code == 200  # still holds a seat
    assert host.join(slug, "Marta").status_code == 200


@pytest.mark.parametrize(
    ("state", "code"), [("removed", "participant_removed"), ("banned", "participant_banned")]
)
def test_person_who_was_put_out_stays_out(guest: Person, slug: str, state: str, code: str) -> None:
    guest.join(slug)
    Participant.objects.filter(pk=guest.id).update(state=state)
    assert code_of(guest.join(slug)) == (403, code)
    assert code_of(guest.post(f"sessions/{slug}/token/")) == (403, code)
    assert code_of(guest.get(f"sessions/{slug}/participants/")) == (403, "not_admitted")


def test_gate_shows_a_stranger_the_title_only(
    host: Person, mallory: Person, django_capture_on_commit_callbacks: object
) -> None:
    slug = host.start(title="Autumn", description="About ferries", max_participants=7)
    seen = mallory.get(f"sessions/{slug}/").json()
    assert seen["title"] == "Autumn"
    hidden = ("description", "max_participants", "expires_at", "description_in_gate", "started_at", "me")
    assert [seen[name] for name in hidden] == [None] * len(hidden)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        host.patch(f"sessions/{slug}/", {"description_in_gate": True})
    assert mallory.get(f"sessions/{slug}/").json()["description"] == "About ferries"


def test_change_reaches_the_cached_gate(
    host: Person, mallory: Person, slug: str, django_capture_on_commit_callbacks: object
) -> None:
    before = mallory.get(f"sessions/{slug}/").json()["title"]
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        host.patch(f"sessions/{slug}/", {"title": "Winter"})
    assert before != mallory.get(f"sessions/{slug}/").json()["title"] == "Winter"


def test_cached_gate_asks_the_database_for_the_seats_only(
    host: Person, mallory: Person, slug: str, django_assert_num_queries: object
) -> None:
    mallory.get(f"sessions/{slug}/")
    with django_assert_num_queries(1):  # type: ignore[operator]
        assert mallory.get(f"sessions/{slug}/").status_code == 200


@pytest.mark.parametrize("people", [1, 3])
def test_list_of_people_costs_the_same_for_many(
    host: Person, slug: str, people: int, django_assert_num_queries: object
) -> None:
    host.join(slug, "Marta")
    for number in range(people):
        Person(f"192.0.2.{number}").join(slug, f"Guest {number}")
    with django_assert_num_queries(2):  # type: ignore[operator]  # participant, list
        answer = host.get(f"sessions/{slug}/participants/")
    names = [person["display_name"] for person in answer.json()["results"]]
    assert names == ["Marta", *(f"Guest {number}" for number in range(people))]


def test_list_of_people_is_paged(host: Person, slug: str) -> None:
    host.join(slug, "Marta")
    for number in range(4):
        Person(f"192.0.2.{number}").join(slug, f"Guest {number}")
    first = host.get(f"sessions/{slug}/participants/?limit=2").json()
    second = host.get(first["next"].removeprefix("http://testserver")).json()
    assert [person["display_name"] for person in second["results"]] == ["Guest 1", "Guest 2"]
    assert host.get(f"sessions/{slug}/participants/?limit=1000").json()["next"] is None


def test_address_and_browser_are_kept_for_admins_and_shown_to_nobody(
    host: Person, guest: Person, slug: str
) -> None:
    guest.join(slug)
    host.join(slug, "Marta")
    row = Participant.objects.get(pk=guest.id)
    assert (row.client_ip, row.user_agent) == (guest.ip, "Test browser")
    assert guest.ip not in host.get(f"sessions/{slug}/participants/").content.decode()


def test_request_beyond_the_rate_is_told_when_to_come_back(
    guest: Person, slug: str, settings: object
) -> None:
    from nonza.env import Rate  # noqa: PLC0415 -- leaf

    settings.RATES = {**settings.RATES, "join_session": (Rate(1, 30),)}  # type: ignore[attr-defined]
    guest.join(slug)
    answer = guest.join(slug)
    assert code_of(answer) == (429, "rate_limited")
    assert 1 <= int(answer["Retry-After"]) <= 30


def test_expired_session_lets_nobody_new_in(
    host: Person, guest: Person, mallory: Person, slug: str, livekit: FakeLiveKit
) -> None:
    from django.utils import timezone  # noqa: PLC0415 -- leaf

    guest.join(slug)
    Session.objects.filter(slug=slug).update(expires_at=timezone.now())
    assert code_of(mallory.join(slug)) == (404, "session_not_found")
    assert code_of(host.join(slug, "Marta")) == (410, "session_expired")
    assert guest.post(f"sessions/{slug}/token/").status_code == 200  # a call is never cut


@pytest.mark.parametrize("columns", [{"retired": 1}, {}], ids=["one more", "fewer"])
def test_gate_reads_nothing_that_another_version_has_cached(
    mallory: Person, slug: str, columns: dict[str, object]
) -> None:
    expected = mallory.get(f"sessions/{slug}/").json()
    key = f"session:{expected['id']}:meta"
    cache.set(key, {**cache.get(key), **columns} if columns else {"slug": slug})
    assert mallory.get(f"sessions/{slug}/").json() == expected
