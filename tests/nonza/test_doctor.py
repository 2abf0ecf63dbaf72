"""The doctor: every check broken once, and the command itself."""

import functools
import json
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any, Self

import pytest
import redis
import time_machine
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.module_loading import autodiscover_modules
from fakeredis import TcpFakeServer

from nonza import clocks, tasks
from nonza.celery import app as celery
from nonza.doctor import registry, stores, work
from nonza.doctor.registry import Finding
from nonza.doctor.stores import look_at_database, look_at_redis
from nonza.doctor.surroundings import look_at_address, look_at_clocks, look_at_disk, look_at_web
from nonza.doctor.work import look_at_beat, look_at_worker
from tests.doctoring import told

pytestmark = pytest.mark.django_db


@pytest.fixture
def dead_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    dead = redis.Redis.from_url("redis://127.0.0.1:1")
    for module in (stores, work, clocks, tasks):
        monkeypatch.setattr(module, "get_redis_connection", lambda _alias: dead)


# Stores ---------------------------------------------------------------------


def test_database_is_well() -> None:
    found = told(look_at_database)
    assert set(found.values()) == {"fine"}
    assert {"database", "database.migrations"} <= set(found)


def test_database_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError('connection to server at "db", port 5432 failed')

    monkeypatch.setattr(connection, "ensure_connection", away)
    assert told(look_at_database) == {"database.unreachable": "broken"}


def test_database_that_is_not_migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_: ["one"])
    assert told(look_at_database)["database.not_migrated"] == "broken"


def test_database_that_is_too_old(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"SHOW server_version_num": ("140011",), "SHOW transaction_read_only": ("on",)}
    monkeypatch.setattr(connection, "cursor", lambda: FakeCursor(answers, (99, 97)))
    assert told(lambda: stores._postgres(1)) == {
        "database.too_old": "broken",
        "database.read_only": "broken",
        "database.few_connections": "warning",
    }


def test_file_that_keeps_readers_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = {"PRAGMA journal_mode": ("delete",)}
    monkeypatch.setattr(connection, "cursor", lambda: FakeCursor(answers, ("3.45",)))
    assert told(lambda: stores._sqlite(1)) == {"database.no_wal": "warning"}


class FakeCursor:
    """Answers what a database of another kind or age would."""

    def __init__(self, answers: dict[str, tuple], otherwise: tuple) -> None:
        self.answers, self.otherwise = answers, otherwise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def execute(self, query: str) -> None:
        self.query = query

    def fetchone(self) -> tuple:
        return self.answers.get(self.query, self.otherwise)


def test_redis_that_does_not_answer(dead_redis: None) -> None:
    assert told(look_at_redis) == {"redis.unreachable": "broken"}


@pytest.mark.parametrize(
    ("says", "code", "verdict"),
    [
        ({}, "redis.memory", "fine"),
        ({"redis_version": "6.2.7"}, "redis.too_old", "broken"),
        ({"maxmemory": 10, "maxmemory_policy": "allkeys-lru"}, "redis.evicts", "warning"),
        ({"maxmemory": 10, "maxmemory_policy": "volatile-ttl"}, "redis.evicts", "warning"),
        ({"maxmemory": 10, "used_memory": 9, "maxmemory_policy": "noeviction"}, "redis.memory", "warning"),
    ],
)
def test_redis_that_cannot_be_relied_on(
    monkeypatch: pytest.MonkeyPatch, says: dict[str, Any], code: str, verdict: str
) -> None:
    monkeypatch.setattr(stores, "_info", lambda _redis: {"redis_version": "7.2.4", **says})
    assert told(look_at_redis)[code] == verdict


def test_redis_that_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "_ping_ms", lambda _redis: 80)
    assert told(look_at_redis)["redis.slow"] == "warning"


def test_stand_in_for_redis_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    server = TcpFakeServer(("127.0.0.1", 0))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with redis.Redis(port=server.server_address[1]) as client:
            monkeypatch.setattr(stores, "get_redis_connection", lambda _alias: client)
            assert told(look_at_redis) == {"redis.stand_in": "fine"}
    finally:
        server.shutdown()
        server.server_close()


# Work -----------------------------------------------------------------------


def test_worker_that_works() -> None:
    assert told(look_at_worker) == {"worker": "fine"}


@pytest.fixture
def queue() -> Iterator[None]:
    """Tasks are given out, not done at once."""
    celery.conf.task_always_eager = False
    yield
    celery.conf.task_always_eager = True


def test_worker_that_is_not_there(queue: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "CANARY_PATIENCE", 1)
    assert told(look_at_worker) == {"worker.absent": "broken"}


def test_worker_that_nobody_can_reach(dead_redis: None) -> None:
    assert told(look_at_worker) == {"worker.no_queue": "broken"}


def test_beat_that_beats() -> None:
    tasks.note_tick()
    assert told(look_at_beat) == {"beat": "fine"}


def test_beat_that_has_just_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks right after the start is not told that it is dead."""
    monkeypatch.setattr(work.time, "sleep", lambda _seconds: tasks.note_tick())
    assert told(look_at_beat) == {"beat": "fine"}


@pytest.mark.parametrize("before", [None, 300])
def test_beat_that_is_silent(monkeypatch: pytest.MonkeyPatch, before: int | None) -> None:
    monkeypatch.setattr(work, "TICK_PATIENCE", 0)
    if before is not None:
        with time_machine.travel(time.time() - before):
            tasks.note_tick()
    assert told(look_at_beat) == {"beat.silent": "broken"}


# Surroundings ---------------------------------------------------------------


def test_clocks_that_agree() -> None:
    assert told(look_at_clocks) == {"clock": "fine"}


@pytest.mark.parametrize("ahead", [90, -90])
def test_clock_that_is_wrong(ahead: int) -> None:
    with time_machine.travel(time.time() + ahead):
        assert told(look_at_clocks) == {"clock_skew": "broken"}


MIB = 2**20


@pytest.mark.parametrize(
    ("free", "code"), [(10 * MIB, "disk.full"), (500 * MIB, "disk.little"), (5000 * MIB, "disk")]
)
def test_disk_that_is_full(monkeypatch: pytest.MonkeyPatch, free: int, code: str) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: SimpleNamespace(free=free))
    assert code in told(look_at_disk)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("http://localhost:8000", {"address.local": "fine"}),
        ("https://calls.example.org", {"address": "fine"}),
        ("http://calls.example.org", {"address.insecure": "broken"}),
        ("https://other.example.org", {"address.not_allowed": "broken", "address": "fine"}),
    ],
)
def test_address_that_browsers_cannot_use(settings: Any, address: str, found: dict[str, str]) -> None:
    settings.BASE_URL, settings.SECURE_SITE = address, address.startswith("https")
    settings.ALLOWED_HOSTS = ["localhost", "calls.example.org"]
    assert told(look_at_address) == found


class _Other(BaseHTTPRequestHandler):
    """Answers pages, if it `is_nonza` like Nonza's, and knows no sockets."""

    def __init__(self, *arguments: Any, is_nonza: bool) -> None:
        self.is_nonza = is_nonza
        super().__init__(*arguments)

    def do_GET(self) -> None:
        good = self.is_nonza and self.path == "/healthz"
        self.send_response(200 if good else 404)
        self.send_header("Content-Type", "application/json" if good else "text/html")
        self.end_headers()
        self.wfile.write(b'{"status": "ok"}' if good else b"<h1>Welcome</h1>")

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def other_server(settings: Any, request: pytest.FixtureRequest) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Other, is_nonza=request.param))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.BASE_URL = f"http://127.0.0.1:{server.server_port}"
    yield
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("other_server", [False], indirect=True)
def test_address_at_which_something_else_answers(other_server: None) -> None:
    assert told(look_at_web) == {"web.not_nonza": "broken"}


@pytest.mark.parametrize("other_server", [True], indirect=True)
def test_proxy_that_passes_no_sockets(other_server: None) -> None:
    assert told(look_at_web) == {"web": "fine", "web.no_sockets": "broken"}


def test_address_at_which_nothing_answers(settings: Any) -> None:
    settings.BASE_URL = "http://127.0.0.1:1"
    assert told(look_at_web) == {"web.unreachable": "broken"}


# The command ----------------------------------------------------------------


@pytest.fixture
def checks(monkeypatch: pytest.MonkeyPatch) -> dict[str, Callable]:
    """A doctor that knows what a test teaches it, and nothing else."""
    autodiscover_modules("doctor")  # else the first run would teach it what the apps know
    known: dict[str, Callable] = {"well": lambda: [registry.fine("well", "All is well.")]}
    monkeypatch.setattr(registry, "_checks", known)
    return known


def run(*arguments: str) -> int:
    try:
        call_command("doctor", *arguments)
    except SystemExit as end:
        return int(str(end.code))
    return 0


def test_exit_status_tells_how_it_is(checks: dict[str, Callable], capsys: Any) -> None:
    assert run() == 0
    checks["so-so"] = lambda: [registry.warning("so.so", "It limps.", "Rest it.")]
    assert run() == 2
    checks["bad"] = lambda: [registry.broken("bad", "It is broken.", "Mend it.")]
    assert run() == 1
    said = capsys.readouterr().out
    assert "warning so-so     It limps.\n        → Rest it." in said
    assert run("--only", "well, so-so") == 2
    with pytest.raises(CommandError, match="nothing"):
        run("--only", "nothing")


def test_machines_get_json(checks: dict[str, Callable], capsys: Any) -> None:
    checks["bad"] = lambda: [registry.broken("bad.thing", "It is broken.", "Mend it.")]
    assert run("--json") == 1
    assert json.loads(capsys.readouterr().out) == {
        "verdict": "broken",
        "findings": [
            {"check": "well", "code": "well", "verdict": "fine", "says": "All is well.", "cure": ""},
            {
                "check": "bad",
                "code": "bad.thing",
                "verdict": "broken",
                "says": "It is broken.",
                "cure": "Mend it.",
            },
        ],
    }


def test_check_that_fails_or_hangs_hides_no_other(checks: dict[str, Callable]) -> None:
    never = threading.Event()

    def fail() -> list[Finding]:
        raise RuntimeError("oh")

    checks |= {"fails": fail, "hangs": lambda: [registry.fine("late", "")] if never.wait(30) else []}
    try:
        found = dict(registry.run(["hangs", "fails", "well"], seconds=0.5))
    finally:
        never.set()
    assert [found[name][0].code for name in ("hangs", "fails", "well")] == [
        "hangs.timeout",
        "fails.failed",
        "well",
    ]


def test_no_secret_is_said(checks: dict[str, Callable], settings: Any, capsys: Any) -> None:
    settings.LIVEKIT_API_SECRET = "livekit-secret-of-the-test"
    words = f"{settings.SECRET_KEY} {settings.LIVEKIT_API_SECRET} redis://user:hidden@redis:6379"
    checks["talks"] = lambda: [registry.broken("talks", words, words)]
    run()
    run("--json")
    said = capsys.readouterr().out
    assert "***" in said
    for secret in (settings.SECRET_KEY, settings.LIVEKIT_API_SECRET, "hidden"):
        assert secret not in said
