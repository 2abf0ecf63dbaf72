"""A start chooses its ports, its parts and its sentences by what the machine has and what is asked."""

import os
import socket
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from nonza.run import environment, plan
from nonza.run.console import CannotGoOn
from nonza.run.media.config import MediaPorts, livekit_yaml
from nonza.run.media.find import Found
from nonza.run.plan import Plan, Wishes, make_plan
from nonza.run.ports import free_port, inner_port, web_port
from nonza.run.steps import Checkout

ANY_PORTS = Wishes(port=0, redis_port=0, livekit_port=0, livekit_tcp_port=0, livekit_udp_port=0)
VALUES = {"NONZA_LIVEKIT_API_KEY": "key", "NONZA_LIVEKIT_API_SECRET": "s" * 32, "NONZA_SECRET_KEY": "x"}


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "find_or_get", lambda *_: Found(Path("/opt/livekit-server")))


def planned(tmp_path: Path, wishes: Wishes = ANY_PORTS, **values: str) -> Plan:
    return make_plan(Checkout(tmp_path), tmp_path, {**VALUES, "PATH": str(tmp_path), **values}, wishes)


def children(made: Plan) -> dict[str, tuple[str, ...]]:
    return {child.name: tuple(child.command) for child in made.children}


def test_taken_port_is_told_with_another_one(taken: int) -> None:
    with pytest.raises(CannotGoOn, match=rf"Port {taken} is taken .* `make run PORT=\d+`"):
        web_port(taken)


@pytest.mark.parametrize("port", [-1, 65536, 700000])
def test_number_that_is_no_port_is_told(port: int) -> None:
    with pytest.raises(CannotGoOn, match="is not a port"):
        web_port(port)


def test_inner_port_gives_way_to_a_free_one(taken: int) -> None:
    usual = free_port()
    assert inner_port(usual) == usual
    assert inner_port(taken) != taken
    assert inner_port(usual, not_these=frozenset({usual})) != usual


def test_secrets_are_made_once_for_their_owner_only(tmp_path: Path) -> None:
    state = tmp_path / "state"
    environment.make_state(state)
    file = state / "embedded.env"
    first = file.read_text()
    environment.make_state(state)
    assert file.read_text() == first
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(state.stat().st_mode) == 0o700
    values = environment.read(tmp_path, state)
    assert len(values["NONZA_SECRET_KEY"]) >= 50
    assert len(values["NONZA_LIVEKIT_API_SECRET"]) >= 32
    assert values["NONZA_LIVEKIT_API_KEY"].startswith("nonza-")


def test_two_machines_have_different_secrets(tmp_path: Path) -> None:
    for name in ("one", "two"):
        environment.make_state(tmp_path / name)
    one, two = (environment.read(tmp_path, tmp_path / name) for name in ("one", "two"))
    names = ("NONZA_SECRET_KEY", "NONZA_LIVEKIT_API_KEY", "NONZA_LIVEKIT_API_SECRET")
    assert all(one[name] != two[name] for name in names)


def test_process_environment_wins_over_file_over_generated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment.make_state(tmp_path)
    generated = environment.read(tmp_path, tmp_path)["NONZA_SECRET_KEY"]
    (tmp_path / ".env").write_text("NONZA_SECRET_KEY=of-the-file\nNONZA_LIVEKIT_API_KEY=of-the-file\n")
    assert environment.read(tmp_path, tmp_path)["NONZA_SECRET_KEY"] == "of-the-file"
    monkeypatch.setenv("NONZA_SECRET_KEY", "of-the-process")
    assert environment.read(tmp_path, tmp_path)["NONZA_SECRET_KEY"] == "of-the-process"
    monkeypatch.setenv("NONZA_SECRET_KEY", "")
    (tmp_path / ".env").unlink()
    assert environment.read(tmp_path, tmp_path)["NONZA_SECRET_KEY"] == generated


def test_media_is_configured_for_this_machine_alone() -> None:
    text = livekit_yaml(
        MediaPorts(http=7880, tcp=7881, udp=7882), key="key", secret="s" * 32, web="http://127.0.0.1:8001"
    )
    lines = [line.strip() for line in text.splitlines()]
    for line in (
        "port: 7880",
        'bind_addresses: ["127.0.0.1"]',
        "udp_port: 7882",
        "tcp_port: 7881",
        "use_external_ip: false",
        "node_ip: 127.0.0.1",
        "enable_loopback_candidate: true",
        'includes: ["127.0.0.1/32"]',
        'stun_servers: ["127.0.0.1:3478"]',
        "auto_create: false",
        "enable_remote_unmute: false",
        f'"key": "{"s" * 32}"',
        'api_key: "key"',
        'urls: ["http://127.0.0.1:8001/api/v1/livekit/webhook/"]',
    ):
        assert line in lines


@pytest.mark.parametrize(
    ("key", "secret", "words"),
    [("key", "short", "asks for 32"), ("key", 'a"' * 20, "no quotes"), ("a:b", "s" * 32, "no colon")],
)
def test_secret_that_media_could_not_use_is_told(key: str, secret: str, words: str) -> None:
    with pytest.raises(CannotGoOn, match=words):
        livekit_yaml(MediaPorts(1, 2, 3), key=key, secret=secret, web="http://127.0.0.1:1")


@pytest.mark.usefixtures("found")
def test_bare_machine_gets_every_part(tmp_path: Path) -> None:
    made = planned(tmp_path)
    assert list(children(made)) == ["redis", "livekit", "web", "worker"]
    assert children(made)["redis"][1:3] == ("-m", "nonza.run.fake_redis")
    assert any("no Redis 7" in remark for remark in made.remarks)
    assert made.address == f"http://localhost:{made.port}"
    given = made.environment
    assert given["NONZA_DATABASE_URL"] == f"sqlite:///{tmp_path}/db.sqlite3"
    assert given["NONZA_LIVEKIT_PUBLIC_URL"].startswith("ws://127.0.0.1:")
    assert given["NONZA_BASE_URL"] == made.address
    assert given["DJANGO_SETTINGS_MODULE"] == "nonza.settings.dev"
    assert stat.S_IMODE((tmp_path / "livekit.yaml").stat().st_mode) == 0o600


@pytest.mark.usefixtures("found")
@pytest.mark.parametrize("name", ["redis-server", "valkey-server"])
def test_redis_of_the_machine_is_private(tmp_path: Path, name: str) -> None:
    program = tmp_path / name
    program.write_text("#!/bin/sh\necho Redis server v=7.2.1\n")
    program.chmod(0o755)
    made = planned(tmp_path)
    assert children(made)["redis"] == (str(program), str(tmp_path / "redis.conf"))
    text = (tmp_path / "redis.conf").read_text()
    password = text.split("requirepass ")[1].split()[0]
    assert f":{password}@127.0.0.1:" in made.environment["NONZA_REDIS_URL"]
    assert 'save ""' in text
    assert stat.S_IMODE((tmp_path / "redis.conf").stat().st_mode) == 0o600


@pytest.mark.usefixtures("found")
def test_old_redis_of_the_machine_is_not_used(tmp_path: Path) -> None:
    program = tmp_path / "redis-server"
    program.write_text("#!/bin/sh\necho Redis server v=6.0.16\n")
    program.chmod(0o755)
    assert "nonza.run.fake_redis" in children(planned(tmp_path))["redis"]


@pytest.mark.parametrize(
    ("name", "url", "words"),
    [
        (
            "NONZA_REDIS_URL",
            "redis://:hidden@127.0.0.1:{}/0",
            "names a Redis at 127.0.0.1:{} that does not answer",
        ),
        ("NONZA_DATABASE_URL", "postgres://a:hidden@127.0.0.1:{}/b", "names a database at 127.0.0.1:{} that"),
    ],
)
@pytest.mark.usefixtures("found")
def test_named_store_that_does_not_answer_stops_the_start(
    tmp_path: Path, name: str, url: str, words: str
) -> None:
    port = free_port()
    with pytest.raises(CannotGoOn) as caught:
        planned(tmp_path, **{name: url.format(port)})
    assert f"{name} {words.format(port)}" in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_named_media_server_is_used_and_none_is_started(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{free_port()}"
    made = planned(tmp_path, NONZA_LIVEKIT_URL=url)
    assert "livekit" not in children(made)
    assert made.environment["NONZA_LIVEKIT_URL"] == url
    assert any(
        "that does not answer" in remark and "everything else works" in remark for remark in made.remarks
    )


def test_start_without_a_media_server_goes_on_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plan, "find_or_get", lambda *_: Found(None, ("Go is not installed",)))
    made = planned(tmp_path)
    assert "livekit" not in children(made)
    assert "worker" in children(made)
    assert any("No LiveKit server could be had (Go is not installed)" in remark for remark in made.remarks)
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", int(made.environment["NONZA_LIVEKIT_URL"].rpartition(":")[2])))


@pytest.mark.usefixtures("found")
@pytest.mark.parametrize(
    ("wishes", "values", "warned"),
    [
        ({}, {}, False),
        ({"host": "0.0.0.0"}, {}, True),  # noqa: S104 -- it is what is warned of
        ({}, {"NONZA_BASE_URL": "http://10.0.0.5:8000"}, True),
        ({}, {"NONZA_BASE_URL": "https://calls.example.org"}, False),
    ],
)
def test_network_address_is_told_what_browsers_need(
    tmp_path: Path, wishes: dict[str, str], values: dict[str, str], warned: bool
) -> None:
    asked = Wishes(**{**vars(ANY_PORTS), **wishes})
    made = planned(tmp_path, asked, **values)
    assert (
        any("only on https" in remark and "make run HTTPS=1" in remark for remark in made.remarks) is warned
    )


@pytest.mark.usefixtures("found")
@pytest.mark.parametrize(
    ("host", "address", "inside"),
    [
        ("127.0.0.1", "http://localhost:", "http://127.0.0.1:"),
        ("0.0.0.0", "http://localhost:", "http://127.0.0.1:"),  # noqa: S104 -- it is what is asked for
        ("127.0.0.2", "http://127.0.0.2:", "http://127.0.0.2:"),
    ],
)
def test_printed_address_is_one_that_answers(tmp_path: Path, host: str, address: str, inside: str) -> None:
    made = planned(tmp_path, Wishes(**{**vars(ANY_PORTS), "host": host}))
    assert made.address == f"{address}{made.port}"
    assert made.inside == f"{inside}{made.port}"
    assert f"{inside}{made.port}/api/v1/livekit/webhook/" in (tmp_path / "livekit.yaml").read_text()


@pytest.mark.usefixtures("found")
def test_nothing_of_the_plan_names_the_secrets_on_a_command_line(tmp_path: Path) -> None:
    made = planned(tmp_path)
    words = " ".join(" ".join(command) for command in children(made).values())
    assert VALUES["NONZA_LIVEKIT_API_SECRET"] not in words
    assert os.environ.get("NONZA_SECRET_KEY", "\0") not in words
