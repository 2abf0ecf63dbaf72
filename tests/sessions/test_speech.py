"""What a page says with its heartbeats: shown and counted, never more than can be."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sessions.models import Participant
from sessions.services.participants import note_heartbeat
from tests.helpers import Person

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def dana(guest: Person, slug: str) -> UUID:
    guest.join(slug)
    return UUID(guest.id)


def says(dana: UUID, spoken_ms: int, *, after: float = 0, microphone_on: bool | None = None) -> int:
    """A heartbeat so many seconds after noon; returns what is counted then."""
    with time_machine.travel(NOON + timedelta(seconds=after), tick=False):
        note_heartbeat(participant_id=dana, microphone_on=microphone_on, spoken_ms=spoken_ms)
    return Participant.objects.get(pk=dana).spoken_ms


def test_speech_adds_up(dana: UUID) -> None:
    assert says(dana, 4000) == 4000
    assert says(dana, 3000, after=15) == 7000


def test_two_tabs_do_not_speak_twice(dana: UUID) -> None:
    says(dana, 15_000)
    assert says(dana, 15_000, after=15) == 30_000
    assert says(dana, 15_000, after=16) == 31_000


def test_clock_that_goes_back_takes_nothing_away(dana: UUID) -> None:
    says(dana, 5000, after=60)
    assert says(dana, 5000, after=30) == 5000


@pytest.mark.parametrize("state", ["left", "removed", "banned"])
def test_who_is_out_says_nothing(dana: UUID, state: str) -> None:
    Participant.objects.filter(pk=dana).update(state=state)
    assert says(dana, 5000, microphone_on=True) == 0
    assert not Participant.objects.get(pk=dana).microphone_on


def test_silence_writes_nothing(dana: UUID, pushes: list, commits: Callable) -> None:
    with CaptureQueriesContext(connection) as queries, commits():
        says(dana, 0)
    assert not [query for query in queries if "UPDATE" in query["sql"]]
    assert pushes == []


def test_microphone_and_speech_are_one_write(dana: UUID, pushes: list, commits: Callable) -> None:
    with CaptureQueriesContext(connection) as queries, commits():
        assert says(dana, 5000, microphone_on=True) == 5000
    assert len([query for query in queries if "UPDATE" in query["sql"]]) == 1
    assert [event for _group, event, _payload in pushes] == ["participant.changed"]
    pushes.clear()
    with commits():
        assert says(dana, 5000, after=15, microphone_on=True) == 10_000
    assert pushes == []  # nobody is told how much somebody speaks
