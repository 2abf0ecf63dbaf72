"""The checks of `manage.py doctor`: registered by each app, run side by side, each bounded in time."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import connections

# The longest that a check may take; they run at once, so the whole run takes hardly longer.
SECONDS_AT_MOST = 16.0


class Verdict(StrEnum):
    """How a thing is."""

    FINE = "fine"
    WARNING = "warning"
    BROKEN = "broken"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at. `code` is stable, for machines; `cure` says what to do."""

    verdict: Verdict
    code: str
    says: str
    cure: str = ""


Check = Callable[[], Iterable[Finding]]
_checks: dict[str, Check] = {}


def fine(code: str, says: str) -> Finding:
    """Return that something works."""
    return Finding(Verdict.FINE, code, says)


def warning(code: str, says: str, cure: str) -> Finding:
    """Return that something works, but not as it should."""
    return Finding(Verdict.WARNING, code, says, cure)


def broken(code: str, says: str, cure: str) -> Finding:
    """Return that something does not work."""
    return Finding(Verdict.BROKEN, code, says, cure)


def check(name: str) -> Callable[[Check], Check]:
    """Register a function that yields findings under the name that `--only` knows."""

    def register(function: Check) -> Check:
        _checks[name] = function
        return function

    return register


def names() -> list[str]:
    """Return the names of all checks, in the order in which they are told."""
    return list(_checks)


@dataclass
class _Run:
    """A check at work in a thread of its own, which is left behind if it hangs."""

    name: str
    findings: list[Finding] = field(default_factory=list)
    thread: threading.Thread = field(init=False)

    def __post_init__(self) -> None:
        self.thread = threading.Thread(target=self._work, name=f"doctor-{self.name}", daemon=True)
        self.thread.start()

    def _work(self) -> None:
        try:
            self.findings += _checks[self.name]()
        except Exception as error:  # noqa: BLE001 -- one check that fails must not hide what the others found
            self.findings.append(_failed(self.name, error))
        finally:
            connections.close_all()

    def finish(self, deadline: float) -> list[Finding]:
        self.thread.join(max(0.0, deadline - time.monotonic()))
        if self.thread.is_alive():
            return [
                broken(
                    f"{self.name}.timeout",
                    f"The check “{self.name}” did not come to an end.",
                    "Something that it asks neither answers nor refuses: look at the network in between.",
                )
            ]
        return self.findings


def run(chosen: Iterable[str], *, seconds: float = SECONDS_AT_MOST) -> Iterator[tuple[str, list[Finding]]]:
    """Run these checks at once and yield what each has found, in order."""
    deadline = time.monotonic() + seconds
    for started in [_Run(name) for name in chosen]:
        yield started.name, started.finish(deadline)


def _failed(name: str, error: Exception) -> Finding:
    return broken(
        f"{name}.failed",
        f"The check “{name}” itself failed: {type(error).__name__}: {error}",
        "This is a fault of Nonza: report it with this line.",
    )
