"""The product as a newcomer starts it, and people in real browsers."""

import contextlib
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, expect, sync_playwright

from tests import parts
from tests.oidc_server import CLIENT_ID, CLIENT_SECRET, OidcServer

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 90
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--auto-accept-this-tab-capture",
]
# One machine plays many people here: what limits strangers by address must not stop them.
RATES = {
    "NONZA_RATE_CREATE_GUEST": "1000/min",
    "NONZA_RATE_JOIN_IP": "1000/min",
    "NONZA_RATE_UNKNOWN_IP": "1000/min",
    "NONZA_RATE_TOKEN_PARTICIPANT": "100/min",
    "NONZA_RATE_USER": "10000/min",
    "NONZA_RATE_MESSAGE_PERSON": "10000/min",
    "NONZA_RATE_MESSAGE_PLACE": "10000/min",
    "NONZA_RATE_MESSAGE_IP": "10000/min",
    "NONZA_RATE_SEARCH": "10000/min",
    "NONZA_RATE_UPLOAD": "1000/h",
    "NONZA_RATE_REPORT": "1000/h",
}
expect.set_options(timeout=20_000)


@dataclass
class Nonza:
    """A running Nonza: its address, its process and what it has said."""

    process: subprocess.Popen
    address: str = ""
    lines: list[str] = field(default_factory=list)

    def log(self) -> str:
        return "".join(self.lines)


def _start(state: Path, host: str, port: int, environment: dict[str, str]) -> subprocess.Popen:
    command = [sys.executable, "-m", "nonza.run", "--state", str(state), "--host", host, "--port", str(port)]
    for inner in ("redis-port", "livekit-port", "livekit-tcp-port", "livekit-udp-port"):
        command += [f"--{inner}", "0"]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NONZA_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    own = {"NONZA_LIVEKIT_BIN": str(parts.livekit()), "NONZA_ENV_FILE": os.devnull}
    return subprocess.Popen(
        command,
        cwd=ROOT,
        env={**kept, **RATES, **own, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@contextlib.contextmanager
def running(state: Path, port: int = 0, host: str = "127.0.0.1", **environment: str) -> Iterator[Nonza]:
    """`make run` on free ports: from the first line to the last child's end."""
    process = _start(state, host, port, environment)
    nonza, ready = Nonza(process), threading.Event()

    def read() -> None:
        for line in process.stdout or ():
            nonza.lines.append(line)
            if found := re.search(r"is ready: (http://\S+)", line):
                nonza.address = found[1].rstrip("/")
                ready.set()
        ready.set()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        ready.wait(SECONDS_TO_START)
        assert nonza.address, nonza.log()
        yield nonza
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
        finally:
            reader.join(5)
            if process.stdout:
                process.stdout.close()


def _fresh_postgres() -> str:
    """A new database in the Postgres of the tests."""
    url = parts.postgres()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS nonza_e2e")
        connection.execute("CREATE DATABASE nonza_e2e")
    return f"{url.rsplit('/', 1)[0]}/nonza_e2e"


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nonza]:
    """`make run` with everything embedded: SQLite and a Redis of its own."""
    parts.chromium()
    with running(tmp_path_factory.mktemp("embedded")) as nonza:
        yield nonza


@pytest.fixture(scope="session")
def on_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nonza]:
    """`make run` with a Postgres and a Redis that others run."""
    parts.chromium()
    servers = {"NONZA_DATABASE_URL": _fresh_postgres(), "NONZA_REDIS_URL": parts.redis()}
    with running(tmp_path_factory.mktemp("postgres"), **servers) as nonza:
        yield nonza


@pytest.fixture(scope="session")
def without_media(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nonza]:
    """`make run` whose media server nobody can reach."""
    parts.chromium()
    nowhere = {"NONZA_LIVEKIT_URL": "http://127.0.0.1:1", "NONZA_LIVEKIT_API_SECRET": "x" * 32}
    with running(tmp_path_factory.mktemp("no-media"), **nowhere) as nonza:
        yield nonza


@pytest.fixture(scope="session")
def accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nonza]:
    """`make run` where people log in with Google, which is a server of the tests."""
    parts.chromium()
    with OidcServer() as google:
        client = {
            "NONZA_GOOGLE_CLIENT_ID": CLIENT_ID,
            "NONZA_GOOGLE_CLIENT_SECRET": CLIENT_SECRET,
            "NONZA_GOOGLE_URL": google.url,
        }
        with running(tmp_path_factory.mktemp("accounts"), **client) as nonza:
            yield nonza


@pytest.fixture(scope="session")
def without_accounts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nonza]:
    """`make run` for anonymous people alone."""
    parts.chromium()
    with running(tmp_path_factory.mktemp("no-accounts"), NONZA_ACCOUNTS="off") as nonza:
        yield nonza


@pytest.fixture(params=["embedded", "on_postgres"])
def either(request: pytest.FixtureRequest) -> Nonza:
    """Both ways of running it, one after the other."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="session")
def driver() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@contextlib.contextmanager
def browser_at(driver: Playwright, program: Path, *flags: str) -> Iterator[Browser]:
    """A Chromium with a camera and a microphone that it need not ask for."""
    browser = driver.chromium.launch(
        executable_path=str(program),
        args=[*CHROMIUM_FLAGS, "--headless=new", *flags],
        ignore_default_args=["--headless", "--mute-audio"],
        headless=True,
    )
    try:
        yield browser
    finally:
        browser.close()


@pytest.fixture(scope="session")
def chromium(driver: Playwright) -> Iterator[Browser]:
    with browser_at(driver, parts.chromium()) as browser:
        yield browser


@dataclass
class Someone:
    """A person at a browser of their own."""

    page: Page
    context: BrowserContext
    faults: list[str]


@pytest.fixture
def someone(chromium: Browser) -> Iterator[Callable[..., Someone]]:
    """Give a person a browser; whatever a page complains of is a fault at the end."""
    people: list[Someone] = []

    def come(**options: Any) -> Someone:
        context = chromium.new_context(
            **{"locale": "en-GB", "permissions": ["camera", "microphone"], **options}
        )
        page = context.new_page()
        person = Someone(page, context, [])
        page.on("pageerror", lambda error: person.faults.append(str(error)))
        page.on(
            "console",
            lambda message: (
                person.faults.append(message.text) if "Content Security Policy" in message.text else None
            ),
        )
        people.append(person)
        return person

    yield come
    for person in people:
        person.context.close()
    assert [person.faults for person in people] == [[] for _person in people]
