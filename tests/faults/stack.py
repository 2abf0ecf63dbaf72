"""The product as it stands in production, on random ports: nginx, two web and two socket servers, worker,
beat, and a Postgres and a Redis that nobody else uses.

HTTP is granian (WSGI), `/ws/` is uvicorn, both behind nginx; the worker and the beat are processes of
their own. LiveKit is whatever `livekit_url` names: nobody, unless a test says otherwise.
"""

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import redis

from nonza.run.ports import free_port
from tests import parts
from tests.environment import SECRET
from tests.faults.nginx import nginx_configuration
from tests.faults.process import SECONDS_TO_START, Process

ROOT = Path(__file__).resolve().parents[2]
NOWHERE = "http://127.0.0.1:1"
LIVEKIT_KEY, LIVEKIT_SECRET = "nonza-faults", SECRET
# One machine plays many people: what limits strangers by address must not stop them.
ROOMY = {
    "NONZA_RATE_CREATE_GUEST": "100000/min",
    "NONZA_RATE_JOIN_IP": "100000/min",
    "NONZA_RATE_JOIN_SESSION": "100000/min",
    "NONZA_RATE_TOKEN_PARTICIPANT": "1000/min",
    "NONZA_RATE_SESSION_PARTICIPANT": "100000/min",
    "NONZA_RATE_SESSION": "1000000/min",
    "NONZA_RATE_USER": "100000/min",
    "NONZA_RATE_MESSAGE_PERSON": "100000/min",
    "NONZA_RATE_MESSAGE_PLACE": "1000000/min",
    "NONZA_RATE_MESSAGE_IP": "1000000/min",
    "NONZA_RATE_UNKNOWN_IP": "100000/min",
    "NONZA_SOCKETS_PER_IP": "100000",
    "NONZA_MAX_PARTICIPANTS": "200",
}
# Each kind of process has a database user of its own, so that Postgres can say who asked what.
DATABASE_USERS = ("web", "sockets", "worker", "beat")


@dataclass
class Stack:
    """All processes of one Nonza, and the ways in."""

    folder: Path
    http: str
    """The address of nginx, in front of everything."""
    ws: str
    redis: Process
    postgres: Process
    nginx: Process
    web: list[Process]
    sockets: list[Process]
    worker: Process
    beat: Process
    redis_url: str
    database_url: str
    """For the test itself; the processes have users of their own."""
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def parts(self) -> list[Process]:
        """Everything, in the order in which it starts."""
        return [
            self.postgres, self.redis, *self.web, *self.sockets, self.worker, self.beat, self.nginx,
        ]  # fmt: skip

    @property
    def web_addresses(self) -> list[str]:
        """The web servers themselves, past nginx."""
        return [f"http://127.0.0.1:{process.port}" for process in self.web]

    def start(self, *processes: Process) -> None:
        for process in processes:
            process.start()
        for process in processes:
            process.wait_ready()

    def end(self) -> None:
        for process in reversed(self.parts):
            process.end()

    def dead(self) -> list[str]:
        """The names of processes that are not alive."""
        return [process.name for process in self.parts if not process.is_alive()]

    def sql(self, query: str, *values: object) -> list[tuple]:
        """Ask the database, as a test does."""
        with psycopg.connect(self.database_url, autocommit=True) as connection:
            cursor = connection.execute(query, values or None)
            return cursor.fetchall() if cursor.description else []

    def store(self) -> redis.Redis:
        """Redis itself; close it, or use it in `with`."""
        return redis.Redis.from_url(self.redis_url, decode_responses=True, socket_timeout=5)

    def connections(self, user: str = "") -> int:
        """How many database connections the processes of one kind hold, or all of them."""
        query = "SELECT count(*) FROM pg_stat_activity WHERE usename LIKE %s AND datname = 'nonza'"
        return int(self.sql(query, f"nonza_{user}%")[0][0])

    def forget_queries(self) -> None:
        self.sql("SELECT pg_stat_statements_reset()")

    def queries(self, user: str) -> dict[str, int]:
        """What the processes of one kind have asked since `forget_queries`.

        Left out are BEGIN and its like, and `SELECT 1`, by which a kept connection is tried before use.
        """
        rows = self.sql(
            "SELECT query, sum(calls) FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid "
            "WHERE rolname = %s AND query <> 'SELECT $1' "
            "AND query !~* '^(BEGIN|COMMIT|ROLLBACK|SET|SHOW|SAVEPOINT|RELEASE)' "
            "GROUP BY query",
            f"nonza_{user}",
        )
        return {query: int(calls) for query, calls in rows}


@contextlib.contextmanager
def running(folder: Path, *, livekit_url: str = NOWHERE, **environment: str) -> Iterator[Stack]:
    """Start a Nonza of one's own; `environment` adds NONZA_ variables. Everything is ended afterwards."""
    stack = _make(folder, livekit_url, environment)
    try:
        stack.start(stack.postgres, stack.redis)
        _make_database(stack)
        rest = stack.parts[2:]
        stack.start(*rest)
        yield stack
    finally:
        stack.end()


def _make(folder: Path, livekit_url: str, environment: dict[str, str]) -> Stack:
    ports = {
        name: free_port()
        for name in ("postgres", "redis", "web 1", "web 2", "sockets 1", "sockets 2", "nginx")
    }
    nginx = parts.program("nginx")
    base = f"http://127.0.0.1:{ports['nginx']}"
    redis_url = f"redis://127.0.0.1:{ports['redis']}/0"
    shared = _environment(folder, base, redis_url, livekit_url) | environment

    def python(name: str, *arguments: str, port: int = 0) -> Process:
        user = f"nonza_{name.split(maxsplit=1)[0]}"
        database = f"postgres://{user}@127.0.0.1:{ports['postgres']}/nonza"
        own = {**shared, "NONZA_DATABASE_URL": database}
        return Process(name, [sys.executable, "-m", *arguments], folder, own, port, working_folder=str(ROOT))

    configuration = folder / "nginx.conf"
    configuration.write_text(
        nginx_configuration(
            folder,
            port=ports["nginx"],
            web=[ports["web 1"], ports["web 2"]],
            sockets=[ports["sockets 1"], ports["sockets 2"]],
        )
    )
    return Stack(
        folder=folder,
        http=base,
        ws=base.replace("http", "ws", 1),
        redis=Process("redis", _redis(folder, ports["redis"]), folder, dict(os.environ), ports["redis"]),
        postgres=_postgres(folder, ports["postgres"]),
        nginx=Process("nginx", [nginx, "-c", str(configuration), "-e", "stderr"], folder, {}, ports["nginx"]),
        web=[python(name, *_granian(ports[name]), port=ports[name]) for name in ("web 1", "web 2")],
        sockets=[
            python(name, *_uvicorn(ports[name]), port=ports[name]) for name in ("sockets 1", "sockets 2")
        ],
        worker=python(
            "worker", *_celery("worker", "--concurrency", "2", "--without-gossip", "--without-mingle")
        ),
        beat=python("beat", *_celery("beat", "--schedule", str(folder / "beat-schedule"))),
        redis_url=redis_url,
        database_url=f"postgres://nonza@127.0.0.1:{ports['postgres']}/nonza",
        environment=shared,
    )


def _environment(folder: Path, base: str, redis_url: str, livekit_url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NONZA_")}
    return {
        **kept,
        **ROOMY,
        "DJANGO_SETTINGS_MODULE": "nonza.settings.dev",
        "PYTHONUNBUFFERED": "1",
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
        "NONZA_STATE_DIR": str(folder),
        "NONZA_ENV_FILE": os.devnull,
        "NONZA_SECRET_KEY": "a-key-for-tests-only-0123456789-0123456789-0123456789",
        "NONZA_BASE_URL": base,
        "NONZA_TRUSTED_PROXIES": "1",
        "NONZA_REDIS_URL": redis_url,
        "NONZA_LIVEKIT_URL": livekit_url,
        "NONZA_LIVEKIT_API_KEY": LIVEKIT_KEY,
        "NONZA_LIVEKIT_API_SECRET": LIVEKIT_SECRET,
    }


def _redis(folder: Path, port: int) -> list[str]:
    words = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", str(folder)]
    return [parts.redis_program(), "--port", str(port), *words]


def _postgres(folder: Path, port: int) -> Process:
    command = parts.make_postgres(
        parts.postgres_folder(),
        parts.new_folder("postgres"),
        port,
        shared_preload_libraries="pg_stat_statements",
        synchronous_commit="on",  # what was acknowledged must be there after a crash
    )
    # SIGQUIT is Postgres's own way to fall over at once, children and all.
    user, environment = parts.unprivileged(), dict(os.environ)

    def serves() -> bool:
        try:
            psycopg.connect(f"postgres://nonza@127.0.0.1:{port}/postgres", connect_timeout=2).close()
        except psycopg.OperationalError:  # it is starting up
            return False
        return True

    return Process(
        "postgres", command, folder, environment, port, user, kill_with=signal.SIGQUIT, serves=serves
    )


def _granian(port: int) -> tuple[str, ...]:
    options = ("--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", "--no-ws")
    return ("granian", *options, "--port", str(port), "nonza.wsgi:application")


def _uvicorn(port: int) -> tuple[str, ...]:
    return ("nonza.realtime.server", "--port", str(port))


def _celery(*what: str) -> tuple[str, ...]:
    return ("celery", "--quiet", "--app", "nonza.celery", *what)


def _connected(url: str) -> psycopg.Connection:
    """Connect once Postgres takes people in; it listens a moment earlier."""
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            return psycopg.connect(url, autocommit=True)
        except psycopg.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _make_database(stack: Stack) -> None:
    root = stack.database_url.rpartition("/")[0] + "/postgres"
    with _connected(root) as connection:
        connection.execute("CREATE DATABASE nonza")
        for user in DATABASE_USERS:
            connection.execute(f"CREATE ROLE nonza_{user} LOGIN SUPERUSER")
    stack.sql("CREATE EXTENSION pg_stat_statements")
    migrate = Process(
        "migrate",
        [sys.executable, "manage.py", "migrate", "--verbosity", "0"],
        stack.folder,
        {**stack.environment, "NONZA_DATABASE_URL": stack.database_url},
        working_folder=str(ROOT),
    )
    migrate.start()
    assert migrate.wait() == 0, migrate.log()
