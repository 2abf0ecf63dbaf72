"""The children of one start live and end together, and nothing is left behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DRIVER = """
import json, sys
from nonza.run.supervisor import Child, supervise
named = json.loads(sys.argv[1])
children = [
    Child(name, [sys.executable, "-u", "-c", code, *rest], store=name == "store", insist=name == "insisted")
    for name, code, *rest in named
]
sys.exit(supervise(children, when_started=lambda: print("all started", flush=True)))
"""
TICKS = "import time\nwhile True: print('tick'); time.sleep(0.1)"
DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf")
while True: time.sleep(1)
"""
FAILS = "import sys, time\nprint('going wrong')\ntime.sleep(0.3)\nsys.exit(7)"
LEAVES = "import time\ntime.sleep(0.3)"
LEAVES_AFTER = """
import signal, sys, time
def leave(*_):
    time.sleep(SECONDS)
    print("bye")
    sys.exit()
signal.signal(signal.SIGTERM, leave)
print("up")
while True: time.sleep(0.1)
"""
# A child that has a child of its own, as the worker has its clock.
PARENT = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-c", "import time\\nwhile True: time.sleep(1)", sys.argv[1]])
print("tick")
while 1: time.sleep(1)
"""
FOREVER = "while 1: time.sleep(1)"


class Tree:
    """A supervisor with its children, as a process of its own; `mark` is on the command line of each."""

    def __init__(self, mark: str, *children: tuple[str, str]) -> None:
        self.mark = mark
        plan = json.dumps([[name, code, mark] for name, code in children])
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-c", DRIVER, plan],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def wait_for(self, words: str) -> None:
        assert self.process.stdout is not None
        deadline = time.monotonic() + 10
        for line in self.process.stdout:
            if words in line:
                return
            if time.monotonic() > deadline:
                break
        pytest.fail(f"{words!r} never came")

    def end(self, seconds: float = 10) -> tuple[int, str, str]:
        out, err = self.process.communicate(timeout=seconds)
        return self.process.returncode, out, err

    def left(self) -> list[int]:
        """The processes that are still there, but for the supervisor."""
        found = []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                words = (folder / "cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            if self.mark in words and int(folder.name) != self.process.pid:
                found.append(int(folder.name))
        return found


@pytest.fixture
def grow() -> Iterator[Callable[..., Tree]]:
    trees: list[Tree] = []

    def plant(*children: tuple[str, str]) -> Tree:
        tree = Tree(f"tree-{os.getpid()}-{time.monotonic_ns()}", *children)
        trees.append(tree)
        return tree

    yield plant
    for tree in trees:
        for pid in [*tree.left(), *([tree.process.pid] if tree.process.poll() is None else [])]:
            os.kill(pid, signal.SIGKILL)
        if tree.process.stdout is not None and tree.process.stdout.closed:
            tree.process.stdout = None
        tree.process.communicate()


def gone(tree: Tree, seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while tree.left():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def test_nothing_runs_on_when_nobody_reads_the_lines_any_more(grow: Callable[..., Tree]) -> None:
    tree = grow(("web", TICKS), ("worker", TICKS))
    tree.wait_for("web    | tick")
    assert tree.process.stdout is not None
    tree.process.stdout.close()
    assert tree.process.wait(10) == 1
    assert gone(tree, 10)


def test_lines_stand_under_their_names(grow: Callable[..., Tree]) -> None:
    tree = grow(("web", TICKS), ("worker", TICKS))
    tree.wait_for("web    | tick")
    tree.wait_for("worker | tick")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signal_stops_everything_at_once(grow: Callable[..., Tree], number: signal.Signals) -> None:
    tree = grow(("web", TICKS), ("worker", PARENT))
    tree.wait_for("worker | tick")
    began = time.monotonic()
    tree.process.send_signal(number)
    status, _, complaint = tree.end()
    assert (status, complaint) == (0, "")
    assert time.monotonic() - began < 3
    assert tree.left() == []


def test_store_ends_after_those_that_lean_on_it(grow: Callable[..., Tree]) -> None:
    quick, slow = (LEAVES_AFTER.replace("SECONDS", seconds) for seconds in ("0", "0.5"))
    tree = grow(("store", quick), ("web", slow))
    tree.wait_for("web    | up")
    tree.process.send_signal(signal.SIGTERM)
    out = tree.end()[1]
    assert [line.split()[1] for line in out.splitlines() if "bye" in line] == ["web", "store"]


def test_child_that_needs_it_is_asked_twice(grow: Callable[..., Tree]) -> None:
    stubborn = """
import signal, sys, time
asked = []
signal.signal(signal.SIGTERM, lambda *_: asked.append(1))
print("up")
while len(asked) < 2: time.sleep(0.05)
"""
    tree = grow(("web", TICKS), ("insisted", stubborn))
    tree.wait_for("insisted | up")
    began = time.monotonic()
    tree.process.send_signal(signal.SIGTERM)
    assert tree.end()[0] == 0
    assert time.monotonic() - began < 3


def test_child_that_ignores_the_signal_is_killed_within_seconds(grow: Callable[..., Tree]) -> None:
    tree = grow(("web", TICKS), ("deaf", DEAF))
    tree.wait_for("deaf   | deaf")
    tree.process.send_signal(signal.SIGINT)
    assert tree.end()[0] == 0
    assert tree.left() == []


@pytest.mark.parametrize(("code", "how"), [(FAILS, "exit status 7"), (LEAVES, "exit status 0")])
def test_child_that_ends_stops_everything_with_the_reason(
    grow: Callable[..., Tree], code: str, how: str
) -> None:
    tree = grow(("web", TICKS), ("worker", code))
    status, _, complaint = tree.end()
    assert status == 1
    assert complaint.strip().startswith(f"worker ended unexpectedly ({how}), so everything was stopped")
    assert tree.left() == []


def test_killed_child_is_told_as_killed(grow: Callable[..., Tree]) -> None:
    tree = grow(("web", TICKS), ("worker", "import os\nos.kill(os.getpid(), 9)"))
    assert "worker ended unexpectedly (killed by SIGKILL)" in tree.end()[2]


def test_child_of_a_killed_child_hides_nothing(grow: Callable[..., Tree]) -> None:
    tree = grow(("web", TICKS), ("worker", PARENT.replace(FOREVER, "sys.exit(9)")))
    status, _, complaint = tree.end()
    assert status == 1
    assert "worker ended unexpectedly" in complaint
    assert tree.left() == []


def test_signal_before_everything_stands_is_kept(grow: Callable[..., Tree]) -> None:
    tree = grow(*[(f"child{number}", TICKS) for number in range(6)])
    tree.wait_for("all started")
    tree.process.send_signal(signal.SIGINT)
    assert tree.end()[0] == 0
    assert tree.left() == []


def test_nothing_outlives_a_killed_supervisor(grow: Callable[..., Tree]) -> None:
    tree = grow(("web", TICKS), ("deaf", DEAF), ("worker", PARENT))
    tree.wait_for("worker | tick")
    assert len(tree.left()) >= 4
    tree.process.kill()
    assert gone(tree, 6)


def test_nothing_outlives_a_killed_process_group(grow: Callable[..., Tree]) -> None:
    tree = grow(("web", TICKS), ("worker", TICKS))
    tree.wait_for("worker | tick")
    os.killpg(tree.process.pid, signal.SIGKILL)
    assert gone(tree, 6)


def test_program_that_is_not_there_is_told() -> None:
    driver = DRIVER.replace("sys.executable,", "'/nowhere/program',")
    done = subprocess.run(
        [sys.executable, "-c", driver, '[["livekit", "code"]]'],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 1
    assert (
        "livekit | cannot be started: [Errno 2] No such file or directory: '/nowhere/program'" in done.stdout
    )
