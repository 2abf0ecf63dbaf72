"""Periodic work is done by one at a time, and once in a period, however many beats tick."""

import pytest
from django_redis import get_redis_connection

from nonza.periodic import HOLD_SECONDS, alone

KEY = "nonza:periodic:work"


def _milliseconds() -> int:
    return int(get_redis_connection("default").pttl(KEY))


def test_second_worker_lets_the_first_one_work() -> None:
    with alone("work", every=10) as first, alone("work", every=10) as second:
        assert first is not None
        assert second is None


def test_work_just_done_is_not_done_again_within_half_its_period() -> None:
    with alone("work", every=10):
        pass
    with alone("work", every=10) as again:
        assert again is None
    assert 4000 < _milliseconds() <= 5000


def test_work_that_failed_may_be_done_again_at_once() -> None:
    with pytest.raises(RuntimeError), alone("work", every=10):
        raise RuntimeError
    with alone("work", every=10) as again:
        assert again is not None


def test_long_work_keeps_others_away_and_a_killed_one_soon_does_not() -> None:
    redis = get_redis_connection("default")
    with alone("work", every=10) as go_on:
        assert go_on is not None
        redis.pexpire(KEY, 50)  # nearly all of its time is over
        go_on()
        assert 9000 < _milliseconds() <= HOLD_SECONDS * 1000  # a killed worker's hold lasts no longer


def test_who_was_too_slow_takes_nothing_from_who_came_after() -> None:
    redis = get_redis_connection("default")
    with alone("work", every=10) as slow:
        assert slow is not None
        redis.delete(KEY)
        with alone("work", every=10) as next_one:
            assert next_one is not None
            slow()
            assert redis.get(KEY) is not None
    assert 4000 < _milliseconds() <= 5000
