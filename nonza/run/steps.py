"""Steps of the preparation, each done once for the same inputs."""

import contextlib
import fcntl
import hashlib
import os
import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nonza.run.console import CannotGoOn, Progress, say

SHOWN_LINES = 8
SIGNS_OF_NO_NETWORK = (
    "name resolution",
    "network is unreachable",
    "failed to establish a new connection",
    "newconnectionerror",
    "connecttimeout",
    "connection refused",
    "could not resolve",
    "no such host",
    "proxyerror",
    "enotfound",
    "econnrefused",
    "etimedout",
    "eai_again",
    "i/o timeout",
)


@dataclass(frozen=True)
class Checkout:
    """The folders of one clone that the launcher writes to."""

    root: Path

    @property
    def folder(self) -> Path:
        return self.root / ".nonza"

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def tools(self) -> Path:
        return self.folder / "tools"

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    def stamp(self, name: str) -> Path:
        return self.folder / "stamps" / name


@dataclass(frozen=True)
class Step:
    """Something to do once; again if its inputs (`fingerprint`) changed or its result (`proof`) is gone."""

    name: str
    title: str
    fingerprint: str
    proof: Path
    action: Callable[[], None]


def ensure(checkout: Checkout, step: Step) -> bool:
    """Do the step unless it stands; True if something was done."""
    stamp = checkout.stamp(step.name)
    if step.proof.exists() and stamp.is_file() and stamp.read_text() == step.fingerprint:
        return False
    say(f"{step.title} ...")
    stamp.unlink(missing_ok=True)
    step.action()
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(step.fingerprint)
    return True


def fingerprint(*words: str, files: Iterable[Path] = ()) -> str:
    """A digest of the words, and of the names and contents of the files."""
    digest = hashlib.sha256()
    for word in words:
        digest.update(word.encode() + b"\0")
    for file in sorted(files):
        digest.update(str(file).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


@dataclass(frozen=True)
class Task:
    """A command of somebody else's program, and what to say about it."""

    title: str
    command: Sequence[str | os.PathLike[str]]
    log: Path
    failure: str
    cwd: Path | None = None
    environment: Mapping[str, str] | None = None


def perform(task: Task) -> None:
    """Run the command with its output in the log and progress on the terminal; CannotGoOn if it fails."""
    task.log.parent.mkdir(parents=True, exist_ok=True)
    progress = Progress(task.title)
    with task.log.open("wb") as log:
        process = subprocess.Popen(
            task.command, cwd=task.cwd, env=task.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
        try:
            while process.poll() is None:
                progress.note(lambda: _last_line(task.log))
                time.sleep(0.05)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    if process.returncode != 0:
        raise CannotGoOn(_explain(task))


def _last_line(log: Path) -> str:
    with log.open("rb") as stream:
        stream.seek(max(0, log.stat().st_size - 400))
        lines = stream.read().decode(errors="replace").splitlines()
    return next((line.strip()[:100] for line in reversed(lines) if line.strip()), "")


def _explain(task: Task) -> str:
    output = task.log.read_text(errors="replace")
    if any(sign in output.lower() for sign in SIGNS_OF_NO_NETWORK):
        return f"{task.failure}: the network did not answer. Is this machine online? More is in {task.log}."
    lines = output.splitlines()
    for line in (
        lines if len(lines) <= 2 * SHOWN_LINES else [*lines[:SHOWN_LINES], "...", *lines[-SHOWN_LINES:]]
    ):
        say(f"  {line}")
    return f"{task.failure}; what it said is above, and whole in {task.log}."


@contextlib.contextmanager
def only_one(lock: Path, waiting: str) -> Iterator[None]:
    """Hold the lock file; `waiting` is said if another process holds it already."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(waiting)
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield
