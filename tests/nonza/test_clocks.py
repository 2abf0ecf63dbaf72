"""Clocks: how far the stores' are from ours."""

import time
from typing import Any

import pytest
import time_machine
from django.db import connection

from nonza import clocks


def test_stores_of_this_machine_agree_with_us(db: None) -> None:
    offsets = clocks.clock_offsets()
    assert set(offsets) == ({"database", "redis"} if connection.vendor == "postgresql" else {"redis"})
    assert all(abs(offset) < 5 for offset in offsets.values())
    assert clocks.skewed_clocks() == []


@pytest.mark.parametrize(("ahead", "skewed"), [(30, False), (90, True), (-90, True)])
def test_clock_that_is_far_off_is_named(db: None, ahead: int, skewed: bool) -> None:

    with time_machine.travel(time.time() + ahead):
        assert ("redis" in clocks.skewed_clocks()) is skewed
        assert clocks.clock_offsets()["redis"] == pytest.approx(-ahead, abs=5)


def test_store_that_is_away_has_no_clock(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(_alias: str) -> Any:
        raise clocks.RedisError

    monkeypatch.setattr(clocks, "get_redis_connection", away)
    assert "redis" not in clocks.clock_offsets()
