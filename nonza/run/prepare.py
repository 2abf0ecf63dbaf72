"""Makes a clone ready: Python packages, pages, catalogues; then hands over to the virtual environment."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from nonza.run.console import CannotGoOn, complain, say
from nonza.run.steps import Checkout, Step, Task, ensure, fingerprint, only_one, perform
from nonza.run.tools import find_node, install_packages, make_environment

ROOT = Path(__file__).resolve().parents[2]
NOT_SOURCES = {"node_modules", "dist", "coverage", "test-results"}
USAGE = """\
bootstrap.py setup            prepare everything
bootstrap.py run ...          prepare, then `python -m nonza.run ...`
bootstrap.py do [--dev] ...   prepare, then `python ...` in the virtual environment"""


def main(arguments: list[str]) -> int:
    """Prepare, then become the program that was asked for; the exit status if that cannot be."""
    target, rest = arguments[:1], arguments[1:]
    if target not in (["setup"], ["run"], ["do"]):
        complain(USAGE)
        return 2
    dev = target == ["setup"] or rest[:1] == ["--dev"]
    checkout = Checkout(ROOT)
    try:
        prepare(checkout, dev=dev)
    except CannotGoOn as reason:
        complain(str(reason))
        return 1
    except KeyboardInterrupt:
        complain("Stopped.")
        return 130
    rest = {"setup": ["-m", "nonza.run", "fetch"], "run": ["-m", "nonza.run", *rest]}.get(
        target[0], rest[dev:]
    )
    os.chdir(checkout.root)
    return os.execv(checkout.python, [str(checkout.python), *rest])


def prepare(checkout: Checkout, *, dev: bool) -> bool:
    """Do what is not done yet; True if there was anything to do."""
    with only_one(
        checkout.folder / "setup.lock", "Another `make` is preparing this folder; waiting for it ..."
    ):
        done = [
            ensure_packages(checkout, dev=dev),
            ensure_catalogues(checkout),
            dev and ensure_node_packages(checkout),
            ensure_pages(checkout),
        ]
    if any(done):
        say("Everything is prepared.")
    return any(done)


def ensure_packages(checkout: Checkout, *, dev: bool) -> bool:
    """The virtual environment with the locked packages; the lock of the checks holds the other one whole."""
    steps = {name: _packages(checkout, name) for name in ("requirements", "requirements-dev")}
    if not dev and _stands(checkout, steps["requirements-dev"]):
        return False
    done = ensure(checkout, steps["requirements-dev" if dev else "requirements"])
    if done and dev:
        checkout.stamp("requirements").unlink(missing_ok=True)
    return done


def _packages(checkout: Checkout, name: str) -> Step:
    lock = checkout.root / f"{name}.txt"

    def install() -> None:
        make_environment(checkout.venv, log=checkout.logs / "venv.log")
        install_packages(
            checkout.venv,
            lock,
            log=checkout.logs / f"{name}.log",
            title="Python packages",
            uv_lock=checkout.root / "requirements-uv.txt",
        )

    return Step(
        name=name,
        title="Installing Python packages (the first time takes a minute)",
        fingerprint=fingerprint(sys.version, str(checkout.venv), files=[lock]),
        proof=checkout.python,
        action=install,
    )


def _stands(checkout: Checkout, step: Step) -> bool:
    stamp = checkout.stamp(step.name)
    return step.proof.exists() and stamp.is_file() and stamp.read_text() == step.fingerprint


def ensure_catalogues(checkout: Checkout) -> bool:
    """Compiled gettext catalogues, for which Babel needs no system program."""
    sources = sorted((checkout.root / "locale").glob("*/LC_MESSAGES/*.po"))
    if not sources:
        return False

    def compile_all() -> None:
        for source in sources:
            perform(
                Task(
                    title=f"Compiling {source.relative_to(checkout.root)}",
                    command=[
                        checkout.venv / "bin" / "pybabel",
                        "compile",
                        "-i",
                        source,
                        "-o",
                        source.with_suffix(".mo"),
                    ],
                    log=checkout.logs / "catalogues.log",
                    failure=f"{source.relative_to(checkout.root)} could not be compiled",
                )
            )

    return ensure(
        checkout,
        Step(
            name="catalogues",
            title="Compiling the languages",
            fingerprint=fingerprint(files=sources),
            proof=sources[-1].with_suffix(".mo"),
            action=compile_all,
        ),
    )


def ensure_pages(checkout: Checkout) -> bool:
    """The frontend's packages and its build."""
    frontend = checkout.root / "frontend"
    if not (frontend / "package-lock.json").is_file():
        return False
    packages = [path for path in _package_files(frontend) if path.is_file()]
    build = Step(
        name="pages",
        title="Building the pages",
        fingerprint=fingerprint(
            files=[*packages, *_sources(frontend), *_sources(checkout.root / "templates")]
        ),
        proof=frontend / "dist",
        action=lambda: _npm(checkout, "pages", ["run", "build"], "The pages could not be built"),
    )
    done = ensure_node_packages(checkout) if not _stands(checkout, build) else False
    return ensure(checkout, build) or done


def ensure_node_packages(checkout: Checkout) -> bool:
    """The frontend's packages, exactly as its lock says; checks and the build need them."""
    frontend = checkout.root / "frontend"
    if not (frontend / "package-lock.json").is_file():
        return False
    return ensure(
        checkout,
        Step(
            name="node-packages",
            title="Installing the frontend's packages",
            fingerprint=fingerprint(files=[path for path in _package_files(frontend) if path.is_file()]),
            proof=frontend / "node_modules" / ".package-lock.json",
            action=lambda: _npm(
                checkout,
                "node-packages",
                ["ci", "--no-audit", "--no-fund", "--loglevel=error"],
                "The frontend's packages could not be installed",
            ),
        ),
    )


def _npm(checkout: Checkout, name: str, arguments: list[str], failure: str) -> None:
    node = find_node(checkout)
    perform(
        Task(
            title=f"npm {' '.join(arguments)}",
            command=[node.npm, *arguments],
            cwd=checkout.root / "frontend",
            environment=node.environment(os.environ),
            log=checkout.logs / f"{name}.log",
            failure=failure,
        )
    )


def _package_files(frontend: Path) -> list[Path]:
    return [frontend / name for name in ("package.json", "package-lock.json", ".npmrc")]


def _sources(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name in NOT_SOURCES or path.name.startswith("."):
            continue
        if path.is_dir():
            yield from _sources(path)
        elif ".test." not in path.name:
            yield path
