"""`make test`: every test that this machine allows, and at the end what was left out and why."""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from nonza.run import environment
from nonza.run.console import say
from nonza.run.media.find import find_or_get
from nonza.run.steps import Checkout

ROOT = Path(__file__).resolve().parents[2]
NOTHING_COLLECTED = 5
# Each in a process of its own: Playwright keeps an event loop in the thread in which others need one.
SLOW_PARTS = {"fault tests": "tests/faults", "end-to-end tests": "tests/e2e"}
ON_POSTGRES = ("tests/sessions", "tests/identity", "tests/spaces", "tests/chat")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m nonza.run.testing", description=__doc__, allow_abbrev=False
    )
    parser.add_argument("--soak", action="store_true", help="what takes long, and only that")
    options, rest = parser.parse_known_args(arguments)
    checkout = Checkout(ROOT)
    if not find_or_get(checkout, environment.read(ROOT, checkout.folder)).program:
        say("There is no LiveKit server, so the tests that need one are left out.")
    if rest:
        return pytest(rest)
    if options.soak:
        return pytest(["-m", "soak", "-p", "no:randomly"])
    return everything()


def everything() -> int:
    """The quick tests on all cores, then those that drive browsers and servers one after the other."""
    slow = {name: part for name, part in SLOW_PARTS.items() if (ROOT / part).is_dir()}
    ignored = [f"--ignore={part}" for part in slow.values()]
    coverage = ["--cov", "--cov-branch", "--cov-report=", "--cov-fail-under=0"]
    quick = pytest(["-n", "auto", "-m", "not soak", *ignored, *coverage])
    say("\nOn Postgres")
    on_postgres = pytest(
        ["-n", "auto", "-m", "not soak and not integration", *ON_POSTGRES, *coverage, "--cov-append"],
        NONZA_TEST_DATABASE="postgres",
    )
    whole = {name: pytest(["-m", "not soak", *coverage, "--cov-append", part]) for name, part in slow.items()}
    say("\nCoverage")
    enough = subprocess.run(
        [sys.executable, "-m", "coverage", "report", "--skip-covered"], cwd=ROOT, check=False
    ).returncode
    outcomes = {
        "tests": quick,
        "tests on Postgres": on_postgres,
        **whole,
        "coverage": enough,
    }
    for name, status in outcomes.items():
        say(f"{name}: {'passed' if status == 0 else 'FAILED'}")
    return max(outcomes.values())


def pytest(arguments: Sequence[str], **environment: str) -> int:
    """Run pytest; to find no test at all is no failure."""
    status = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments], cwd=ROOT, env={**os.environ, **environment}, check=False
    ).returncode
    return 0 if status == NOTHING_COLLECTED else status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
