"""`python -m nonza.run`: starts everything that a call on this machine needs, and stops it together."""

import argparse
import fcntl
import os
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import IO

import httpx

from nonza.run import environment
from nonza.run.console import CannotGoOn, complain, say
from nonza.run.media.find import find_or_get
from nonza.run.plan import Plan, Wishes, make_plan
from nonza.run.steps import Checkout, Task, perform
from nonza.run.supervisor import supervise

ROOT = Path(__file__).resolve().parents[2]
SLOW_SECONDS = 30.0


def main(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    state = options.state.expanduser().resolve()
    checkout = Checkout(ROOT)
    try:
        environment.make_state(state)
        if options.action == "fetch":
            return fetch(checkout, state)
        if options.action == "manage":
            return manage(state, options.rest)
        return run(checkout, state, options)
    except CannotGoOn as reason:
        complain(str(reason))
        return 1
    except KeyboardInterrupt:
        complain("Stopped.")
        return 130


def _parser() -> argparse.ArgumentParser:
    wishes = Wishes()
    parser = argparse.ArgumentParser(prog="python -m nonza.run", description=__doc__)
    parser.add_argument("action", nargs="?", choices=["up", "fetch", "manage"], default="up")
    parser.add_argument("rest", nargs=argparse.REMAINDER, help="arguments for manage.py")
    parser.add_argument(
        "--state", type=Path, default=_state_folder(), help="folder of the database and the secrets"
    )
    parser.add_argument("--host", default=wishes.host)
    parser.add_argument("--https", action="store_true", help="comes with the production stack")
    for name in ("port", "redis_port", "livekit_port", "livekit_tcp_port", "livekit_udp_port"):
        option = f"--{name.replace('_', '-')}"
        parser.add_argument(option, type=int, default=getattr(wishes, name), help="0 means any free one")
    return parser


def _state_folder() -> Path:
    return Path(os.environ.get("NONZA_STATE_DIR") or ROOT / ".nonza")


def fetch(checkout: Checkout, state: Path) -> int:
    """Only get the media server, so that a later start need not."""
    values = environment.read(ROOT, state)
    if values.get("NONZA_LIVEKIT_URL"):
        return 0
    found = find_or_get(checkout, values)
    say(f"LiveKit: {found.program}" if found.program else found.sentence())
    return 0


def manage(state: Path, rest: Sequence[str]) -> int:
    """Become manage.py with the secrets of the state folder."""
    os.chdir(ROOT)
    values = {**environment.read(ROOT, state), "NONZA_STATE_DIR": str(state)}
    os.execve(sys.executable, [sys.executable, "manage.py", *rest], values)


def run(checkout: Checkout, state: Path, options: argparse.Namespace) -> int:
    """Plan, migrate, start, and watch; the exit status."""
    if options.https:
        raise CannotGoOn(
            "`make run HTTPS=1` comes with the production stack: until then, `make run` serves this machine."
        )
    os.chdir(ROOT)
    with (state / "run.lock").open("a+") as lock:
        _lock(lock, state)
        values = environment.read(ROOT, state)
        wishes = Wishes(**{name: getattr(options, name) for name in Wishes.__dataclass_fields__})
        plan = make_plan(checkout, state, values, wishes)
        migrate(plan, state)
        for remark in plan.remarks:
            say(f"\n{remark}\n")
        watcher = threading.Thread(target=announce, args=(plan,), daemon=True)
        with environment.told(state, plan.environment):
            return supervise(plan.children, when_started=watcher.start)


def _lock(lock: IO[str], state: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        raise CannotGoOn(
            f"Nonza already runs from the folder {state} (process {lock.read().strip() or 'unknown'}): stop "
            "that one, or give this one a folder and a port of its own, "
            "for example `make run STATE=/tmp/second PORT=8001`."
        ) from None
    lock.seek(0)
    lock.truncate()
    lock.write(str(os.getpid()))
    lock.flush()


def migrate(plan: Plan, state: Path) -> None:
    perform(
        Task(
            title="Migrating the database",
            command=[sys.executable, "manage.py", "migrate", "--no-input"],
            environment=plan.environment,
            log=state / "logs" / "migrate.log",
            failure="The database could not be migrated",
        )
    )


def announce(plan: Plan) -> None:
    """Say the address as soon as Nonza is ready; if that takes long, say what it waits for."""
    late = time.monotonic() + SLOW_SECONDS
    while (problem := _not_ready(plan.inside)) is not None:
        if time.monotonic() > late:
            say(f"\nNonza is not ready yet: {problem}\n")
            late += SLOW_SECONDS
        time.sleep(0.1)
    say(f"\nNonza is ready: {plan.address}\nCtrl-C stops it.\n")


def _not_ready(base: str) -> str | None:
    try:
        with httpx.Client(timeout=5.0, trust_env=False) as client:
            answer = client.get(f"{base}/readyz")
            if answer.status_code == httpx.codes.NOT_FOUND:
                answer = client.get(f"{base}/")
    except httpx.HTTPError as error:
        return f"the web server does not answer ({type(error).__name__})"
    return None if answer.is_success else f"{answer.status_code} {answer.text[:300]}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
