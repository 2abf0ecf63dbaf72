"""Requests that have waited too long for a process are refused, so that it serves those that came now."""

import time
from collections.abc import Callable

import pytest
from django.test import Client

from nonza import middleware


@pytest.fixture
def ask(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> Callable:
    """Ask with the mark of a proxy whose clock is `ahead` of ours."""
    monkeypatch.setattr(middleware, "_queue", middleware._Queue())

    def ask(path: str, waited: float, ahead: float = 0.0) -> object:
        mark = f"t={time.time() - waited + ahead:.3f}"
        return client.get(path, headers={"X-Request-Start": mark})

    return ask


def test_request_that_waited_too_long_is_refused_with_a_hint(ask: Callable) -> None:
    assert ask("/", 0.0).status_code == 200
    answer = ask("/api/v1/schema/", 4.0)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert int(answer["Retry-After"]) >= 2
    assert ask("/", 2.0).status_code == 200


def test_page_that_waited_too_long_tries_again_by_itself(ask: Callable) -> None:
    ask("/", 0.0)
    answer = ask("/", 4.0)
    assert answer.status_code == 503
    assert b'http-equiv="refresh"' in answer.content


@pytest.mark.parametrize("ahead", [-120.0, 120.0])
def test_proxy_with_another_clock_has_nobody_refused(ask: Callable, ahead: float) -> None:
    assert ask("/", 0.1, ahead).status_code == 200
    assert ask("/", 0.0, ahead).status_code == 200
    assert ask("/", 2.0, ahead).status_code == 200
    assert ask("/", 4.0, ahead).status_code == 503


def test_health_is_told_however_late(ask: Callable) -> None:
    ask("/", 0.0)
    assert ask("/healthz", 60.0).status_code == 200
    assert ask("/readyz", 60.0).status_code == 200


@pytest.mark.parametrize("mark", ["", "t=", "soon", "t=nan"])
def test_mark_that_is_none_has_nobody_refused(client: Client, db: None, mark: str) -> None:
    for _count in range(2):
        assert client.get("/", headers={"X-Request-Start": mark}).status_code == 200
