"""A breaker: who did not answer twice in a row is left alone for a while, and nobody waits for them."""

import threading
import time

FAILURES = 2  # one may be an accident


class Breaker:
    """Counts the failures of one server for one process; it may be used by many threads."""

    def __init__(self, *, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._failures = 0
        self._shut_until = 0.0

    def may_try(self) -> bool:
        """Say whether to call at all; while it is open, to one caller in each `seconds`."""
        with self._lock:
            if self._failures < FAILURES:
                return True
            now = time.monotonic()
            if now < self._shut_until:
                return False
            self._shut_until = now + self._seconds  # this one tries for all the others
            return True

    def note_answer(self) -> None:
        """Let everybody call again."""
        with self._lock:
            self._failures = 0

    def note_silence(self) -> None:
        """Count a failure; the second one in a row opens the breaker."""
        with self._lock:
            self._failures += 1
            self._shut_until = time.monotonic() + self._seconds
