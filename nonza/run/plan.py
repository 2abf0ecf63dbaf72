"""Decides what this start consists of: addresses, ports, children and their environment."""

import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from nonza.run.console import CannotGoOn
from nonza.run.environment import write_private
from nonza.run.media.config import MediaPorts, livekit_yaml
from nonza.run.media.find import find_or_get
from nonza.run.media.foreign import trouble_with
from nonza.run.ports import LOOPBACK, answers, inner_port, web_port
from nonza.run.redis_service import redis_service
from nonza.run.steps import Checkout
from nonza.run.supervisor import Child

EVERYWHERE = "0.0.0.0"  # noqa: S104 -- a person may ask for it, and is told what it means
LOCAL_NAMES = {"localhost", LOOPBACK, "::1"}
NEEDS_HTTPS = (
    "Browsers give a camera and a microphone only on https, or on http://localhost: on this network address "
    "other machines see the pages but cannot join a call. `make run` is for this machine; "
    "`make run HTTPS=1`, which serves others, comes with the production stack."
)


@dataclass(frozen=True)
class Wishes:
    """What the command line asks for; port 0 means any free one."""

    host: str = LOOPBACK
    port: int = 8000
    redis_port: int = 6390
    livekit_port: int = 7880
    livekit_tcp_port: int = 7881
    livekit_udp_port: int = 7882


@dataclass
class Plan:
    """What to start, with what, and what to say about it."""

    address: str
    inside: str  # where this machine reaches the web server, whatever the address
    port: int
    environment: dict[str, str]
    children: list[Child] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, name: str, *command: str, store: bool = False, insist: bool = False) -> None:
        self.children.append(Child(name, command, self.environment, store=store, insist=insist))


def make_plan(checkout: Checkout, state: Path, values: Mapping[str, str], wishes: Wishes) -> Plan:
    """Choose everything and write the configuration files; CannotGoOn if something is in the way."""
    port = web_port(wishes.port, host=wishes.host)
    inside = LOOPBACK if wishes.host in {*LOCAL_NAMES, EVERYWHERE} else wishes.host
    address = values.get("NONZA_BASE_URL") or f"http://{'localhost' if inside == LOOPBACK else inside}:{port}"
    plan = Plan(
        address=address,
        inside=f"http://{inside}:{port}",
        port=port,
        environment=_environment(values, state, address),
    )
    if _is_elsewhere(wishes.host, address):
        plan.remarks.append(NEEDS_HTTPS)
    _add_redis(plan, state, values, wishes)
    check_database(plan.environment["NONZA_DATABASE_URL"])
    _add_media(plan, checkout, state, values, wishes)
    plan.add("web", *_web(wishes.host, port))
    plan.add("worker", *_worker(state))
    return plan


def _environment(values: Mapping[str, str], state: Path, address: str) -> dict[str, str]:
    return {
        **values,
        "DJANGO_SETTINGS_MODULE": "nonza.settings.dev",
        "NONZA_BASE_URL": address,
        "NONZA_DATABASE_URL": values.get("NONZA_DATABASE_URL") or f"sqlite:///{state / 'db.sqlite3'}",
        "NONZA_STATE_DIR": str(state),
        "PYTHONUNBUFFERED": "1",
        # In a container everybody is root, and the worker takes nothing but JSON.
        "PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges",
    }


def _is_elsewhere(host: str, address: str) -> bool:
    parts = urlsplit(address)
    return host not in LOCAL_NAMES or (parts.scheme == "http" and parts.hostname not in LOCAL_NAMES)


def _web(host: str, port: int) -> tuple[str, ...]:
    daphne = (
        sys.executable,
        "-m",
        "daphne",
        "--bind",
        host,
        "--port",
        str(port),
        "--application-close-timeout",
        "2",
    )
    return (*daphne, "--no-server-name", "nonza.asgi:application")


def _worker(state: Path) -> tuple[str, ...]:
    celery = (sys.executable, "-m", "celery", "--quiet", "--app", "nonza.celery", "worker")
    alone = ("--beat", "--pool", "solo", "--without-gossip", "--without-mingle")
    return (*celery, *alone, "--schedule", str(state / "beat-schedule"))


def _add_redis(plan: Plan, state: Path, values: Mapping[str, str], wishes: Wishes) -> None:
    service = redis_service(values, state, inner_port(wishes.redis_port, not_these=frozenset({plan.port})))
    plan.environment["NONZA_REDIS_URL"] = service.url
    if service.command:
        plan.add("redis", *service.command, store=True)
    if service.words:
        plan.remarks.append(service.words)


def check_database(url: str) -> None:
    """CannotGoOn with one sentence if a named database server does not answer."""
    parts = urlsplit(url)
    if parts.hostname and not answers(parts.hostname, parts.port or 5432):
        raise CannotGoOn(
            f"NONZA_DATABASE_URL names a database at {parts.hostname}:{parts.port or 5432} that does not "
            "answer: start it, mend the address, or unset NONZA_DATABASE_URL and Nonza uses a file."
        )


def _add_media(
    plan: Plan, checkout: Checkout, state: Path, values: Mapping[str, str], wishes: Wishes
) -> None:
    if url := values.get("NONZA_LIVEKIT_URL"):
        plan.remarks.extend(trouble_with(url, values))
        return
    ports = choose_media_ports(wishes, not_these=frozenset({plan.port}))
    plan.environment["NONZA_LIVEKIT_URL"] = f"http://{LOOPBACK}:{ports.http}"
    plan.environment.setdefault("NONZA_LIVEKIT_PUBLIC_URL", f"ws://{LOOPBACK}:{ports.http}")
    found = find_or_get(checkout, values)
    if found.program is None:
        plan.remarks.append(found.sentence())
        return
    configuration = write_media_configuration(state, values, ports, plan.inside)
    plan.add("livekit", str(found.program), "--config", str(configuration), store=True, insist=True)


def choose_media_ports(wishes: Wishes, *, not_these: frozenset[int] = frozenset()) -> MediaPorts:
    http = inner_port(wishes.livekit_port, not_these=not_these)
    tcp = inner_port(wishes.livekit_tcp_port, not_these=not_these | {http})
    return MediaPorts(http=http, tcp=tcp, udp=inner_port(wishes.livekit_udp_port, kind=socket.SOCK_DGRAM))


def write_media_configuration(state: Path, values: Mapping[str, str], ports: MediaPorts, web: str) -> Path:
    key, secret = values["NONZA_LIVEKIT_API_KEY"], values["NONZA_LIVEKIT_API_SECRET"]
    path = state / "livekit.yaml"
    write_private(path, livekit_yaml(ports, key=key, secret=secret, web=web))
    return path
