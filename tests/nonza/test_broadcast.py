"""Pushes leave after the commit, never on rollback, and a lost one stops nothing."""

from collections.abc import Callable

import pytest
import redis
from django.db import transaction

from nonza import realtime
from nonza.realtime import broadcast_on_commit, close_on_commit, publish

GROUP = "test:group"


def test_push_waits_for_the_commit(commits: Callable, pushes: list) -> None:
    with commits(), transaction.atomic():
        broadcast_on_commit(GROUP, "x", {"a": 1})
        close_on_commit(GROUP, 4403)
        assert pushes == []
    assert pushes == [(GROUP, "x", {"a": 1}), (GROUP, "close", 4403)]


def test_nothing_is_pushed_on_rollback(commits: Callable, pushes: list) -> None:
    with commits():
        with pytest.raises(RuntimeError, match="rolled back"), transaction.atomic():
            _push_and_fail()
        broadcast_on_commit(GROUP, "after", {})
    assert [event for _group, event, _payload in pushes] == ["after"]


def test_payload_is_what_it_was_when_it_was_said(commits: Callable, pushes: list) -> None:
    payload = {"title": "before"}
    with commits():
        broadcast_on_commit(GROUP, "x", payload)
        payload["title"] = "after"
    assert pushes == [(GROUP, "x", {"title": "before"})]


def test_push_that_fails_stops_no_other(commits: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[str] = []

    def fail(group: str, _frame: str) -> None:
        tried.append(group)
        raise RuntimeError

    monkeypatch.setattr(realtime, "publish", fail)
    with commits():
        broadcast_on_commit("one", "x", {})
        broadcast_on_commit("two", "x", {})
    assert tried == ["one", "two"]


def test_publishing_survives_redis_away(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    nowhere = redis.Redis.from_url("redis://127.0.0.1:1")
    monkeypatch.setattr(realtime, "get_redis_connection", lambda _alias: nowhere)
    publish(GROUP, "lost")
    assert "was lost" in caplog.text


def _push_and_fail() -> None:
    broadcast_on_commit(GROUP, "never", {})
    close_on_commit(GROUP, 4403)
    raise RuntimeError("rolled back")
