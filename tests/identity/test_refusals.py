"""A flood is refused at the door."""

from typing import Any

import pytest

from identity import refusals
from nonza.env import Rate
from tests.fakes import FakeLiveKit
from tests.helpers import Person, code_of


@pytest.fixture(autouse=True)
def _few_changes(settings: Any) -> None:
    settings.RATES = {**settings.RATES, "session_participant": (Rate(2, 3600),)}


@pytest.fixture
def flooded(host: Person, slug: str, livekit: FakeLiveKit) -> str:
    """The address at which the host has asked too often."""
    host.join(slug, "Marta")
    address = f"sessions/{slug}/participants/"
    while host.get(address).status_code != 429:
        pass
    return address


def test_who_asks_again_too_soon_costs_no_query(
    host: Person, flooded: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        again = host.get(flooded)
    assert code_of(again) == (429, "rate_limited")
    assert int(again["Retry-After"]) > 1000
    assert again["Cache-Control"] == "no-store, private"
    assert again["Content-Type"] == "application/problem+json"


def test_nobody_else_is_refused_and_nothing_else_is(
    host: Person, guest: Person, flooded: str, slug: str, django_assert_num_queries: Any
) -> None:
    guest.join(slug)
    guest.ip = host.ip
    assert guest.get(flooded).status_code == 200
    host.ip = "203.0.113.99"
    with pytest.raises(pytest.fail.Exception, match="0 queries"), django_assert_num_queries(0):
        host.get(flooded)  # from elsewhere it is looked at, though refused for the same reason
    assert host.get("/healthz").status_code == 200


def test_it_is_looked_at_again_when_the_time_is_over(
    host: Person, flooded: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RATES = {**settings.RATES, "session_participant": (Rate(1000, 60),)}
    assert host.get(flooded).status_code == 429
    now = refusals.time.monotonic()
    monkeypatch.setattr(refusals.time, "monotonic", lambda: now + 3601)
    assert host.get(flooded).status_code == 200


def test_no_more_is_remembered_than_fits(
    host: Person, flooded: str, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(refusals, "REMEMBERED_AT_MOST", 1)
    assert host.get(f"sessions/{slug}/statistics/").status_code == 429
    assert len(refusals.refusals._standing) == 1
