"""Alive, and ready."""

import pytest
import redis
from django.db import OperationalError, connection
from django.test import Client

from nonza import health
from nonza.realtime import draining


def test_process_is_alive_without_asking_any_store(
    client: Client, monkeypatch: pytest.MonkeyPatch, settings: object
) -> None:
    """Without the `db` fixture a query would fail this test."""
    monkeypatch.setattr(health, "get_redis_connection", _nowhere)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})


def test_process_with_its_stores_is_ready(client: Client, db: None) -> None:
    answer = client.get("/readyz")
    expected = {"status": "ok", "database": True, "redis": True, "clock_skew": []}
    assert (answer.status_code, answer.json()) == (200, expected)


def test_process_without_redis_is_not_ready(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "get_redis_connection", _nowhere)
    answer = client.get("/readyz")
    expected = {"status": "not ready", "database": True, "redis": False, "clock_skew": []}
    assert (answer.status_code, answer.json()) == (503, expected)


def test_process_without_database_is_not_ready(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise OperationalError("away")

    with monkeypatch.context() as patched:
        patched.setattr(connection, "cursor", fail)
        answer = client.get("/readyz")
    expected = {"status": "not ready", "database": False, "redis": True, "clock_skew": []}
    assert (answer.status_code, answer.json()) == (503, expected)


def test_process_that_is_going_to_end_is_not_ready(
    client: Client, db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draining, "_begun", True)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "not ready")


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_is_only_read(client: Client, db: None, path: str) -> None:
    assert client.post(path).status_code == 405
    assert client.head(path).status_code == 200


def _nowhere(_alias: str) -> redis.Redis:
    return redis.Redis.from_url("redis://127.0.0.1:1")
