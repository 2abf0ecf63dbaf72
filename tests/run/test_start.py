"""A whole start with its real children, but for the media server: the address, the end, and a crash."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from nonza.run.environment import make_state
from nonza.run.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
PORTS = ("port", "redis-port", "livekit-port", "livekit-tcp-port", "livekit-udp-port")


def start(state: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "nonza.run", "--state", str(state)]
    return subprocess.Popen(
        [*command, *(word for name in PORTS for word in (f"--{name}", "0"))],
        cwd=ROOT,
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")},
            "NONZA_ENV_FILE": os.devnull,
            "NONZA_LIVEKIT_URL": f"http://127.0.0.1:{free_port()}",
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def address(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if found := re.search(r"Nonza is ready: (\S+)", line):
            return found[1]
    return pytest.fail("it never was ready:\n" + "".join(said))


def using(state: Path) -> list[int]:
    """The processes that have the state folder on their command line or in their environment."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            told = (folder / "environ").read_bytes() + (folder / "cmdline").read_bytes()
        except OSError:
            continue
        if str(state).encode() in told:
            found.append(int(folder.name))
    return found


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("state")
    make_state(folder)
    return folder


@pytest.fixture
def running(state: Path) -> Iterator[subprocess.Popen[str]]:
    process = start(state)
    yield process
    if process.poll() is None:
        process.terminate()
    process.communicate(timeout=30)


def test_address_is_printed_when_it_answers_and_the_signal_leaves_nothing(
    running: subprocess.Popen[str], state: Path
) -> None:
    page = httpx.get(address(running), timeout=10)
    assert page.status_code == 200
    assert "text/html" in page.headers["content-type"]

    second = start(state)
    said, _ = second.communicate(timeout=30)
    assert second.returncode == 1
    assert f"Nonza already runs from the folder {state} (process {running.pid})" in said

    began = time.monotonic()
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=30)
    assert running.returncode == 0
    assert time.monotonic() - began < 6
    assert using(state) == []


def test_start_keeps_the_secrets_and_tells_of_a_crashed_child(
    running: subprocess.Popen[str], state: Path
) -> None:
    secrets = (state / "embedded.env").read_text()
    address(running)
    assert (state / "embedded.env").read_text() == secrets
    worker = min(pid for pid in using(state) if b"celery" in Path(f"/proc/{pid}/cmdline").read_bytes())
    os.kill(worker, signal.SIGKILL)
    said, _ = running.communicate(timeout=30)
    assert running.returncode == 1
    assert "worker ended unexpectedly (killed by SIGKILL), so everything was stopped" in said
    assert using(state) == []
