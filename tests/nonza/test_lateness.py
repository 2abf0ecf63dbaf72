"""Requests that have waited too long for a process are refused, so that it serves those that came now."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from nonza import middleware


@pytest.fixture
def ask(client: Client, db: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Callable:
    """Ask with the mark of a proxy whose clock is `ahead` of ours."""
    settings.TRUSTED_PROXIES = 1
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


@pytest.mark.parametrize("mark", ["", "t=", "soon", "t=nan", "t=inf", "t=-inf", "t=9e99", "t=0"])
def test_mark_that_is_none_has_nobody_refused(client: Client, ask: Callable, mark: str) -> None:
    for _count in range(2):
        assert client.get("/healthz", headers={"X-Request-Start": mark}).status_code == 200
        assert client.get("/api/v1/schema/", headers={"X-Request-Start": mark}).status_code == 200
    assert ask("/", 0.0).status_code == 200


def test_proxy_whose_clock_steps_back_has_few_refused(ask: Callable) -> None:
    assert ask("/", 0.0, ahead=5.0).status_code == 200
    answers = [ask("/no-such-page", 0.0).status_code for _count in range(60)]
    assert answers == [503] * 51 + [404] * 9


def test_mark_that_nobody_wrote_but_the_browser_counts_for_nothing(ask: Callable, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 0
    assert [ask("/", waited).status_code for waited in (0.0, 60.0)] == [200, 200]
