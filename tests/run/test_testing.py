"""`make test` names what it left out, and leaves out nothing where that is asked for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from nonza.run import testing
from tests import parts

ROOT = Path(__file__).resolve().parents[2]
MISSING = """
from tests import parts
def test_browser(): parts.chromium()
def test_another_browser(): parts.chromium()
def test_media(): parts.livekit()
"""


def run_on_a_bare_machine(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_missing.py").write_text(MISSING)
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "tests.parts",
            "-c",
            os.devnull,
            "--rootdir",
            folder,
            folder,
            "-q",
        ],
        cwd=ROOT,
        env={"PATH": str(folder), "HOME": str(folder), "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_missing_part_is_left_out_and_named_once(tmp_path: Path) -> None:
    done = run_on_a_bare_machine(tmp_path)
    assert done.returncode == 0, done.stdout
    assert "2 tests without Chromium: install it (apt install chromium)" in done.stdout
    assert "1 test without LiveKit: run `make setup` with a network" in done.stdout


def test_missing_part_is_a_failure_where_nothing_may_be_left_out(tmp_path: Path) -> None:
    done = run_on_a_bare_machine(tmp_path, NONZA_TEST_STRICT="1")
    assert done.returncode == 1
    assert "3 failed" in done.stdout
    assert "missing on this machine: install it (apt install chromium)" in done.stdout


def test_named_parts_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NONZA_TEST_CHROMIUM", "/opt/chromium")
    assert parts.chromium() == Path("/opt/chromium")


def test_no_test_at_all_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, 5)

    monkeypatch.setattr(testing.subprocess, "run", run)
    assert testing.pytest(["-m", "soak"]) == 0
    assert asked[0][1:] == ["-m", "pytest", "-m", "soak"]
