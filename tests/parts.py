"""Programs that some tests need beyond Python: found or started here, or named at the end as missing."""

import atexit
import ctypes
import functools
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
import redis as redis_client

from nonza.run.media.find import installed
from nonza.run.ports import free_port
from nonza.run.redis_service import find_program

MARK = "missing on this machine: "
SECONDS_TO_START = 30.0
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
POSTGRES_FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin")
_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def chromium() -> Path:
    """The system's Chromium; the test is skipped, or fails where nothing may be skipped, if there is none."""
    if named := os.environ.get("NONZA_TEST_CHROMIUM"):
        return Path(named)
    for name in CHROMIUMS:
        if found := shutil.which(name):
            return Path(found)
    return _missing("Chromium", "install it (apt install chromium), or name one in NONZA_TEST_CHROMIUM")


def livekit() -> Path:
    """The LiveKit program that `make run` would take; `make test` gets it if it can."""
    found = installed(os.environ)
    if found is None:
        _missing("LiveKit", "run `make setup` with a network, or name the program in NONZA_LIVEKIT_BIN")
    return found


@functools.cache
def namespaces() -> None:
    """Leave to make network namespaces and links between them, as root on Linux has it."""
    program, name = shutil.which("ip"), f"nonza-probe-{os.getpid()}"
    made = program is not None and _succeeds(program, "netns", "add", name)
    linked = made and _succeeds(
        program or "", "-n", name, "link", "add", "probe", "type", "veth", "peer", "name", "other"
    )
    if made:
        _succeeds(program or "", "netns", "delete", name)
    if not linked:
        _missing("the right to make network namespaces", "run as root on Linux, with iproute2")


@functools.cache
def postgres() -> str:
    """The URL of a Postgres whose user may make databases: the named one, or one of our own."""
    if named := os.environ.get("NONZA_TEST_DATABASE_URL"):
        return named
    folder = _postgres_folder()
    if folder is None:
        _missing("Postgres", "install it (apt install postgresql), or name one in NONZA_TEST_DATABASE_URL")
    return _start_postgres(folder)


@functools.cache
def redis() -> str:
    """The URL of a Redis that may be emptied: the named one, or one of our own."""
    if named := os.environ.get("NONZA_TEST_REDIS_URL"):
        return named
    program = find_program(os.environ)
    if program is None:
        _missing("Redis", "install it (apt install redis-server), or name one in NONZA_TEST_REDIS_URL")
    port = free_port()
    options = [
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "no",
        "--loglevel",
        "warning",
    ]
    _start([program, *options, "--dir", str(new_folder("redis"))])
    url = f"redis://127.0.0.1:{port}/0"
    _wait(lambda: redis_client.Redis.from_url(url).ping(), "Redis")
    return url


def redis_program() -> str:
    """A redis-server or valkey-server, for a test that kills its own."""
    found = find_program(os.environ)
    if found is None:
        _missing("Redis", "install it (apt install redis-server)")
    return found


def postgres_folder() -> Path:
    """The folder of Postgres's programs, for a test that kills its own."""
    found = _postgres_folder()
    if found is None:
        _missing("Postgres", "install it (apt install postgresql)")
    return found


def program(name: str, package: str = "") -> str:
    """Any other program; `package` is what brings it on Debian."""
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        _missing(name, f"install it (apt install {package or name})")
    return found


def faketime() -> Path:
    """The library that gives a process another clock."""
    found = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"), None)
    if found is None:
        _missing("faketime", "install it (apt install faketime)")
    return found


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once for each missing part how many tests it cost."""
    reasons: Counter[str] = Counter()
    for report in terminalreporter.stats.get("skipped", []):
        text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if MARK in text:
            reasons[text.split(MARK, 1)[1]] += 1
    if reasons:
        terminalreporter.section("left out", yellow=True)
    for reason, count in sorted(reasons.items()):
        terminalreporter.line(f"{count} {'test' if count == 1 else 'tests'} without {reason}")


def _missing(part: str, cure: str) -> NoReturn:
    if os.environ.get("NONZA_TEST_STRICT") == "1":
        pytest.fail(f"{part} is {MARK}{cure}", pytrace=False)
    pytest.skip(f"{MARK}{part}: {cure}")


def _succeeds(*command: str) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def _postgres_folder() -> Path | None:
    """The newest Postgres of this machine, 15 or later."""
    found = [
        path
        for pattern in POSTGRES_FOLDERS
        for path in Path("/").glob(pattern[1:])
        if (path / "initdb").exists()
    ]
    if program := shutil.which("initdb"):
        found.append(Path(program).resolve().parent)
    return max(
        found,
        key=lambda path: [int(part) for part in path.parent.name.split("-") if part.isdigit()],
        default=None,
    )


def make_postgres(folder: Path, data: Path, port: int, **more: str) -> list[str]:
    """Make a cluster in `data` and return the command that serves it, fast and forgetful."""
    user = unprivileged()
    if user is not None:
        os.chown(data, pwd.getpwnam(user).pw_uid, -1)
    words = ["-U", "nonza", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"]
    subprocess.run(
        [folder / "initdb", "-D", data, *words], check=True, user=user, cwd="/", stdout=subprocess.DEVNULL
    )
    settings = {
        "port": port,
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "max_connections": 300,
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        **more,
    }
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    return [str(folder / "postgres"), "-D", str(data), *options]


def _start_postgres(folder: Path) -> str:
    port = free_port()
    command = make_postgres(folder, new_folder("postgres"), port)
    _start(command, user=unprivileged(), stop=signal.SIGQUIT)
    url = f"postgres://nonza@127.0.0.1:{port}/postgres"
    _wait(lambda: psycopg.connect(url, connect_timeout=2).close(), "Postgres")
    return url


def unprivileged() -> str | None:
    """Postgres refuses to run as root, so root lends it another user."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def new_folder(name: str) -> Path:
    """A folder that goes away with this process."""
    folder = Path(tempfile.mkdtemp(prefix=f"nonza-{name}-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _start(command: list[str], *, user: str | None = None, stop: signal.Signals = signal.SIGTERM) -> None:
    """Start a server that ends with this process."""
    process = subprocess.Popen(
        command,
        user=user,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        preexec_fn=die_with_parent,  # noqa: PLW1509 -- one system call
    )

    def end() -> None:
        process.send_signal(stop)
        process.wait(10)

    atexit.register(end)


def _wait(try_it: Callable[[], object], name: str) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            try_it()
        except (psycopg.OperationalError, redis_client.RedisError, OSError) as error:
            if time.monotonic() > deadline:
                pytest.fail(f"{name} did not start: {error}", pytrace=False)
            time.sleep(0.05)
        else:
            return


def die_with_parent() -> None:
    if _libc is not None:
        _libc.prctl(1, signal.SIGKILL)
