"""Ringing for the worker while the broker is away."""

from collections.abc import Callable
from typing import Any

import pytest

from nonza.doorbell import ring
from nonza.redis_breaker import breaker


class Bell:
    """A task; it is done where it is rung for."""

    name = "bell"

    def __init__(self) -> None:
        self.rung: list[tuple[Any, ...]] = []

    def delay(self, *arguments: Any) -> None:
        self.rung.append(arguments)


@pytest.mark.parametrize(("even_late", "rung"), [(True, [("a",)]), (False, [])])
def test_what_is_worth_doing_late_is_done_once_redis_is_back(
    commits: Callable, *, even_late: bool, rung: list[tuple[str]]
) -> None:
    bell: Any = Bell()
    breaker._is_open = True
    with commits():
        ring(bell, "a", even_late=even_late)
    assert bell.rung == []
    for action in breaker._close().values():
        action()
    assert bell.rung == rung


def test_task_waits_for_the_commit(commits: Callable) -> None:
    bell: Any = Bell()
    with commits():
        ring(bell, "a")
        assert bell.rung == []
    assert bell.rung == [("a",)]
