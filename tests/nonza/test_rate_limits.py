"""Rates: counted atomically in Redis, and by the process itself while Redis is away."""

import threading
import time
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import redis
from django_redis import get_redis_connection

from nonza import rate_limits
from nonza.env import Rate
from nonza.errors import RateLimited
from nonza.rate_limits import Bucket, buckets, consume, looked_at

PER_MINUTE = Bucket("test:a", Rate(5, 60))
PER_HOUR = Bucket("test:a", Rate(7, 3600))
OTHER = Bucket("test:b", Rate(2, 60))


class Redis:
    """What a test may do to Redis."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def go_away(self) -> None:
        nowhere = redis.Redis.from_url("redis://127.0.0.1:1")
        self._monkeypatch.setattr(rate_limits, "get_redis_connection", lambda _alias: nowhere)

    def come_back(self) -> None:
        self._monkeypatch.setattr(rate_limits, "get_redis_connection", get_redis_connection)


@pytest.fixture
def store(monkeypatch: pytest.MonkeyPatch) -> Redis:
    return Redis(monkeypatch)


@pytest.fixture(params=["Redis", "this process alone"])
def limiter(request: pytest.FixtureRequest, store: Redis) -> str:
    """Every promise holds in both places."""
    if request.param != "Redis":
        store.go_away()
    return str(request.param)


@pytest.fixture
def later(limiter: str, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let time pass for the buckets."""
    passed = [0.0]

    def pass_time(seconds: float) -> None:
        passed[0] += seconds
        connection = get_redis_connection("default")
        for key in connection.keys("nonza:rate:*"):
            at = float(connection.hget(key, "at")) - seconds * 1000
            connection.hset(key, "at", at)

    now = rate_limits.time.monotonic
    clock = SimpleNamespace(monotonic=lambda: now() + passed[0])
    monkeypatch.setattr(rate_limits, "time", clock)
    return pass_time


def refusal(*wanted: Bucket) -> RateLimited:
    with pytest.raises(RateLimited) as refused:
        consume(*wanted)
    return refused.value


def test_bucket_holds_what_its_rate_says(limiter: str) -> None:
    for _count in range(5):
        consume(PER_MINUTE)
    assert 0 < (refusal(PER_MINUTE).retry_after or 0) <= 12


def test_wait_is_right_and_over_after_it(limiter: str, later: Callable[[float], None]) -> None:
    for _count in range(5):
        consume(PER_MINUTE)
    wait = refusal(PER_MINUTE).retry_after or 0
    later(wait - 1)
    assert int(refusal(PER_MINUTE).headers()["Retry-After"]) in {1, 2}
    later(1.01)
    consume(PER_MINUTE)
    refusal(PER_MINUTE)


def test_bucket_refills_evenly_and_no_higher_than_full(limiter: str, later: Callable[[float], None]) -> None:
    for _count in range(5):
        consume(PER_MINUTE)
    later(24.1)
    consume(PER_MINUTE)
    consume(PER_MINUTE)
    refusal(PER_MINUTE)
    later(100_000)
    for _count in range(5):
        consume(PER_MINUTE)
    refusal(PER_MINUTE)


def test_nothing_is_taken_from_any_bucket_if_one_is_empty(limiter: str) -> None:
    consume(OTHER)
    consume(OTHER)
    for _count in range(20):
        refusal(PER_MINUTE, OTHER)
    for _count in range(5):
        consume(PER_MINUTE)
    refusal(PER_MINUTE)


def test_longest_wait_of_several_buckets_counts(limiter: str, later: Callable[[float], None]) -> None:
    for _count in range(5):
        consume(PER_MINUTE, PER_HOUR)
    later(60)
    consume(PER_MINUTE, PER_HOUR)
    consume(PER_MINUTE, PER_HOUR)
    assert 400 < (refusal(PER_MINUTE, PER_HOUR).retry_after or 0) <= 515
    consume(PER_MINUTE)


def test_looking_takes_nothing(limiter: str) -> None:
    for _count in range(20):
        consume(*looked_at([OTHER]))
    consume(OTHER)
    consume(OTHER)
    with pytest.raises(RateLimited):
        consume(*looked_at([OTHER]))


def test_buckets_of_different_names_and_periods_live_apart(limiter: str) -> None:
    assert len({PER_MINUTE.key, PER_HOUR.key, OTHER.key}) == 3
    for _count in range(5):
        consume(PER_MINUTE)
    consume(OTHER)
    consume(PER_HOUR)
    assert [bucket.rate for bucket in buckets("x", (Rate(1, 2), Rate(3, 4)))] == [Rate(1, 2), Rate(3, 4)]


@pytest.fixture
def _hasty_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    """Threads take turns between looking into a bucket and taking from it."""
    look = rate_limits._LocalBuckets._level

    def look_and_yield(self: object, bucket: Bucket, now: float) -> float:
        level = look(self, bucket, now)  # type: ignore[arg-type]
        time.sleep(0)
        return level

    monkeypatch.setattr(rate_limits._LocalBuckets, "_level", look_and_yield)


@pytest.mark.usefixtures("_hasty_threads")
def test_two_hundred_threads_take_exactly_what_there_is(limiter: str) -> None:
    bucket = Bucket("test:threads", Rate(50, 3600))
    taken: list[bool] = []
    start = threading.Barrier(200)

    def take() -> None:
        start.wait()
        try:
            consume(bucket, PER_HOUR_OF_MANY)
        except RateLimited:
            taken.append(False)
        else:
            taken.append(True)

    threads = [threading.Thread(target=take) for _count in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (taken.count(True), len(taken)) == (50, 200)


PER_HOUR_OF_MANY = Bucket("test:many", Rate(1000, 3600))


def test_no_key_outlives_its_period(db: None) -> None:
    consume(PER_MINUTE, PER_HOUR)
    connection = get_redis_connection("default")
    assert 0 < connection.ttl(PER_MINUTE.key) <= 60
    assert 0 < connection.ttl(PER_HOUR.key) <= 3600


def test_redis_that_goes_away_never_opens_the_gate(store: Redis) -> None:
    store.go_away()
    for _count in range(5):
        consume(PER_MINUTE)
    for _count in range(50):
        refusal(PER_MINUTE)


def test_redis_counts_again_once_it_is_back(store: Redis) -> None:
    store.go_away()
    consume(PER_MINUTE)
    store.come_back()
    for _count in range(5):
        consume(PER_MINUTE)
    assert get_redis_connection("default").exists(PER_MINUTE.key)


def test_memory_of_the_process_is_bounded(store: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "LOCAL_BUCKETS_AT_MOST", 10)
    store.go_away()
    for number in range(100):
        consume(Bucket(f"test:{number}", Rate(1, 60)))
    refusal(Bucket("test:99", Rate(1, 60)))
    assert len(rate_limits._local._levels) == 10
