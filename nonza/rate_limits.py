"""Token buckets in Redis, taken atomically; a limiter of this process takes over while Redis is away."""

import logging
import threading
import time
from collections import OrderedDict
from typing import NamedTuple

from django_redis import get_redis_connection
from redis.exceptions import RedisError

from nonza.env import Rate
from nonza.errors import RateLimited

logger = logging.getLogger(__name__)

LOCAL_BUCKETS_AT_MOST = 10_000


class Bucket(NamedTuple):
    """One bucket: `name` says what is counted (`join:ip:203.0.113.7`).

    Of a bucket that is only to be looked at, `cost` is 0: it must not be empty, and nothing is taken.
    """

    name: str
    rate: Rate
    cost: int = 1

    @property
    def key(self) -> str:
        """Return the Redis key; the period is part of it, so two rates of one name live apart."""
        return f"nonza:rate:{self.name}:{self.rate.seconds}"


# KEYS: buckets. ARGV: amount, period (ms) and cost for each key.
# Answers 0 and takes what each costs, or the milliseconds to wait and takes nothing.
_TAKE = """
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local levels, wait = {}, 0
for i, key in ipairs(KEYS) do
  local amount, period, cost = tonumber(ARGV[3 * i - 2]), tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i])
  local held = redis.call('HMGET', key, 'level', 'at')
  local level = amount
  if held[1] then
    level = math.min(amount, tonumber(held[1]) + (now - tonumber(held[2])) * amount / period)
  end
  levels[i] = level
  local needed = math.max(cost, 1)
  if level < needed then
    wait = math.max(wait, math.ceil((needed - level) * period / amount))
  end
end
if wait > 0 then return wait end
for i, key in ipairs(KEYS) do
  local cost = tonumber(ARGV[3 * i])
  if cost > 0 then
    redis.call('HSET', key, 'level', tostring(levels[i] - cost), 'at', tostring(now))
    redis.call('PEXPIRE', key, ARGV[3 * i - 1])
  end
end
return 0
"""


def buckets(name: str, rates: tuple[Rate, ...]) -> list[Bucket]:
    """Return a bucket for each of the rates of one name."""
    return [Bucket(name, rate) for rate in rates]


def consume(*wanted: Bucket) -> None:
    """Take what each bucket costs, or nothing at all; raises RateLimited with the seconds to wait."""
    milliseconds = _from_redis(wanted)
    if milliseconds is None:
        milliseconds = _local.take(wanted)
    if milliseconds > 0:
        raise RateLimited(retry_after=milliseconds / 1000)


def looked_at(wanted: list[Bucket]) -> list[Bucket]:
    """Return the same buckets, only to be looked at."""
    return [bucket._replace(cost=0) for bucket in wanted]


def _from_redis(wanted: tuple[Bucket, ...]) -> int | None:
    """Return the milliseconds to wait, or None while Redis does not answer."""
    arguments: list[int] = []
    for bucket in wanted:
        arguments += [bucket.rate.amount, bucket.rate.seconds * 1000, bucket.cost]
    try:
        script = get_redis_connection("default").register_script(_TAKE)
        return int(script(keys=[bucket.key for bucket in wanted], args=arguments))
    except RedisError as error:  # away (then the breaker has said so), or full
        logger.debug("Redis counts nothing (%s); this process counts by itself", error)
        return None


class _LocalBuckets:
    """The same buckets in this process: fewer tokens than promised is safe, none at all is not."""

    def __init__(self) -> None:
        self._levels: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, wanted: tuple[Bucket, ...]) -> int:
        """Return the milliseconds to wait (0: taken)."""
        now = time.monotonic()
        with self._lock:
            levels = {bucket: self._level(bucket, now) for bucket in wanted}
            waits = [
                (max(bucket.cost, 1) - level) * bucket.rate.seconds * 1000 / bucket.rate.amount
                for bucket, level in levels.items()
                if level < max(bucket.cost, 1)
            ]
            if waits:
                return int(max(waits)) + 1
            for bucket, level in levels.items():
                self._levels[bucket.key] = (level - bucket.cost, now)
                self._levels.move_to_end(bucket.key)
            while len(self._levels) > LOCAL_BUCKETS_AT_MOST:
                self._levels.popitem(last=False)
            return 0

    def _level(self, bucket: Bucket, now: float) -> float:
        amount, seconds = bucket.rate.amount, bucket.rate.seconds
        level, at = self._levels.get(bucket.key, (float(amount), now))
        return min(amount, level + (now - at) * amount / seconds)


_local = _LocalBuckets()
