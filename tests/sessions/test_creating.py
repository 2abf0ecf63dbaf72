"""Starting a session."""

from unittest.mock import ANY

import pytest
from django.test import override_settings

from nonza.env import Rate
from sessions import models
from sessions.models import Participant, Session
from tests.helpers import Person, code_of, new_key


def test_guest_who_starts_a_session_is_its_host(host: Person) -> None:
    answer = host.post("sessions/", {"display_name": "Marta", "title": "Autumn timetable"})
    assert answer.status_code == 201
    participant = {
        "id": ANY,
        "display_name": "Marta",
        "kind": "guest",
        "role": "host",
        "state": "left",
        "color": ANY,
        "avatar_url": None,
        "in_call": False,
        "microphone_on": False,
        "joined_at": None,
        "created_at": ANY,
        "updated_at": ANY,
    }
    session = answer.json()["session"]
    assert answer.json() == {
        "session": {
            "id": ANY,
            "slug": ANY,
            "title": "Autumn timetable",
            "description": "",
            "access": "open",
            "status": "active",
            "ended_reason": "",
            "ended_at": None,
            "locked": False,
            "full": False,
            "max_participants": 10,
            "expires_at": None,
            "description_in_gate": False,
            "started_at": None,
            "created_at": ANY,
            "updated_at": ANY,
            "space_id": None,
            "channel_id": None,
            "me": participant,
        },
        "participant": participant,
        "credential": None,
        "link": f"http://testserver/session/{session['slug']}/",
    }


def test_credential_is_a_cookie_out_of_reach_of_scripts(host: Person) -> None:
    slug = host.start()
    cookie = host.browser.cookies[f"guest-{slug}"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert len(cookie.value) == 64
    assert not Participant.objects.filter(guest__credential_hash=cookie.value).exists()


def test_browser_is_left_with_no_more_credentials_than_a_header_holds(host: Person) -> None:
    names = [f"guest-{number:04}-aaaa-bbbb" for number in range(30)]
    for name in names:
        host.browser.cookies[name] = "x"
    slug = host.start()
    kept = {name for name, cookie in host.browser.cookies.items() if cookie.value}
    assert kept == {"csrftoken", f"guest-{slug}", *names[1:]}


def test_retry_for_a_session_that_has_lost_its_host_finds_none(host: Person) -> None:
    key = new_key()
    body = {"display_name": "Marta"}
    host.post("sessions/", body, **{"Idempotency-Key": key})
    Participant.objects.all().delete()
    assert code_of(host.post("sessions/", body, **{"Idempotency-Key": key})) == (404, "session_not_found")


def test_embed_holds_the_credential_itself(mallory: Person) -> None:
    answer = mallory.post("sessions/", {"display_name": "Marta", "credential": "bearer"})
    slug, bearer = answer.json()["session"]["slug"], answer.json()["credential"]
    assert f"guest-{slug}" not in mallory.browser.cookies
    read = Person("198.51.100.1").get(f"sessions/{slug}/", Authorization=f"Bearer {bearer}")
    assert read.json()["me"]["role"] == "host"


@pytest.mark.parametrize(("language", "title"), [("en", "Marta’s session"), ("ru", "Сессия · Marta")])
def test_title_is_made_from_the_name(db: None, language: str, title: str) -> None:
    person = Person(language=language)
    person.start("Marta")
    assert person.place["session"]["title"] == title


def test_same_key_makes_the_same_session_and_credential(host: Person, guest: Person) -> None:
    key = new_key()
    body = {"display_name": "Marta", "credential": "bearer"}
    first = host.post("sessions/", body, **{"Idempotency-Key": key})
    second = guest.post("sessions/", body, **{"Idempotency-Key": key})
    assert second.status_code == 201
    assert first.json()["credential"] == second.json()["credential"]
    assert first.json()["session"]["id"] == second.json()["session"]["id"]
    assert Participant.objects.count() == 1


@pytest.mark.parametrize("key", ["short", "a" * 21, "ä" * 30, "a" * 129])
def test_key_that_could_be_guessed_is_refused(host: Person, key: str) -> None:
    answer = host.post("sessions/", {"display_name": "Marta"}, **{"Idempotency-Key": key})
    assert code_of(answer) == (400, "invalid")


@pytest.mark.parametrize(
    ("fields", "pointer", "code"),
    [
        ({"display_name": ""}, "/display_name", "blank"),
        ({"display_name": "\u200b \u202e"}, "/display_name", "blank"),
        ({}, "/display_name", "required"),
        ({"display_name": "x" * 65}, "/display_name", "max_length"),
        ({"display_name": "Host"}, "/display_name", "reserved"),
        ({"display_name": "вeдyщий"}, "/display_name", "reserved"),
        ({"display_name": "M", "title": "x" * 121}, "/title", "max_length"),
        ({"display_name": "M", "max_participants": 201}, "/max_participants", "max_value"),
        ({"display_name": "M", "max_participants": 0}, "/max_participants", "min_value"),
        ({"display_name": "M", "expires_at": "2001-01-01T00:00:00Z"}, "/expires_at", "past"),
        ({"display_name": "M", "access": "everybody"}, "/access", "invalid_choice"),
    ],
)
def test_field_that_cannot_be_accepted_is_named(host: Person, fields: dict, pointer: str, code: str) -> None:
    answer = host.post("sessions/", fields)
    assert code_of(answer) == (400, "invalid")
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [(pointer, code)]


def test_access_that_is_not_offered_yet_is_refused(host: Person) -> None:
    answer = host.post("sessions/", {"display_name": "Marta", "access": "lobby"})
    assert code_of(answer) == (400, "access_not_offered")


@override_settings(ANONYMOUS_SESSIONS=False)
def test_operator_can_keep_guests_from_starting_sessions(host: Person) -> None:
    assert code_of(host.post("sessions/", {"display_name": "Marta"})) == (403, "anonymous_sessions_off")


def test_eleventh_session_in_a_minute_is_refused_with_the_wait(host: Person, guest: Person) -> None:
    for _count in range(10):
        host.start()
    answer = host.post("sessions/", {"display_name": "Marta"})
    assert code_of(answer) == (429, "rate_limited")
    assert 1 <= int(answer["Retry-After"]) <= 6
    assert 0 < answer.json()["retry_after"] <= 6
    guest.start()


def test_address_that_is_only_claimed_is_not_believed(host: Person, settings: object) -> None:
    settings.RATES = {**settings.RATES, "create_guest": (Rate(1, 60),)}  # type: ignore[attr-defined]
    host.start()
    answer = host.post("sessions/", {"display_name": "M"}, **{"X-Forwarded-For": "192.0.2.9"})
    assert answer.status_code == 429


def test_slug_drawn_twice_is_drawn_again(host: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = iter(["aaaa-bbbb-cccc", "aaaa-bbbb-cccc", "aaaa-bbbb-cccc", "dddd-eeee-ffff"])
    monkeypatch.setattr("sessions.services.sessions.new_slug", lambda: next(drawn))
    assert host.start() == "aaaa-bbbb-cccc"
    assert host.start() == "dddd-eeee-ffff"
    assert Session.objects.count() == 2


def test_slugs_have_sixty_even_random_bits() -> None:
    slugs = {models.new_slug() for _count in range(10_000)}
    assert len(slugs) == 10_000
    symbols = "".join(slugs).replace("-", "")
    assert all(len(slug) == 14 and slug[4] == slug[9] == "-" for slug in slugs)
    expected = len(symbols) / 32
    chi_square = sum((symbols.count(symbol) - expected) ** 2 / expected for symbol in models.SLUG_ALPHABET)
    assert len(models.SLUG_ALPHABET) == len(set(models.SLUG_ALPHABET)) == 32
    assert chi_square < 80  # 31 degrees of freedom: p < 0.00001
