"""The Redis of `make run`: the one that is named, a private one of this machine, or one in memory."""

import re
import secrets
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import redis

from nonza.run.console import CannotGoOn
from nonza.run.environment import write_private
from nonza.run.ports import LOOPBACK
from nonza.run.tools import program_version

PROGRAMS = ("redis-server", "valkey-server")
OLDEST = (7,)

TEMPLATE = """\
bind {host}
port {port}
requirepass {password}
dir {folder}
save ""
appendonly no
daemonize no
loglevel warning
"""


@dataclass(frozen=True)
class RedisService:
    """Where Redis answers, and the command that starts it (none if somebody else runs it)."""

    url: str
    command: tuple[str, ...] = ()
    words: str = ""


def redis_service(environment: Mapping[str, str], state: Path, port: int) -> RedisService:
    if url := environment.get("NONZA_REDIS_URL"):
        check_answers(url)
        return RedisService(url)
    program = find_program(environment)
    if program is None:
        return RedisService(
            url=f"redis://{LOOPBACK}:{port}/0",
            command=(sys.executable, "-m", "nonza.run.fake_redis", str(port)),
            words="This machine has no Redis 7, so one in memory stands in: enough for trying Nonza out.",
        )
    password = secrets.token_urlsafe(24)
    folder = state / "redis"
    folder.mkdir(mode=0o700, exist_ok=True)
    configuration = state / "redis.conf"
    write_private(
        configuration,
        TEMPLATE.format(host=LOOPBACK, port=port, password=password, folder=f'"{folder.resolve()}"'),
    )
    return RedisService(url=f"redis://:{password}@{LOOPBACK}:{port}/0", command=(program, str(configuration)))


def find_program(environment: Mapping[str, str]) -> str | None:
    """A redis-server or valkey-server on PATH that is recent enough."""
    for name in PROGRAMS:
        program = shutil.which(name, path=environment.get("PATH"))
        if program and program_version([program, "--version"]) >= OLDEST:
            return program
    return None


def check_answers(url: str) -> None:
    """CannotGoOn with one sentence if the named Redis does not answer."""
    place = re.sub(r"^[^@]*@", "", urlsplit(url).netloc) or url
    try:
        client = redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=3)
        client.ping()
    except (redis.RedisError, ValueError, OSError) as error:
        raise CannotGoOn(
            f"NONZA_REDIS_URL names a Redis at {place} that does not answer ({type(error).__name__}): "
            "start it, mend the address, or unset NONZA_REDIS_URL and Nonza brings its own."
        ) from error
    client.close()
