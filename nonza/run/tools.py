"""Programs that a bare machine may lack, fetched from PyPI into an environment of their own."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from nonza.run.console import CannotGoOn, say
from nonza.run.steps import Checkout, Step, Task, ensure, fingerprint, perform

Version = tuple[int, ...]
SIGN_OF_DEBIAN = Path("/etc/debian_version")


@dataclass(frozen=True)
class Node:
    """A Node.js to build the frontend with: its npm, and the folders to put in front of PATH."""

    npm: Path
    folder: Path

    def environment(self, base: Mapping[str, str]) -> dict[str, str]:
        return {**base, "PATH": f"{self.folder}{os.pathsep}{base.get('PATH', os.defpath)}"}


def find_node(checkout: Checkout) -> Node:
    """The system's Node if it is recent enough, else the one of PyPI."""
    program, npm = shutil.which("node"), shutil.which("npm")
    if program and npm and node_serves(program_version([program, "--version"])):
        return Node(npm=Path(npm), folder=Path(program).parent)
    ensure_tool(checkout, "node", title="Fetching Node.js (60 MB, once)")
    return Node(npm=checkout.tools / "bin" / "npm", folder=checkout.tools / "bin")


def node_serves(version: Version) -> bool:
    return (20, 19) <= version < (21,) or version >= (22, 12)


def ensure_tool(checkout: Checkout, name: str, *, title: str) -> None:
    """Install `requirements-<name>.txt` into the environment for tools."""
    lock = checkout.root / f"requirements-{name}.txt"

    def install() -> None:
        make_environment(checkout.tools, log=checkout.logs / "tools.log")
        install_packages(checkout.tools, lock, log=checkout.logs / f"{name}.log", title=title)

    ensure(
        checkout,
        Step(
            name=f"tool-{name}",
            title=title,
            fingerprint=fingerprint(sys.version, str(checkout.tools), files=[lock]),
            proof=checkout.tools / "bin" / name,
            action=install,
        ),
    )


def make_environment(folder: Path, *, log: Path) -> None:
    """Make a virtual environment, unless a working one of the same Python is there."""
    if _works(folder):
        return
    if missing := missing_modules():
        raise CannotGoOn(venv_sentence(missing))
    perform(
        Task(
            title="Making a virtual environment",
            command=[sys.executable, "-m", "venv", "--clear", folder],
            log=log,
            failure="The virtual environment could not be made",
        )
    )


def missing_modules() -> list[str]:
    """What Debian and its like take out of Python and put into a package of its own."""
    return [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]


def venv_sentence(missing: list[str]) -> str:
    cure = "install the `venv` package that your system has for this Python"
    if SIGN_OF_DEBIAN.exists():
        cure = "type `sudo apt install python3-venv`"
    return (
        f"This Python ({sys.executable}) cannot make virtual environments, because its module "
        f"`{missing[0]}` is missing: {cure}, then run the same command again."
    )


def install_packages(venv: Path, lock: Path, *, log: Path, title: str, uv_lock: Path | None = None) -> None:
    """Install a lock, every package by its hash.

    With `uv_lock`, uv comes first and does the rest, ten times faster than pip; pip itself does it
    where uv cannot (an index that only pip's settings name, say).
    """
    if uv_lock is not None and _install_with_uv(venv, lock, uv_lock, log=log, title=title):
        return
    perform(_pip(venv, lock, log=log, title=title))


def _install_with_uv(venv: Path, lock: Path, uv_lock: Path, *, log: Path, title: str) -> bool:
    uv: list[str | Path] = [venv / "bin" / "uv", "pip", "install", "--python", venv / "bin" / "python"]
    try:
        perform(_pip(venv, uv_lock, log=log, title=title))
        perform(
            Task(
                title=title,
                command=[*uv, "--no-progress", "--require-hashes", "-r", lock],
                log=log,
                failure="Python packages could not be installed with uv",
            )
        )
    except CannotGoOn as reason:
        say(f"{reason}; trying pip")
        return False
    return True


def _pip(venv: Path, lock: Path, *, log: Path, title: str) -> Task:
    pip: list[str | Path] = [venv / "bin" / "python", "-m", "pip", "install"]
    quiet = ["--disable-pip-version-check", "--no-input", "--progress-bar", "off"]
    return Task(
        title=title,
        command=[*pip, *quiet, "--require-hashes", "-r", lock],
        log=log,
        failure="Python packages could not be installed",
    )


def program_version(command: list[str]) -> Version:
    """The first dotted number that the command prints; () if it does not run."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ()
    match = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", done.stdout + done.stderr)
    return tuple(int(part) for part in match.groups() if part) if match else ()


def _works(venv: Path) -> bool:
    version = program_version([str(venv / "bin" / "python"), "--version"])
    return version[:2] == sys.version_info[:2] and (venv / "bin" / "pip").exists()
