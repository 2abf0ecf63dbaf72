"""The values that the launcher goes by, in the order in which Nonza itself reads them."""

import contextlib
import os
import secrets
from collections.abc import Iterator, Mapping
from pathlib import Path

from dotenv import dotenv_values

NAME, RUNNING = "embedded.env", "running.env"
# Where everything is; the secrets stand in the other file.
TOLD = (
    "NONZA_BASE_URL",
    "NONZA_DATABASE_URL",
    "NONZA_REDIS_URL",
    "NONZA_LIVEKIT_URL",
    "NONZA_LIVEKIT_PUBLIC_URL",
)
HEADING = (
    "# Made by `make run` for this machine: keep it private. Delete it, and everybody's access is void.\n"
)


def read(root: Path, state: Path) -> dict[str, str]:
    """Process environment over `.env` over the generated file; an empty value counts as absent."""
    own = os.environ
    merged: dict[str, str] = {}
    layers: list[Mapping[str, str | None]] = [
        dotenv_values(state / NAME),
        dotenv_values(own.get("NONZA_ENV_FILE") or root / ".env"),
        own,
    ]
    for layer in layers:
        merged.update({name: value for name, value in layer.items() if value})
    return merged


def make_state(state: Path) -> None:
    """The state folder and the secrets in it; what is there already stays as it is."""
    state.mkdir(mode=0o700, parents=True, exist_ok=True)
    state.chmod(0o700)
    try:
        descriptor = os.open(state / NAME, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(descriptor, "w") as stream:
        stream.write(HEADING)
        stream.write(f"NONZA_SECRET_KEY={secrets.token_urlsafe(48)}\n")
        stream.write(f"NONZA_LIVEKIT_API_KEY=nonza-{secrets.token_hex(4)}\n")
        stream.write(f"NONZA_LIVEKIT_API_SECRET={secrets.token_urlsafe(36)}\n")


@contextlib.contextmanager
def told(state: Path, environment: Mapping[str, str]) -> Iterator[None]:
    """Let other commands on this machine find what runs, for as long as it does."""
    path = state / RUNNING
    known = {name: environment[name] for name in TOLD if name in environment}
    write_private(path, "".join(f"{name}='{value}'\n" for name, value in known.items()))
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, all at once."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
    fresh.replace(path)
