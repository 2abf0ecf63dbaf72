"""One process tree: starts the children, shows their lines, and stops all of them together."""

import contextlib
import ctypes
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing import Queue
from typing import Any

from honcho.manager import Manager
from honcho.process import Popen, Process

from nonza.run.console import complain

SET_DEATH_SIGNAL = 1  # prctl's PR_SET_PDEATHSIG
PATIENCE_SECONDS = 3.0


@dataclass(frozen=True)
class Child:
    """A program to run.

    `store` is for what the others lean on, so it is stopped after them;
    `insist` for one that takes a first SIGTERM as a wish only.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    store: bool = False
    insist: bool = False


def supervise(children: Sequence[Child], *, when_started: Callable[[], None] = lambda: None) -> int:
    """Run until a signal comes (the exit status is 0) or a child ends (it is 1)."""
    # Honcho's children share its pipe and its queue; newer Pythons have another default.
    multiprocessing.set_start_method("fork", force=True)
    manager = Supervisor(children, when_started)
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
    try:
        manager.loop()
    except OSError:  # nobody reads our lines any more: the terminal, or the pipe behind us, is gone
        os._exit(1)  # the children see that their supervisor is gone, and end
    if manager.reason:
        complain(f"\n{manager.reason}")
        return 1
    return 0


class Supervisor(Manager):
    """Honcho's manager with a reason for every end, and with nothing left behind."""

    def __init__(self, children: Sequence[Child], when_started: Callable[[], None]) -> None:
        super().__init__()
        self.reason = ""
        self._when_started = when_started
        self._stopping = False
        self._terminating = False
        self._children = children
        self._stores_wait_until = 0.0
        self._process_ctor = GuardedProcess
        self._guard_end, self._own_end = os.pipe()
        for child in children:
            process = self.add_process(child.name, list(child.command), env=dict(child.environment))
            process.pipe = (self._guard_end, self._own_end)

    def _start(self) -> None:
        super()._start()
        self._when_started()

    def _any_stopped(self) -> bool:
        # Honcho would wait for ever for children that ignore the signal sent to them.
        return self._stopping or bool(super()._any_stopped())

    def _all_stopped(self) -> bool:
        if self._stores_wait_until and (
            self._only_stores_run() or time.monotonic() > self._stores_wait_until
        ):
            self._stores_wait_until = 0.0
            self._ask([child for child in self._children if child.store])
        return bool(super()._all_stopped())

    def terminate(self) -> None:
        if not self._stopping:
            self._stopping = True
            self.reason = self._why()
        if not self._all_started() or self._terminating:
            return  # the loop comes back here as soon as every child has a number
        self._terminating = True
        self._stores_wait_until = time.monotonic() + PATIENCE_SECONDS
        self._ask([child for child in self._children if not child.store])

    def _only_stores_run(self) -> bool:
        return all(self._has_ended(child) for child in self._children if not child.store)

    def _has_ended(self, child: Child) -> bool:
        return "returncode" in self._processes[child.name]

    def _ask(self, children: Sequence[Child]) -> None:
        """Ask the children to end, some of them twice."""
        for again in (False, True):
            asked = [
                child for child in children if not self._has_ended(child) and (child.insist or not again)
            ]
            if asked and again:
                time.sleep(0.3)
            for child in asked:
                self._procmgr.terminate(self._processes[child.name]["pid"])

    def _why(self) -> str:
        """The first child that ended; nothing if it was a signal that asked for the end."""
        for name, process in self._processes.items():
            if "returncode" in process:
                return (
                    f"{name} ended unexpectedly ({_ending(process['returncode'])}), so everything was "
                    f"stopped; the lines marked `{name}` above say more."
                )
        return ""

    def _system_print(self, data: str) -> None:
        """Honcho's own news (pids, signals) help nobody."""


def _ending(status: int) -> str:
    if status < 0:
        with contextlib.suppress(ValueError):
            return f"killed by {signal.Signals(-status).name}"
    return f"exit status {status}"


class GuardedPopen(Popen):
    """A program in a process group of its own that does not outlive whoever started it."""

    def __init__(self, command: Sequence[str], **options: Any) -> None:
        super().__init__(
            command,
            shell=False,
            stdin=subprocess.DEVNULL,
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            **options,
        )
        threading.Thread(target=self._end_the_rest, daemon=True).start()

    def _end_the_rest(self) -> None:
        # What the program started holds its output open, and its end would go unnoticed.
        self.wait()
        end_group(self.pid)


def end_group(group: int) -> None:
    """Ask the processes of the group to end; kill those that have not after a while."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(group, signal.SIGTERM)
        time.sleep(PATIENCE_SECONDS)
        os.killpg(group, signal.SIGKILL)


class GuardedProcess(Process):
    """Reads a child's lines in a process of its own, and ends the child's group if the supervisor is gone."""

    pipe: tuple[int, int]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._child_ctor = GuardedPopen

    def run(self, events: "Queue[Any] | None" = None, ignore_signals: bool = False) -> None:  # noqa: FBT001, FBT002 -- honcho's
        os.setsid()
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.close(self.pipe[1])
        threading.Thread(target=self._guard, daemon=True).start()
        try:
            super().run(events, ignore_signals)
        except OSError as error:
            if self._child is not None:
                raise
            self._send_message(f"cannot be started: {error}\n".encode())
            self._send_message({"pid": os.getpid()}, type="start")
            self._send_message({"returncode": 127}, type="stop")

    def _guard(self) -> None:
        os.read(self.pipe[0], 1)  # returns when the supervisor's end is closed, that is, when it is gone
        if self._child is not None:
            end_group(self._child.pid)
        os._exit(1)


_libc = ctypes.CDLL(None) if sys.platform == "linux" else None


def _die_with_parent() -> None:
    if _libc is not None:
        _libc.prctl(SET_DEATH_SIGNAL, signal.SIGKILL)
