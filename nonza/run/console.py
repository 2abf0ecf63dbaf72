"""The one place of the launcher that writes to the terminal."""

import sys
import time
from collections.abc import Callable

A_MINUTE = 60.0


class CannotGoOn(Exception):
    """One sentence for the person at the terminal: what is wrong, and what to do about it."""


def say(text: str = "") -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def complain(text: str) -> None:
    sys.stdout.flush()
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


class Progress:
    """Says how a long step is going: a line every few seconds, fewer as it gets older."""

    def __init__(self, title: str, *, every: float = 5.0) -> None:
        self._title = title
        self._every = every
        self._began = time.monotonic()
        self._next = self._began + every

    def note(self, detail: Callable[[], str] = str) -> None:
        """Call as often as you like; it asks for the detail and writes only when a line is due."""
        now = time.monotonic()
        if now < self._next:
            return
        elapsed = now - self._began
        self._next = now + (self._every if elapsed < A_MINUTE else 3 * self._every)
        words = detail()
        say(f"  {self._title}: {elapsed:.0f} s" + (f", {words}" if words else ""))
