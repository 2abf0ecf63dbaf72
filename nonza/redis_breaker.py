"""One breaker for every use of Redis: while Redis is away, nobody waits for it again and again.

The first command that fails opens it; from then on every command fails at once. A thread asks
Redis until it answers, closes the breaker, and does what had to wait (`later`). No request pays for
that question.
"""

import logging
import os
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import redis
from django.conf import settings
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as ConnectionFault
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as TimeoutFault
from redis.retry import Retry

logger = logging.getLogger(__name__)

Value = TypeVar("Value")

TIMEOUT_SECONDS = 2
PROBE_SECONDS = 0.25
POSTPONED_AT_MOST = 10_000
AWAY = (ConnectionFault, TimeoutFault)


class Breaker:
    """Knows whether Redis is away, for all threads of this process."""

    def __init__(self) -> None:
        self._reset()
        os.register_at_fork(after_in_child=self._reset)  # a child has no thread that would close it

    def _reset(self) -> None:
        self._lock = threading.Lock()
        self._is_open = False
        self._postponed: dict[str, Callable[[], Any]] = {}

    @property
    def is_open(self) -> bool:
        """Say whether Redis is away."""
        return self._is_open

    def guard(self) -> None:
        """Raise at once while Redis is away."""
        if self._is_open:
            raise ConnectionFault("Redis is away; it is not asked until it answers again")

    def lost(self, error: Exception) -> None:
        """Note that Redis did not answer."""
        with self._lock:
            if self._is_open:
                return
            self._is_open = True
        logger.warning("Redis is away: %r", error)
        try:
            threading.Thread(target=self._watch, name="redis-breaker", daemon=True).start()
        except RuntimeError:  # no thread to be had: then everybody finds out for themselves
            self._close()

    def later(self, key: str, action: Callable[[], Any]) -> None:
        """Do this once Redis is back (at once if it is); of several with one key the last one counts."""
        with self._lock:
            if self._is_open:
                if len(self._postponed) < POSTPONED_AT_MOST or key in self._postponed:
                    self._postponed[key] = action
                return
        action()

    def _watch(self) -> None:
        wait = threading.Event()
        client = redis.Redis.from_url(
            settings.REDIS_URL,
            socket_connect_timeout=TIMEOUT_SECONDS,
            socket_timeout=TIMEOUT_SECONDS,
            retry=Retry(NoBackoff(), 0),
        )
        try:
            while not _answers(client):
                wait.wait(PROBE_SECONDS)
            client.close()
        finally:
            postponed = self._close()
        logger.warning("Redis is back; %d actions had to wait", len(postponed))
        for key, action in postponed.items():
            try:
                action()
            except RedisError as error:
                logger.warning("%s was not made up for: %r", key, error)

    def _close(self) -> dict[str, Callable[[], Any]]:
        """Let Redis be asked again; returns what had to wait."""
        with self._lock:
            self._is_open = False
            postponed, self._postponed = self._postponed, {}
        return postponed


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except (RedisError, OSError):
        return False


breaker = Breaker()


class BreakerPool(redis.ConnectionPool):
    """A pool that hands out no connection while Redis is away."""

    def get_connection(self, *arguments: Any, **options: Any) -> Any:
        """Return a connection; raises redis-py's ConnectionError while the breaker is open."""
        breaker.guard()
        return super().get_connection(*arguments, **options)


class BreakerRetry(Retry):
    """Try once more on a connection that had died unseen, never after a timeout; then open the breaker."""

    def __init__(self) -> None:
        # What timed out may have been done: to ask again could do it twice, and would wait twice.
        super().__init__(NoBackoff(), 1, supported_errors=(ConnectionFault,))

    def call_with_retry(self, do: Callable[[], Value], fail: Callable[..., Any], **options: Any) -> Value:  # type: ignore[override]
        """Do it, at most twice; raises what the last try raised."""
        try:
            return super().call_with_retry(do, fail, **options)
        except AWAY as error:
            breaker.lost(error)
            raise
