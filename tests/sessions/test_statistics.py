"""Statistics of a session: exact, bounded, for its hosts."""

import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sessions import signals
from sessions.models import Connection, Participant, ScreenShare, Session
from sessions.services import statistics
from sessions.services.sessions import end_session
from tests.fakes import FakeLiveKit
from tests.helpers import Person, code_of

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
Reason = Connection.LeftReason


@pytest.fixture(autouse=True)
def _at_two() -> Iterator[None]:
    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        yield


def at(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def was_in(
    person: Person | Participant, start: float, end: float | None, reason: Reason = Reason.LEFT
) -> Connection:
    """Somebody was in the call from a minute after noon to another, or still is."""
    participant = person if isinstance(person, Participant) else Participant.objects.get(pk=person.id)
    Session.objects.filter(pk=participant.session_id, started_at=None).update(started_at=at(start))
    return Connection.objects.create(
        participant=participant,
        identity=f"{participant.pk}.{secrets.token_hex(6)}",
        livekit_sid=f"PA_{secrets.token_hex(6)}",
        joined_at=at(start),
        left_at=None if end is None else at(end),
        left_reason="" if end is None else reason,
    )


def shared(connection: Connection, track: str, start: float, end: float | None) -> None:
    ScreenShare.objects.create(
        participant=connection.participant,
        identity=connection.identity,
        track_sid=track,
        started_at=at(start),
        ended_at=None if end is None else at(end),
    )


def read(host: Person, slug: str) -> dict[str, Any]:
    answer = host.get(f"sessions/{slug}/statistics/")
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


@pytest.fixture
def dana(guest: Person, slug: str) -> Person:
    guest.join(slug)
    return guest


def test_session_is_told_whole(host: Person, dana: Person, slug: str) -> None:
    was_in(host, 0, 30)
    was_in(dana, 10, 20, Reason.LOST)
    second = was_in(dana, 25, 40)
    shared(second, "TR_1", 26, 31)
    Participant.objects.filter(pk=host.id).update(spoken_ms=180_000)
    Participant.objects.filter(pk=dana.id).update(spoken_ms=60_000)
    person = {"kind": "guest", "joins": 1, "rejoins": 0, "reconnections": 0, "screen_share_seconds": 0.0}
    color = {one.id: Participant.objects.get(pk=one.id).color for one in (host, dana)}
    assert read(host, slug) == {
        "started_at": "2026-01-01T12:00:00Z",
        "ended_at": None,
        "seconds": 2400.0,
        "people": 2,
        "users": 0,
        "guests": 2,
        "peak": 2,
        "joins": 3,
        "rejoins": 1,
        "reconnections": 1,
        "in_call_seconds": 3300.0,
        "screen_share_seconds": 300.0,
        "spoken_seconds": 240.0,
        "participants": [
            {
                **person,
                "id": host.id,
                "display_name": "Marta",
                "role": "host",
                "color": color[host.id],
                "first_joined_at": "2026-01-01T12:00:00Z",
                "last_left_at": "2026-01-01T12:30:00Z",
                "in_call_seconds": 1800.0,
                "spoken_seconds": 180.0,
                "speaking_share": 0.75,
            },
            {
                **person,
                "id": dana.id,
                "display_name": "Dana",
                "role": "participant",
                "color": color[dana.id],
                "first_joined_at": "2026-01-01T12:10:00Z",
                "last_left_at": "2026-01-01T12:40:00Z",
                "joins": 2,
                "rejoins": 1,
                "reconnections": 1,
                "in_call_seconds": 1500.0,
                "screen_share_seconds": 300.0,
                "spoken_seconds": 60.0,
                "speaking_share": 0.25,
            },
        ],
        "others": {"people": 0, "in_call_seconds": 0, "screen_share_seconds": 0, "spoken_seconds": 0},
        "complete": True,
        "extra": {"messages": 0},
    }


def test_session_to_which_nobody_came_has_figures_too(host: Person, slug: str) -> None:
    told = read(host, slug)
    assert (told["people"], told["peak"], told["joins"], told["seconds"]) == (0, 0, 0, 0.0)
    assert told["started_at"] is None
    assert told["participants"] == []


def test_open_session_counts_until_now(host: Person, slug: str) -> None:
    was_in(host, 90, None)
    told = read(host, slug)
    assert told["seconds"] == told["in_call_seconds"] == 1800.0
    assert told["participants"][0]["last_left_at"] is None


def test_person_in_two_tabs_is_counted_once(host: Person, dana: Person, slug: str) -> None:
    was_in(host, 0, 10, Reason.TAKEN_OVER)
    was_in(host, 5, 20)
    told = read(host, slug)
    assert (told["peak"], told["in_call_seconds"], told["reconnections"]) == (1, 1200.0, 1)
    was_in(dana, 9, 30)
    assert read(host, slug)["peak"] == 2


def test_who_comes_as_another_leaves_makes_no_peak(host: Person, dana: Person, slug: str) -> None:
    was_in(host, 0, 10)
    was_in(dana, 10, 20)
    assert read(host, slug)["peak"] == 1


def test_who_was_there_for_an_instant_was_there(host: Person, slug: str) -> None:
    was_in(host, 10, 10)
    told = read(host, slug)
    assert (told["peak"], told["people"], told["seconds"]) == (1, 1, 0.0)


def test_coming_back_by_oneself_is_no_reconnection(host: Person, slug: str) -> None:
    was_in(host, 0, 10, Reason.LEFT)
    was_in(host, 20, 30, Reason.LOST)  # and never came back from that
    told = read(host, slug)
    assert (told["joins"], told["rejoins"], told["reconnections"]) == (2, 1, 0)


def test_who_was_lost_and_found_again_has_come_back(host: Person, slug: str) -> None:
    connection = was_in(host, 0, 10)
    Connection.objects.filter(pk=connection.pk).update(interruptions=2)
    told = read(host, slug)
    assert (told["joins"], told["rejoins"], told["reconnections"]) == (3, 2, 2)


def test_shared_screen_lasts_no_longer_than_the_connection_that_shows_it(host: Person, slug: str) -> None:
    first = was_in(host, 0, 10, Reason.LOST)
    shared(first, "TR_1", 5, None)  # LiveKit never told of its end
    second = was_in(host, 20, 30)
    shared(second, "TR_2", 15, 25)  # began, by LiveKit's clock, before the join
    assert read(host, slug)["screen_share_seconds"] == (5 + 5) * 60.0


def test_two_screens_at_once_count_once(host: Person, slug: str) -> None:
    connection = was_in(host, 0, 30)
    shared(connection, "TR_1", 0, 10)
    shared(connection, "TR_2", 5, 15)
    assert read(host, slug)["screen_share_seconds"] == 900.0


def test_nobody_has_spoken_longer_than_they_were_there(host: Person, slug: str) -> None:
    was_in(host, 0, 1)
    Participant.objects.filter(pk=host.id).update(spoken_ms=10**9)
    assert read(host, slug)["spoken_seconds"] == 60.0


def test_figures_of_an_ended_session_stay(
    host: Person, dana: Person, slug: str, livekit: FakeLiveKit
) -> None:
    connection = was_in(host, 90, None)
    was_in(dana, 100, 110)
    shared(connection, "TR_1", 100, None)
    end_session(session=Session.objects.get(slug=slug), reason=Session.EndedReason.HOST_ENDED)
    told = read(host, slug)
    assert told["seconds"] == 1800.0
    assert told["screen_share_seconds"] == 1200.0
    with time_machine.travel(NOON + timedelta(days=3)):
        assert read(host, slug) == told


def test_those_who_stayed_longest_are_listed_and_the_others_summed(
    host: Person, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics, "LISTED_AT_MOST", 2)
    stays = {"Ada": 5, "Ben": 30, "Cem": 20, "Dea": 10}
    for number, (name, minutes) in enumerate(stays.items()):
        person = Person(f"192.0.2.{number}")
        person.join(slug, name)
        was_in(person, 0, minutes)
    told = read(host, slug)
    assert [person["display_name"] for person in told["participants"]] == ["Ben", "Cem"]
    assert told["others"]["people"] == 2
    assert told["others"]["in_call_seconds"] == 900.0
    assert told["in_call_seconds"] == 3900.0
    assert told["people"] == 4


def test_more_than_is_read_is_said_to_be_incomplete(
    host: Person, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statistics, "ENTRIES_AT_MOST", 2)
    for start in (0, 10, 20):
        was_in(host, start, start + 5)
    told = read(host, slug)
    assert (told["joins"], told["complete"]) == (2, False)


def test_number_of_queries_does_not_grow_with_people(host: Person, slug: str) -> None:
    was_in(host, 0, 10)
    few = _queries(host, slug)
    for number in range(2):
        person = Person(f"192.0.2.{number}")
        person.join(slug, f"Called {number}")
        shared(was_in(person, 0, 10), f"TR_{number}", 1, 2)
    assert _queries(host, slug) == few <= 5  # three, and two to know who asks


def _queries(host: Person, slug: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        read(host, slug)
    return len(queries)


@pytest.mark.parametrize("role", ["participant", "removed"])
def test_only_hosts_read_them(dana: Person, slug: str, role: str) -> None:
    change = {"state": "removed", "role": "cohost"} if role == "removed" else {"role": role}
    Participant.objects.filter(pk=dana.id).update(**change)
    assert code_of(dana.get(f"sessions/{slug}/statistics/")) == (403, "not_allowed")


def test_other_apps_add_what_they_know(host: Person, slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def knows(session: Session, **_: Any) -> dict[str, Any]:
        return {"messages": 12, "of": session.slug}

    with _listening(knows):
        assert read(host, slug)["extra"] == {"messages": 12, "of": slug}


@pytest.mark.parametrize("answer", [RuntimeError("broken"), {"when": object()}, 7])
def test_app_that_fails_is_left_out_and_logged(
    host: Person, slug: str, answer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(**_: Any) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    with _listening(fails, lambda **_: {"messages": 1}):
        assert read(host, slug)["extra"] == {"messages": 1}
    assert any(record.levelname == "ERROR" for record in caplog.records)


class _listening:  # noqa: N801 -- reads as a sentence
    def __init__(self, *receivers: Callable) -> None:
        self.receivers = receivers

    def __enter__(self) -> None:
        for receiver in self.receivers:
            signals.statistics_assembling.connect(receiver)

    def __exit__(self, *_: object) -> None:
        for receiver in self.receivers:
            signals.statistics_assembling.disconnect(receiver)
