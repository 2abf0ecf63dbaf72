"""A bare machine is prepared once; what is missing is told in one sentence."""

import ast
import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from nonza.run import bootstrap, prepare, tools
from nonza.run.console import CannotGoOn
from nonza.run.steps import Checkout, Step, Task, ensure, fingerprint, only_one, perform

ROOT = Path(bootstrap.ROOT)
HOLDER = """
import fcntl, sys, time
stream = open(sys.argv[1], "w")
fcntl.flock(stream, fcntl.LOCK_EX)
print("held", flush=True)
time.sleep(0.5)
"""


def bootstrap_alone(*arguments: str) -> subprocess.CompletedProcess[str]:
    """The bootstrap by a Python that sees no installed package."""
    command = [sys.executable, "-I", "-S", str(ROOT / "nonza" / "run" / "bootstrap.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=30, check=False, cwd="/")


def test_bootstrap_needs_the_standard_library_only() -> None:
    done = bootstrap_alone("nonsense")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("bootstrap.py setup")


def test_old_python_can_read_the_bootstrap() -> None:
    ast.parse((ROOT / "nonza" / "run" / "bootstrap.py").read_text(), feature_version=(3, 6))


def test_old_python_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap.shutil, "which", lambda _name: None)
    with pytest.raises(SystemExit, match=r"Nonza needs Python 3\.11 or newer"):
        bootstrap._use_a_newer_python()


def test_newer_python_takes_over_from_an_old_one(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []
    monkeypatch.setattr(
        bootstrap.shutil, "which", lambda name: f"/opt/{name}" if name == "python3.12" else None
    )
    monkeypatch.setattr(bootstrap.os, "execv", lambda program, _arguments: taken.append(program))
    with pytest.raises(SystemExit):
        bootstrap._use_a_newer_python()
    assert taken == ["/opt/python3.12"]


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_missing_venv_module_is_told_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, module: str
) -> None:
    (tmp_path / "debian_version").touch()
    monkeypatch.setattr(tools, "SIGN_OF_DEBIAN", tmp_path / "debian_version")
    known = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == module else known(name))
    with pytest.raises(CannotGoOn) as caught:
        tools.make_environment(tmp_path / "venv", log=tmp_path / "log")
    assert f"its module `{module}` is missing: type `sudo apt install python3-venv`" in str(caught.value)


def test_other_systems_are_not_told_to_use_apt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "SIGN_OF_DEBIAN", tmp_path / "nothing")
    assert "apt" not in tools.venv_sentence(["venv"])


@pytest.mark.parametrize(
    ("version", "serves"),
    [
        ((18, 20, 0), False),
        ((20, 18, 9), False),
        ((20, 19, 0), True),
        ((20, 20, 1), True),
        ((21, 7, 0), False),
        ((22, 11, 0), False),
        ((22, 12, 0), True),
        ((24, 1, 0), True),
        ((), False),
    ],
)
def test_node_of_the_system_serves_if_recent_enough(version: tuple[int, ...], serves: bool) -> None:
    assert tools.node_serves(version) is serves


class Workshop:
    """A small clone whose long steps only leave a mark."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.checkout = Checkout(root)
        self.done: list[str] = []
        for name, text in {
            "requirements.txt": "django==5.2",
            "requirements-dev.txt": "django==5.2\nruff==1",
            "frontend/package.json": "{}",
            "frontend/package-lock.json": "{}",
            "frontend/src/call.tsx": "one",
            "templates/base.html": "one",
            "locale/ru/LC_MESSAGES/django.po": "one",
        }.items():
            self.write(name, text)
        monkeypatch.setattr(prepare, "make_environment", self.make_environment)
        monkeypatch.setattr(prepare, "install_packages", lambda _venv, lock, **_: self.done.append(lock.name))
        monkeypatch.setattr(prepare, "_npm", self.npm)
        monkeypatch.setattr(prepare, "perform", self.compile)

    def write(self, name: str, text: str) -> None:
        path = self.checkout.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def make_environment(self, _folder: Path, **_: object) -> None:
        self.write(".venv/bin/python", "")

    def npm(self, _checkout: Checkout, name: str, *_: object) -> None:
        self.done.append(name)
        self.write(
            {"pages": "frontend/dist/manifest.json"}.get(name, "frontend/node_modules/.package-lock.json"),
            "{}",
        )

    def compile(self, _task: Task) -> None:
        self.done.append("catalogues")
        self.write("locale/ru/LC_MESSAGES/django.mo", "")

    def prepare(self, *, dev: bool = False) -> list[str]:
        self.done.clear()
        prepare.prepare(self.checkout, dev=dev)
        return list(self.done)


@pytest.fixture
def workshop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workshop:
    return Workshop(tmp_path, monkeypatch)


def test_second_preparation_does_nothing(workshop: Workshop, capsys: pytest.CaptureFixture[str]) -> None:
    assert workshop.prepare() == ["requirements.txt", "catalogues", "node-packages", "pages"]
    capsys.readouterr()
    assert workshop.prepare() == []
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("changed", "again"),
    [
        ("requirements.txt", ["requirements.txt"]),
        ("frontend/src/call.tsx", ["pages"]),
        ("templates/base.html", ["pages"]),
        ("frontend/package-lock.json", ["node-packages", "pages"]),
        ("locale/ru/LC_MESSAGES/django.po", ["catalogues"]),
        ("frontend/src/call.test.tsx", []),
        ("README.md", []),
    ],
)
def test_change_repeats_only_what_depends_on_it(workshop: Workshop, changed: str, again: list[str]) -> None:
    workshop.prepare()
    workshop.write(changed, "two")
    assert workshop.prepare() == again


def test_lost_result_is_made_again(workshop: Workshop) -> None:
    workshop.prepare()
    (workshop.checkout.root / "locale/ru/LC_MESSAGES/django.mo").unlink()
    workshop.checkout.python.unlink()
    assert workshop.prepare() == ["requirements.txt", "catalogues"]


def test_packages_of_the_checks_serve_the_run_too(workshop: Workshop) -> None:
    assert "requirements-dev.txt" in workshop.prepare(dev=True)
    assert workshop.prepare() == []


def test_clone_without_pages_or_languages_is_prepared(workshop: Workshop) -> None:
    (workshop.checkout.root / "frontend/package-lock.json").unlink()
    (workshop.checkout.root / "locale/ru/LC_MESSAGES/django.po").unlink()
    assert workshop.prepare() == ["requirements.txt"]


def test_failed_step_is_tried_again(tmp_path: Path) -> None:
    def fail() -> None:
        raise CannotGoOn("no")

    step = Step(name="step", title="A step", fingerprint="1", proof=tmp_path, action=fail)
    for _ in range(2):
        with pytest.raises(CannotGoOn):
            ensure(Checkout(tmp_path), step)


def test_fingerprint_knows_names_and_contents(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("x")
    second.write_text("x")
    assert fingerprint(files=[first]) != fingerprint(files=[second])
    before = fingerprint(files=[first, second])
    second.write_text("y")
    assert fingerprint(files=[second, first]) != before


def test_missing_network_is_told_in_one_sentence(tmp_path: Path) -> None:
    words = "WARNING: Retrying: Failed to establish a new connection: [Errno 101] Network is unreachable"
    task = Task(
        "Fetching", ["sh", "-c", f"echo '{words}'; exit 1"], tmp_path / "log", "It could not be fetched"
    )
    with pytest.raises(CannotGoOn, match=r"It could not be fetched: .* Is this machine online\?"):
        perform(task)


def test_failed_command_shows_what_it_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    task = Task("Building", ["sh", "-c", "seq 100; exit 3"], tmp_path / "log", "It could not be built")
    with pytest.raises(CannotGoOn, match="It could not be built; what it said is above"):
        perform(task)
    shown = capsys.readouterr().out.split()
    assert shown[0] == "1"
    assert shown[-1] == "100"
    assert len(shown) < 20


def test_second_start_waits_for_the_first(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock = tmp_path / "lock"
    holder = subprocess.Popen([sys.executable, "-c", HOLDER, str(lock)], stdout=subprocess.PIPE)
    assert holder.stdout is not None
    holder.stdout.readline()
    with only_one(lock, "Waiting for the other one"):
        assert holder.wait(5) == 0
    holder.stdout.close()
    assert capsys.readouterr().out == "Waiting for the other one\n"


def test_lock_of_the_checks_holds_the_lock_of_the_run_whole() -> None:
    def pins(name: str) -> set[str]:
        return {
            line.split(" ;")[0].rstrip(" \\")
            for line in (ROOT / name).read_text().splitlines()
            if "==" in line[:60]
        }

    assert pins("requirements.txt") <= pins("requirements-dev.txt")


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-dev.txt", "requirements-node.txt", "requirements-go.txt"]
)
def test_locks_name_no_host(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert "index" not in [line.split()[0].lstrip("-") for line in text.splitlines() if line.startswith("-")]
    assert "--hash=sha256:" in text
