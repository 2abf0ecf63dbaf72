"""Finds the LiveKit program, or gets it, in the order that the specification gives."""

import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from nonza.run.console import CannotGoOn, say
from nonza.run.media import build
from nonza.run.media.release import MEMBER, VERSION, NotToBeHad, Release, fetch, machine
from nonza.run.steps import Checkout, only_one
from nonza.run.tools import program_version

OLDEST = tuple(int(part) for part in VERSION.split("."))


@dataclass(frozen=True)
class Found:
    """The program, or, if there is none, the reasons why each way failed."""

    program: Path | None
    reasons: tuple[str, ...] = ()

    def sentence(self) -> str:
        """What to tell the person at the terminal when there is no program."""
        return (
            f"No LiveKit server could be had ({'; '.join(self.reasons)}). Nonza runs all the same, but calls "
            f"have no sound and no picture. To mend it, install livekit-server {VERSION} and name it in "
            "NONZA_LIVEKIT_BIN, or set NONZA_LIVEKIT_URL, NONZA_LIVEKIT_API_KEY and NONZA_LIVEKIT_API_SECRET "
            "to a server that runs."
        )


def installed(environment: Mapping[str, str]) -> Path | None:
    """The program if this machine has it: named by NONZA_LIVEKIT_BIN, on PATH, or in our cache."""
    if named := environment.get("NONZA_LIVEKIT_BIN"):
        return _named(Path(named).expanduser())
    on_path = shutil.which(MEMBER, path=environment.get("PATH"))
    if on_path and _serves(Path(on_path)):
        return Path(on_path)
    cached = cache(environment) / MEMBER
    return cached if _serves(cached) else None


def find_or_get(checkout: Checkout, environment: Mapping[str, str], release: Release | None = None) -> Found:
    """The installed program, else one fetched or built into the cache."""
    program = installed(environment)
    if program is not None:
        return Found(program)
    folder = cache(environment)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return Found(None, (f"the folder {folder} cannot be made",))
    with only_one(folder / "lock", "Another start is getting LiveKit; waiting for it ..."):
        program = folder / MEMBER
        if _serves(program):
            return Found(program)
        return _get(checkout, release or Release(), program)


def cache(environment: Mapping[str, str]) -> Path:
    """The folder of this version, for this kind of machine."""
    base = environment.get("XDG_CACHE_HOME") or Path(environment.get("HOME") or "~").expanduser() / ".cache"
    return Path(base) / "nonza" / f"livekit-{VERSION}-{machine()}"


def _get(checkout: Checkout, release: Release, program: Path) -> Found:
    say(f"Getting the media server, LiveKit {VERSION} ...")
    fresh = program.with_name(f"{program.name}.{os.getpid()}")
    ways: list[Callable[[], None]] = [
        lambda: fetch(release, fresh),
        lambda: build.with_go_of_the_system(checkout, fresh),
        lambda: build.with_go_of_pypi(checkout, fresh),
    ]
    reasons = []
    try:
        for way in ways:
            try:
                way()
                _check(fresh)
            except NotToBeHad as reason:
                say(f"  {reason}")
                reasons.append(str(reason))
            else:
                fresh.replace(program)
                return Found(program)
    finally:
        fresh.unlink(missing_ok=True)
    return Found(None, tuple(reasons))


def _check(program: Path) -> None:
    if not _serves(program):
        raise NotToBeHad("the program that came does not run on this machine")


def _named(program: Path) -> Path:
    if not program_version([str(program), "--version"]):
        raise CannotGoOn(
            f"NONZA_LIVEKIT_BIN names {program}, which is not a LiveKit server that runs here: "
            "mend the path, or unset it and Nonza gets one by itself."
        )
    return program


def _serves(program: Path) -> bool:
    return OLDEST <= program_version([str(program), "--version"]) < (OLDEST[0] + 1,)
