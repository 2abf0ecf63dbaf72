"""`make check` runs everything, tells what failed, and fails if anything did."""

import sys
from pathlib import Path

import pytest

from nonza.run import checking
from nonza.run.checking import Check, check_sizes, chosen, run_all, summarize
from nonza.run.console import CannotGoOn

GOOD = Check("good", [sys.executable, "-c", "print('fine')"])
BAD = Check("bad", [sys.executable, "-c", "import sys; print('line 3 is wrong'); sys.exit(1)"])


def test_one_failure_stops_no_other_check(capsys: pytest.CaptureFixture[str]) -> None:
    status = summarize(run_all([BAD, GOOD], at_once=2))
    said = capsys.readouterr().out
    assert status == 1
    assert "FAILED bad" in said
    assert "line 3 is wrong" in said
    assert "ok     good" in said
    assert "fine" not in said, "who passes is quiet"
    assert said.endswith("1 of 2 failed: bad\n")


def test_all_passing_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert summarize(run_all([GOOD], at_once=1)) == 0
    assert capsys.readouterr().out.endswith("All 1 passed.\n")


def test_everything_that_the_conventions_ask_for_is_checked() -> None:
    assert {check.name for check in chosen([])} == {
        *("ruff", "ruff-format", "mypy", "imports", "migrations", "deploy", "schema", "djlint", "file-size"),
        *("messages", "eslint", "tsc", "prettier", "vitest", "weight"),
    }


def test_some_checks_can_be_chosen_and_others_are_told() -> None:
    assert [check.name for check in chosen(["mypy"])] == ["mypy"]
    with pytest.raises(CannotGoOn, match=r"No check is called nonsense: ruff, "):
        chosen(["nonsense"])


def test_long_file_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "ROOT", tmp_path)
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "services.py").write_text("\n" * 501)
    (tmp_path / "app" / "models.py").write_text("\n" * 500)
    for left_out in ("node_modules", "migrations", ".venv"):
        (tmp_path / left_out).mkdir()
        (tmp_path / left_out / "long.py").write_text("\n" * 1000)
    outcome = check_sizes()
    assert not outcome.passed
    assert outcome.output == "app/services.py has 501 lines; the most is 500: split it by noun."


def test_outdated_wire_types_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "ROOT", tmp_path)
    monkeypatch.setattr(checking, "TYPES", tmp_path / "schema.d.ts")
    (tmp_path / ".nonza").mkdir()
    monkeypatch.setattr(checking, "write_types", lambda target: target.write_text("new"))
    (tmp_path / "schema.d.ts").write_text("old")
    assert "run `make schema`" in checking.check_schema().output
    (tmp_path / "schema.d.ts").write_text("new")
    assert checking.check_schema().passed


def test_makefile_has_its_targets_each_with_its_help() -> None:
    lines = (checking.ROOT / "Makefile").read_text().splitlines()
    told = {line.split(":")[0] for line in lines if ": ## " in line}
    asked = {
        "setup", "run", "test", "check", "format", "migrate", "schema", "shell", "doctor", "soak", "help",
    }  # fmt: skip
    assert told == asked | {"lock"}
