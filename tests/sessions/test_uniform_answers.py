"""Strangers get one and the same answer for every session they cannot be in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import timezone

from nonza.env import Rate
from sessions.models import Session
from tests.fakes import FakeLiveKit
from tests.helpers import Person, code_of
from tests.operations import operations

NOBODY = "00000000-0000-4000-8000-000000000000"
KINDS = ("unknown", "ended", "expired", "deleted", "abandoned")
OPERATIONS = [operation for operation in operations() if "{slug}" in operation]
CHANGING = {"x-request-id", "date"}


@pytest.fixture
def closed(host: Person, livekit: FakeLiveKit, commits: Callable) -> dict[str, str]:
    """The codes of sessions that no stranger may learn of."""
    slugs = {kind: host.start() for kind in KINDS if kind != "unknown"} | {"unknown": "aaaa-bbbb-cccc"}
    for slug in slugs.values():  # somebody has looked, so the gate is cached
        Person("192.0.2.200").get(f"sessions/{slug}/")
    with commits():
        host.post(f"sessions/{slugs['ended']}/end/")
        host.delete(f"sessions/{slugs['deleted']}/")
        Session.objects.filter(slug=slugs["abandoned"]).update(
            status="ended", ended_reason="abandoned", ended_at=timezone.now()
        )
        Session.objects.filter(slug=slugs["expired"]).update(expires_at=timezone.now() - timedelta(seconds=1))
        from sessions.services.sessions import forget_public_part  # noqa: PLC0415 -- leaf

        for session in Session.objects.all():
            forget_public_part(session)
    return slugs


def sent(operation: str, slug: str, number: int) -> HttpResponse:
    method, template = operation.split()
    path = template.format(slug=slug, participant_id=NOBODY, message_id=NOBODY)
    body: Any = {"display_name": "Mallory"} if "join" in path else {}
    return Person(f"198.51.100.{number}").send(method, path, None if method == "GET" else body)


def seen(answer: HttpResponse, slug: str) -> tuple[int, bytes, dict[str, str]]:
    headers = {name: value for name, value in answer.items() if name.lower() not in CHANGING}
    return answer.status_code, answer.content.replace(slug.encode(), b"SLUG"), headers


@pytest.mark.parametrize("operation", OPERATIONS)
def test_api_answers_strangers_alike(closed: dict[str, str], operation: str) -> None:
    answers = {kind: sent(operation, closed[kind], number) for number, kind in enumerate(KINDS)}
    assert code_of(answers["unknown"]) == (404, "session_not_found")
    alike = {str(seen(answer, closed[kind])) for kind, answer in answers.items()}
    assert len(alike) == 1


@pytest.mark.parametrize("slug", ["x", "x" * 500, "aaaa-bbbb-cccc%20", "%D0%B0", "..%5c", "AAAA-BBBB-CCCC"])
def test_nonsense_is_an_unknown_code(mallory: Person, slug: str) -> None:
    assert code_of(mallory.get(f"sessions/{slug}/")) == (404, "session_not_found")
    assert mallory.get(f"/session/{slug}/").status_code == 404


def test_code_that_no_store_can_look_for_is_no_address(mallory: Person) -> None:
    assert code_of(mallory.get("sessions/a%00b/")) == (404, "not_found")
    assert mallory.get("/session/a%00b/").status_code == 404


@pytest.mark.parametrize("cursor", ["x", "cD1nYXJiYWdl", "cD0lMDA=", "bz05OTk5OTk5OTk5OTk=", "%00"])
def test_cursor_of_nonsense_is_refused_or_ignored(host: Person, slug: str, cursor: str) -> None:
    host.join(slug, "Marta")
    assert host.get(f"sessions/{slug}/participants/?cursor={cursor}&limit=x").status_code in {200, 400, 404}


def test_page_answers_strangers_alike(closed: dict[str, str]) -> None:
    pages = set()
    for number, kind in enumerate(KINDS):
        answer = Person(f"198.51.100.{number}").get(f"/session/{closed[kind]}/")
        status, content, headers = seen(answer, closed[kind])
        assert status == 404
        pages.add((status, _without_nonces(content), _without_nonces(str(sorted(headers.items())).encode())))
    assert len(pages) == 1


def test_time_of_the_answer_costs_the_same_queries(
    closed: dict[str, str], django_assert_max_num_queries: Any
) -> None:
    for number, kind in enumerate(KINDS):
        person = Person(f"198.51.100.{number}")
        with django_assert_max_num_queries(1):
            person.get(f"sessions/{closed[kind]}/")


def test_who_holds_a_place_learns_that_it_ended(
    host: Person, guest: Person, slug: str, livekit: FakeLiveKit
) -> None:
    guest.join(slug)
    host.post(f"sessions/{slug}/end/")
    assert guest.get(f"sessions/{slug}/").json()["status"] == "ended"
    assert guest.get(f"sessions/{slug}/").json()["ended_reason"] == "host_ended"
    assert code_of(guest.join(slug)) == (410, "session_ended")
    assert code_of(guest.post(f"sessions/{slug}/token/")) == (410, "session_ended")


def test_who_holds_a_place_learns_that_it_expired(host: Person, guest: Person, slug: str) -> None:
    guest.join(slug)
    guest.post(f"sessions/{slug}/leave/")
    Session.objects.filter(slug=slug).update(expires_at=timezone.now())
    assert code_of(guest.join(slug)) == (410, "session_expired")
    Session.objects.filter(slug=slug).update(status="ended", ended_reason="expired", ended_at=timezone.now())
    assert code_of(guest.post(f"sessions/{slug}/token/")) == (410, "session_expired")
    assert guest.get(f"sessions/{slug}/").json()["ended_reason"] == "expired"


def test_full_and_locked_are_told_at_the_gate_of_a_live_session(host: Person, mallory: Person) -> None:
    slug = host.start(max_participants=1)
    host.join(slug, "Marta")
    host.patch(f"sessions/{slug}/", {"locked": True})
    gate = mallory.get(f"sessions/{slug}/").json()
    assert (gate["full"], gate["locked"]) == (True, True)


def test_guessing_is_stopped_and_a_true_code_still_works_elsewhere(slug: str, settings: Any) -> None:
    settings.RATES = {**settings.RATES, "unknown_ip": (Rate(20, 86_400),)}  # no refill while this runs
    guesser = Person("198.51.100.66")
    answers = [guesser.get(f"sessions/aaaa-bbbb-{number:04d}/") for number in range(200)]
    codes = [code_of(answer) for answer in answers]
    assert codes[:20] == [(404, "session_not_found")] * 20
    assert set(codes[20:]) == {(429, "rate_limited")}
    assert all(int(answer["Retry-After"]) >= 1 for answer in answers[20:])
    assert guesser.get(f"sessions/{slug}/").status_code == 429, "a hit among the guesses tells nothing"
    assert guesser.join(slug).status_code == 429
    assert guesser.get(f"/session/{slug}/").status_code == 429
    assert Person("203.0.113.200").get(f"sessions/{slug}/").status_code == 200
    assert Person("203.0.113.201").join(slug).status_code == 200


@pytest.mark.parametrize("operation", OPERATIONS)
def test_misses_are_counted_whatever_is_asked(slug: str, operation: str) -> None:
    method, template = operation.split()
    path = template.format(slug="aaaa-bbbb-cccc", participant_id=NOBODY, message_id=NOBODY)
    guesser = Person("198.51.100.66")
    body: Any = {"display_name": "Mallory"} if "join" in path else {}
    for _count in range(30):
        answer = guesser.send(method, path, None if method == "GET" else body)
    assert code_of(answer) == (429, "rate_limited")


def test_misses_on_the_page_and_over_the_api_are_counted_together(mallory: Person) -> None:
    for _count in range(12):
        mallory.get("/session/aaaa-bbbb-cccc/")
        mallory.get("sessions/aaaa-bbbb-cccc/")
    assert mallory.get("/session/aaaa-bbbb-cccc/").status_code == 429
    assert "Retry-After" in mallory.get("/session/aaaa-bbbb-cccc/")


def test_who_is_inside_is_not_stopped_by_guesses_from_the_same_address(guest: Person, slug: str) -> None:
    guest.join(slug)
    neighbour = Person(guest.ip)
    for _count in range(30):
        neighbour.get("sessions/aaaa-bbbb-cccc/")
    assert guest.get(f"sessions/{slug}/").status_code == 200
    assert guest.join(slug).status_code == 200


def _without_nonces(content: bytes) -> bytes:
    import re  # noqa: PLC0415 -- leaf

    content = re.sub(rb"nonce-[\w+/=]+", b"", content)
    content = re.sub(rb'nonce="[^"]*"', b"", content)
    return re.sub(rb'name="csrfmiddlewaretoken" value="[^"]*"', b"", content)
