"""A server that a test starts, kills, freezes and starts again on the same port."""

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from nonza.run.ports import answers
from tests import parts

SECONDS_TO_START = 120.0
SECONDS_TO_END = 20.0


async def until(is_so: Callable[[], bool | Awaitable[bool]], seconds: float, what: str) -> float:
    """Wait until it is so and return the seconds that it took; fails the test by `what` after `seconds`."""
    began = time.monotonic()
    while True:
        outcome = is_so()
        if outcome if isinstance(outcome, bool) else await outcome:
            return time.monotonic() - began
        assert time.monotonic() - began < seconds, f"not within {seconds} s: {what}"
        await asyncio.sleep(0.02)


@dataclass
class Process:
    """One server: its command, where it listens, and what it has said so far."""

    name: str
    command: list[str]
    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    port: int = 0
    user: str | None = None
    kill_with: signal.Signals = signal.SIGKILL
    working_folder: str = "/"
    serves: Callable[[], bool] = lambda: True
    """Whether it does more than take connections; asked once it takes them."""
    _process: subprocess.Popen | None = None

    @property
    def log_path(self) -> Path:
        return self.folder / f"{self.name}.log"

    @property
    def pid(self) -> int:
        assert self._process is not None, f"{self.name} was not started"
        return self._process.pid

    def log(self) -> str:
        """Everything it has said, over all its lives."""
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def is_answering(self) -> bool:
        if not self.is_alive():
            return False
        return not self.port or (answers("127.0.0.1", self.port, seconds=0.5) and self.serves())

    def start(self) -> None:
        """Start it; `await ready()` afterwards, or `wait_ready()` outside an event loop."""
        assert not self.is_alive(), f"{self.name} is running"
        with self.log_path.open("ab") as log:
            self._process = subprocess.Popen(
                self.command,
                env=self.environment,
                cwd=self.working_folder,
                user=self.user,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=parts.die_with_parent,  # noqa: PLW1509 -- one system call
            )

    async def ready(self, seconds: float = SECONDS_TO_START) -> float:
        """Wait until it takes connections; returns the seconds."""
        return await until(self.is_answering, seconds, f"{self.name} answers\n{self.log()[-3000:]}")

    def wait_ready(self, seconds: float = SECONDS_TO_START) -> None:
        deadline = time.monotonic() + seconds
        while not self.is_answering():
            assert self.is_alive(), f"{self.name} ended:\n{self.log()[-3000:]}"
            assert time.monotonic() < deadline, f"{self.name} does not answer:\n{self.log()[-3000:]}"
            time.sleep(0.05)

    def wait(self) -> int:
        """Wait for a program that ends by itself; returns its exit status."""
        assert self._process is not None
        return self._process.wait(SECONDS_TO_START)

    def kill(self) -> None:
        """End it and all its children as hard as it goes (`kill_with`)."""
        family = self.family()
        if self.kill_with is not signal.SIGKILL:
            _send(self.pid, self.kill_with)
        else:
            for pid in family:
                _send(pid, signal.SIGKILL)
        self._reap()

    def terminate(self) -> None:
        """Ask it to end (SIGTERM) without waiting; `await ended()` afterwards."""
        _send(self.pid, signal.SIGTERM)

    async def ended(self, seconds: float = SECONDS_TO_END) -> float:
        return await until(lambda: not self.is_alive(), seconds, f"{self.name} ends")

    def freeze(self) -> None:
        """Stop it and its children without closing anything: a hang, as others see it."""
        for pid in self.family():
            _send(pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on after `freeze`."""
        for pid in self.family():
            _send(pid, signal.SIGCONT)

    async def restart(self) -> float:
        """Kill it and start it; returns the seconds until it takes connections again."""
        self.kill()
        self.start()
        return await self.ready()

    def end(self) -> None:
        """Leave nothing behind, whatever state it is in."""
        if self._process is None:
            return
        if self.is_alive():
            self.thaw()
            self.kill()

    def family(self) -> list[int]:
        """The process and all that descend from it (Postgres's children leave its group)."""
        parents = _parents()
        found = [self.pid]
        for pid in found:
            found.extend(child for child, parent in parents.items() if parent == pid)
        return found

    def descriptors(self) -> int:
        """How many files and sockets it and its children hold open."""
        return sum(_count(Path(f"/proc/{pid}/fd")) for pid in self.family())

    def memory(self) -> int:
        """Bytes that it and its children hold (proportional share of what is shared)."""
        return sum(_pss(pid) for pid in self.family())

    def _reap(self) -> None:
        assert self._process is not None
        try:
            self._process.wait(SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            for pid in self.family():
                _send(pid, signal.SIGKILL)
            self._process.wait(SECONDS_TO_END)


def _send(pid: int, what: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, what)


def _parents() -> dict[int, int]:
    """Every process of this machine with its parent."""
    found = {}
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            try:
                text = (path / "stat").read_text()
            except OSError:  # it ended meanwhile
                continue
            found[int(path.name)] = int(text.rpartition(")")[2].split()[1])
    return found


def _count(folder: Path) -> int:
    try:
        return len(list(folder.iterdir()))
    except OSError:
        return 0


def _pss(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    except OSError:
        return 0
    line = next((line for line in text.splitlines() if line.startswith("Pss:")), "Pss: 0 kB")
    return int(line.split()[1]) * 1024
