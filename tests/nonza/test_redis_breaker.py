"""The breaker of Redis: one failure, then nobody waits, and what had to wait is made up for."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
import redis
from redis.exceptions import RedisError

from nonza import redis_breaker
from nonza.redis_breaker import Breaker, BreakerPool, BreakerRetry

SECONDS = 10


class Store:
    """A Redis that may be away: what the breaker's own question hears."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.is_away = threading.Event()
        self.asked = threading.Event()
        monkeypatch.setattr(redis_breaker, "_answers", self._answers)
        monkeypatch.setattr(redis_breaker, "PROBE_SECONDS", 0.01)

    def _answers(self, _client: redis.Redis) -> bool:
        self.asked.set()
        return not self.is_away.is_set()


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Store:
    return Store(monkeypatch)


@pytest.fixture
def breaker(monkeypatch: pytest.MonkeyPatch, store: Store) -> Iterator[Breaker]:
    breaker = Breaker()
    monkeypatch.setattr(redis_breaker, "breaker", breaker)
    yield breaker
    store.is_away.clear()
    until(lambda: not breaker.is_open)


@pytest.fixture
def nowhere(breaker: Breaker) -> redis.Redis:
    """A client of a Redis that nobody serves."""
    return redis.Redis(
        connection_pool=BreakerPool.from_url("redis://127.0.0.1:1", retry=BreakerRetry(), socket_timeout=1)
    )


def until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_first_failure_opens_it_and_nobody_is_asked_any_more(
    store: Store, breaker: Breaker, nowhere: redis.Redis
) -> None:
    store.is_away.set()
    with pytest.raises(RedisError, match="refused"):
        nowhere.ping()
    assert breaker.is_open
    with pytest.raises(RedisError, match="is not asked"):
        nowhere.ping()


def test_it_closes_by_itself_once_redis_answers(store: Store, breaker: Breaker, nowhere: redis.Redis) -> None:
    store.is_away.set()
    with pytest.raises(RedisError):
        nowhere.ping()
    store.asked.wait(SECONDS)
    assert breaker.is_open
    store.is_away.clear()
    until(lambda: not breaker.is_open)


def test_what_had_to_wait_is_done_once_it_is_back(store: Store, breaker: Breaker) -> None:
    done: list[str] = []
    store.is_away.set()
    breaker.lost(RedisError("away"))
    breaker.later("a", lambda: done.append("the first a"))
    breaker.later("b", lambda: done.append("b"))
    breaker.later("a", lambda: done.append("the last a"))
    assert done == []
    store.is_away.clear()
    until(lambda: len(done) == 2)
    assert sorted(done) == ["b", "the last a"]


def test_what_need_not_wait_is_done_at_once(breaker: Breaker) -> None:
    done: list[str] = []
    breaker.later("a", lambda: done.append("a"))
    assert done == ["a"]


def test_what_waits_is_bounded(store: Store, breaker: Breaker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_breaker, "POSTPONED_AT_MOST", 2)
    done: list[int] = []
    store.is_away.set()
    breaker.lost(RedisError("away"))
    for number in range(5):
        breaker.later(str(number), lambda number=number: done.append(number))
    store.is_away.clear()
    until(lambda: not breaker.is_open)
    until(lambda: len(done) == 2)
    assert done == [0, 1]


def test_one_action_that_fails_stops_no_other(store: Store, breaker: Breaker) -> None:
    done: list[str] = []

    def fail() -> None:
        raise RedisError("away again")

    store.is_away.set()
    breaker.lost(RedisError("away"))
    breaker.later("a", fail)
    breaker.later("b", lambda: done.append("b"))
    store.is_away.clear()
    until(lambda: done == ["b"])


def test_connection_that_died_unseen_costs_one_more_try_and_a_timeout_none() -> None:
    tries: list[str] = []

    def reset() -> str:
        tries.append("reset")
        if len(tries) == 1:
            raise redis.ConnectionError("reset by peer")
        return "pong"

    def hang() -> str:
        tries.append("hang")
        raise redis.TimeoutError("2 s")

    assert BreakerRetry().call_with_retry(reset, lambda _error: None) == "pong"
    assert tries == ["reset", "reset"]
    with pytest.raises(redis.TimeoutError):
        BreakerRetry().call_with_retry(hang, lambda _error: None)
    assert tries == ["reset", "reset", "hang"]
    until(lambda: not redis_breaker.breaker.is_open)


def test_redis_that_refuses_a_command_is_not_away(breaker: Breaker) -> None:
    def refuse() -> None:
        raise redis.ResponseError("OOM command not allowed")

    with pytest.raises(redis.ResponseError):
        BreakerRetry().call_with_retry(refuse, lambda _error: None)
    assert not breaker.is_open
