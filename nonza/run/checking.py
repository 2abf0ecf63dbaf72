"""`make check`: every check, all of them even if one fails, and a summary at the end."""

import argparse
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from nonza.run.console import CannotGoOn, complain, say
from nonza.run.steps import Checkout, Task, perform
from nonza.run.tools import find_node

ROOT = Path(__file__).resolve().parents[2]
FRONTEND = ROOT / "frontend"
TYPES = FRONTEND / "src" / "api" / "schema.d.ts"
LONGEST_FILE = 500
WRITTEN_BY_HAND = {".py", ".ts", ".tsx", ".html", ".css", ".js", ".mjs"}
NOT_BY_HAND = {"node_modules", "dist", "migrations", "schema.d.ts"}
AT_ONCE = 2


@dataclass(frozen=True)
class Outcome:
    passed: bool
    output: str = ""


@dataclass(frozen=True)
class Check:
    """A command that must succeed; or a function, where no command does it."""

    name: str
    command: Sequence[str | Path] = ()
    cwd: Path = ROOT
    environment: dict[str, str] = field(default_factory=dict)
    function: Callable[[], Outcome] | None = None

    def run(self) -> Outcome:
        if self.function is not None:
            return self.function()
        done = subprocess.run(
            self.command,
            cwd=self.cwd,
            env={**os.environ, "NO_COLOR": "1", **self.environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        return Outcome(done.returncode == 0, done.stdout)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m nonza.run.checking", description=__doc__)
    parser.add_argument("names", nargs="*", help="only these checks")
    parser.add_argument("--format", action="store_true", help="mend instead of checking")
    parser.add_argument("--schema", action="store_true", help="write the wire types anew")
    options = parser.parse_args(arguments)
    try:
        if options.schema:
            write_types(TYPES)
            say(f"Written: {TYPES.relative_to(ROOT)}")
            return 0
        if options.format:
            return summarize(run_all(formatters(), at_once=1))
        return summarize(run_all(chosen(options.names), at_once=AT_ONCE))
    except CannotGoOn as reason:
        complain(str(reason))
        return 1


def chosen(names: Sequence[str]) -> list[Check]:
    checks = [*python_checks(), *page_checks()]
    if unknown := set(names) - {check.name for check in checks}:
        raise CannotGoOn(
            f"No check is called {', '.join(sorted(unknown))}: {', '.join(check.name for check in checks)}."
        )
    return [check for check in checks if not names or check.name in names]


def run_all(checks: Sequence[Check], *, at_once: int) -> list[tuple[Check, Outcome, float]]:
    """Run them, a few at once; what a failed one printed is shown as soon as it ends."""
    results = []
    with ThreadPoolExecutor(at_once) as pool:
        for check, (outcome, seconds) in zip(checks, pool.map(timed, checks), strict=True):
            say(f"{'ok    ' if outcome.passed else 'FAILED'} {check.name} ({seconds:.1f} s)")
            if not outcome.passed:
                say(outcome.output.rstrip() + "\n")
            results.append((check, outcome, seconds))
    return results


def timed(check: Check) -> tuple[Outcome, float]:
    began = time.monotonic()
    outcome = check.run()
    return outcome, time.monotonic() - began


def summarize(results: Sequence[tuple[Check, Outcome, float]]) -> int:
    failed = [check.name for check, outcome, _ in results if not outcome.passed]
    if failed:
        say(f"\n{len(failed)} of {len(results)} failed: {', '.join(failed)}")
        return 1
    say(f"\nAll {len(results)} passed.")
    return 0


def python_checks() -> list[Check]:
    manage = [sys.executable, "manage.py"]
    testing = {"DJANGO_SETTINGS_MODULE": "nonza.settings.test"}
    return [
        Check("ruff", [_program("ruff"), "check", "."]),
        Check("ruff-format", [_program("ruff"), "format", "--check", "."]),
        Check("mypy", [_program("mypy")], environment=testing),
        Check("imports", [_program("lint-imports")]),
        Check("migrations", [*manage, "makemigrations", "--check", "--dry-run"], environment=testing),
        Check("deploy", [*manage, "check", "--deploy", "--fail-level", "WARNING"], environment=_production()),
        Check("schema", function=check_schema),
        Check("messages", [*manage, "messages", "--check"], environment=testing),
        Check("djlint", [_program("djlint"), "templates", "--lint", "--check"]),
        Check("file-size", function=check_sizes),
    ]


def page_checks() -> list[Check]:
    return [
        _npm_check("eslint", "lint"),
        _npm_check("tsc", "typecheck"),
        _npm_check("prettier", "format:check"),
        _npm_check("vitest", "test"),
        _npm_check("weight", "weight"),
    ]


def formatters() -> list[Check]:
    return [
        Check("ruff", [_program("ruff"), "check", "--fix", "."]),
        Check("ruff-format", [_program("ruff"), "format", "."]),
        Check("djlint", [_program("djlint"), "templates", "--reformat", "--quiet"]),
        _npm_check("prettier", "format"),
    ]


def _program(name: str) -> Path:
    return Path(sys.executable).with_name(name)


def _npm_check(name: str, script: str) -> Check:
    node = find_node(Checkout(ROOT))
    return Check(
        name, [node.npm, "run", "--silent", script], cwd=FRONTEND, environment=node.environment(os.environ)
    )


def _production() -> dict[str, str]:
    """A production environment as the guide describes it, with values that serve nobody."""
    return {
        "DJANGO_SETTINGS_MODULE": "nonza.settings.prod",
        "NONZA_ENV_FILE": os.devnull,
        "NONZA_STATE_DIR": os.devnull,
        "NONZA_SECRET_KEY": secrets.token_urlsafe(48),
        "NONZA_BASE_URL": "https://calls.example.org",
        "NONZA_DATABASE_URL": "postgres://nonza:nonza@db.example.org/nonza",
        "NONZA_REDIS_URL": "redis://redis.example.org:6379/0",
        "NONZA_LIVEKIT_URL": "https://media.example.org",
        "NONZA_LIVEKIT_PUBLIC_URL": "wss://media.example.org",
        "NONZA_LIVEKIT_API_KEY": "nonza",
        "NONZA_LIVEKIT_API_SECRET": secrets.token_urlsafe(36),
        "NONZA_TRUSTED_PROXIES": "1",
    }


def check_schema() -> Outcome:
    """The API's description must be free of warnings, and the committed wire types must be made from it."""
    fresh = Checkout(ROOT).folder / "schema.d.ts"
    try:
        write_types(fresh)
    except CannotGoOn as reason:
        return Outcome(passed=False, output=str(reason))
    if not TYPES.is_file() or TYPES.read_text() != fresh.read_text():
        return Outcome(
            passed=False, output=f"{TYPES.relative_to(ROOT)} is not up to date: run `make schema`."
        )
    return Outcome(passed=True)


def write_types(target: Path) -> None:
    checkout = Checkout(ROOT)
    description = checkout.folder / "schema.yaml"
    perform(
        Task(
            title="Describing the API",
            command=[
                *(sys.executable, "manage.py", "spectacular"),
                *("--validate", "--fail-on-warn", "--file", description),
            ],
            cwd=ROOT,
            environment={**os.environ, "DJANGO_SETTINGS_MODULE": "nonza.settings.test"},
            log=checkout.logs / "schema.log",
            failure="The API could not be described without a warning",
        )
    )
    node = find_node(checkout)
    perform(
        Task(
            title="Writing the wire types",
            command=[FRONTEND / "node_modules" / ".bin" / "openapi-typescript", description, "-o", target],
            cwd=FRONTEND,
            environment=node.environment(os.environ),
            log=checkout.logs / "schema-types.log",
            failure="The wire types could not be written",
        )
    )


def check_sizes() -> Outcome:
    """No file that a person writes has more than 500 lines."""
    long = []
    for path in _written_files(ROOT):
        lines = path.read_text(errors="replace").count("\n")
        if lines > LONGEST_FILE:
            long.append(
                f"{path.relative_to(ROOT)} has {lines} lines; the most is {LONGEST_FILE}: split it by noun."
            )
    return Outcome(not long, "\n".join(long))


def _written_files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in NOT_BY_HAND:
            continue
        if path.is_dir():
            yield from _written_files(path)
        elif path.suffix in WRITTEN_BY_HAND:
            yield path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
