"""The environment: read once, wrong in one clear message."""

import re

import pytest

from nonza.env import ROOT, STATE, BadEnvironment, Env, Rate, read_env

EXAMPLE = (ROOT / ".env.example").read_text()


@pytest.fixture(autouse=True)
def _bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No variable but those of the test."""
    for name in Env.model_fields:
        monkeypatch.delenv(f"NONZA_{name.upper()}", raising=False)


def test_every_bad_variable_is_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    bad = {
        "NONZA_BASE_URL": "example.org",
        "NONZA_DEBUG": "perhaps",
        "NONZA_TRUSTED_PROXIES": "many",
        "NONZA_DATABASE_URL": "mysql://db/nonza",
        "NONZA_REDIS_URL": "127.0.0.1:6379",
        "NONZA_LIVEKIT_URL": "livekit.example",
        "NONZA_LIVEKIT_PUBLIC_URL": "ftp://livekit.example",
        "NONZA_CORS_ORIGINS": "https://friend.example, *",
        "NONZA_MAX_PARTICIPANTS": "201",
        "NONZA_JOIN_TOKEN_SECONDS": "5",
        "NONZA_RATE_SESSION": "often",
        "NONZA_SOCKETS_PER_IP": "0",
    }
    for name, value in bad.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(BadEnvironment) as refusal:
        read_env()
    assert set(re.findall(r"^(NONZA_\w+): .", str(refusal.value), re.MULTILINE)) == set(bad)


def test_message_about_a_bad_variable_holds_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NONZA_REDIS_URL", "//:hunter2@redis.example")
    monkeypatch.setenv("NONZA_SECRET_KEY", "canary-key")
    with pytest.raises(BadEnvironment) as refusal:
        read_env()
    assert "hunter2" not in str(refusal.value)
    assert "canary-key" not in repr(read_env(redis_url="redis://localhost")), "a printed Env is safe, too"


@pytest.mark.parametrize(
    ("text", "rates"),
    [
        ("10/min", (Rate(10, 60),)),
        ("10/min, 60/h", (Rate(10, 60), Rate(60, 3600))),
        ("10/min,60/h", (Rate(10, 60), Rate(60, 3600))),
        ("3/5min", (Rate(3, 300),)),
        ("5/s", (Rate(5, 1),)),
        (" 1/2h ", (Rate(1, 7200),)),
    ],
)
def test_rates_are_written_as_people_say_them(
    monkeypatch: pytest.MonkeyPatch, text: str, rates: tuple[Rate, ...]
) -> None:
    monkeypatch.setenv("NONZA_RATE_SESSION", text)
    assert read_env().rate_session == rates


@pytest.mark.parametrize(
    "text", ["0/min", "10", "10/day", "/min", "-1/min", "1.5/min", "10/0min", "10/min 5", "10 / min", ",,"]
)
def test_rate_that_says_nothing_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("NONZA_RATE_SESSION", text)
    with pytest.raises(BadEnvironment, match="NONZA_RATE_SESSION"):
        read_env()


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("https://friend.example", ["https://friend.example"]),
        ("https://Friend.Example/", ["https://friend.example"]),
        ("https://friend.example:443", ["https://friend.example"]),
        ("https://friend.example:4430", ["https://friend.example:4430"]),
        ("http://friend.example:80", ["http://friend.example"]),
        ("http://friend.example:8080", ["http://friend.example:8080"]),
        ("http://[::1]:3000", ["http://[::1]:3000"]),
        ("https://a.example, https://b.example", ["https://a.example", "https://b.example"]),
        ("https://a.example https://b.example", ["https://a.example", "https://b.example"]),
    ],
)
def test_origins_are_kept_as_browsers_write_them(
    monkeypatch: pytest.MonkeyPatch, text: str, origins: list[str]
) -> None:
    monkeypatch.setenv("NONZA_CORS_ORIGINS", text)
    assert read_env().cors_origins == origins


@pytest.mark.parametrize(
    "text",
    [
        "*", "null", "friend.example", "//friend.example", "ftp://friend.example", "https://",
        "https://*.example", "https://friend.example/path", "https://friend.example?x=1",
        "https://friend.example#top", "https://me@friend.example", "https://friend.example:port",
        "https://friend.example\nhttps://[", "javascript:alert(1)", "https://пример.рф",
    ],
)  # fmt: skip
def test_what_is_no_exact_origin_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setenv("NONZA_CORS_ORIGINS", text)
    with pytest.raises(BadEnvironment, match="NONZA_CORS_ORIGINS"):
        read_env()


def test_empty_variable_counts_as_absent(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Env.model_fields:
        monkeypatch.setenv(f"NONZA_{name.upper()}", "")
    assert read_env() == Env.model_construct()


def test_process_comes_before_dot_env_and_that_before_generated_secrets(
    monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    generated, own = tmp_path / "embedded.env", tmp_path / ".env"  # type: ignore[operator]
    generated.write_text("NONZA_SECRET_KEY=generated\nNONZA_REDIS_URL=redis://generated\nNONZA_DEBUG=1\n")
    own.write_text("NONZA_SECRET_KEY=own\nNONZA_REDIS_URL=redis://own\n")
    monkeypatch.setenv("NONZA_SECRET_KEY", "process")
    read = Env(_env_file=(generated, own))  # type: ignore[call-arg]
    assert read.secret_key.get_secret_value() == "process"
    assert read.redis_url == "redis://own"
    assert read.debug is True


@pytest.mark.parametrize(
    ("livekit", "public", "addresses"),
    [
        ("http://media:7880", "", ("http://media:7880", "ws://media:7880")),
        ("http://media:7880", "wss://m.example", ("https://m.example", "wss://m.example")),
        ("wss://x.livekit.cloud", "", ("https://x.livekit.cloud", "wss://x.livekit.cloud")),
        (
            "http://media:7880",
            "https://n.example/media/",
            ("https://n.example/media", "wss://n.example/media"),
        ),
    ],
)
def test_browsers_get_both_addresses_of_the_media_server(
    livekit: str, public: str, addresses: tuple[str, str]
) -> None:
    read = read_env(livekit_url=livekit, livekit_public_url=public)
    assert read.media_addresses() == addresses
    assert read.livekit_http_url().startswith("http")


def test_policy_allows_what_lies_below_the_address_of_the_media_server() -> None:
    read = read_env(livekit_public_url="https://n.example/media/")
    assert read.media_origins() == ["https://n.example", "wss://n.example"]


def test_example_names_every_variable_once_and_no_other() -> None:
    named = re.findall(r"^#(NONZA_\w+)=", EXAMPLE, re.MULTILINE)
    assert sorted(named) == sorted(f"NONZA_{name.upper()}" for name in Env.model_fields)


def test_example_explains_every_variable() -> None:
    lines = EXAMPLE.splitlines()
    for number, line in enumerate(lines):
        if line.startswith("#NONZA_"):
            assert re.match(r"# [A-Z].+\.$", lines[number - 1]), line


def test_example_shows_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = dict(re.findall(r"^#(NONZA_\w+)=(.*)$", EXAMPLE, re.MULTILINE))
    for name, value in shown.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("NONZA_DATABASE_URL", f"sqlite:///{STATE / 'db.sqlite3'}")
    assert read_env() == Env.model_construct()
    assert shown["NONZA_DATABASE_URL"] == "sqlite:///.nonza/db.sqlite3"
