"""Production refuses to start on anything insecure."""

import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

from nonza.env import ROOT, Env
from nonza.settings.guard import refuse_insecure

SOUND = {
    "NONZA_SECRET_KEY": "kX3v9Qd27mPzR5tLw8YbNc4JhF6GsA1eUoViBgTyDxKzMqWpSrHn",
    "NONZA_LIVEKIT_API_SECRET": "r7Zq2LmX9vTc4Nw8HsKd3PyBj6FgRe5U",
    "NONZA_LIVEKIT_API_KEY": "APInonza",
    "NONZA_BASE_URL": "https://calls.example",
    "NONZA_DATABASE_URL": "postgres://nonza@127.0.0.1:1/nonza",
    "NONZA_LIVEKIT_PUBLIC_URL": "wss://media.calls.example",
    "NONZA_DEBUG": "0",
}
BROKEN = [
    ("NONZA_SECRET_KEY", ""),
    ("NONZA_SECRET_KEY", "changeme"),
    ("NONZA_SECRET_KEY", "secret"),
    ("NONZA_SECRET_KEY", "k" * 31),
    ("NONZA_SECRET_KEY", "ключ" * 3),
    ("NONZA_SECRET_KEY", "a" * 64),
    ("NONZA_SECRET_KEY", "changeme" * 6),
    ("NONZA_SECRET_KEY", SOUND["NONZA_LIVEKIT_API_SECRET"]),
    ("NONZA_LIVEKIT_API_SECRET", ""),
    ("NONZA_LIVEKIT_API_SECRET", "secret"),
    ("NONZA_LIVEKIT_API_SECRET", "SECRET"),
    ("NONZA_LIVEKIT_API_SECRET", "devkey"),
    ("NONZA_LIVEKIT_API_SECRET", "r7Zq2LmX9vTc4Nw8HsKd3PyBj6FgRe5"),
    ("NONZA_LIVEKIT_API_SECRET", "password" * 5),
    ("NONZA_LIVEKIT_API_SECRET", SOUND["NONZA_SECRET_KEY"]),
    ("NONZA_LIVEKIT_API_KEY", "devkey"),
    ("NONZA_LIVEKIT_API_KEY", "DevKey"),
    ("NONZA_LIVEKIT_PUBLIC_URL", ""),
    ("NONZA_LIVEKIT_PUBLIC_URL", "ws://media.calls.example"),
    ("NONZA_DEBUG", "1"),
    ("NONZA_DEBUG", "true"),
    ("NONZA_ALLOWED_HOSTS", "*"),
    ("NONZA_ALLOWED_HOSTS", "calls.example, *"),
    ("NONZA_BASE_URL", ""),
    ("NONZA_BASE_URL", "http://calls.example"),
    ("NONZA_BASE_URL", "http://localhost:8000"),
    ("NONZA_CORS_ORIGINS", "http://friend.example"),
    ("NONZA_DATABASE_URL", ""),
    ("NONZA_DATABASE_URL", "sqlite:///db.sqlite3"),
]


@pytest.fixture
def sound(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    for name in Env.model_fields:
        monkeypatch.delenv(f"NONZA_{name.upper()}", raising=False)
    for name, value in SOUND.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_sound_environment_is_accepted(sound: pytest.MonkeyPatch) -> None:
    refuse_insecure(Env())


def test_twenty_ways_of_being_insecure_are_known() -> None:
    assert len(set(BROKEN)) >= 20


@pytest.mark.parametrize(("name", "value"), BROKEN)
def test_insecure_variable_is_refused_by_its_name(sound: pytest.MonkeyPatch, name: str, value: str) -> None:
    sound.setenv(name, value)
    with pytest.raises(ImproperlyConfigured, match=name) as refusal:
        refuse_insecure(Env())
    assert SOUND["NONZA_LIVEKIT_API_SECRET"] not in str(refusal.value)


def test_all_faults_are_named_together(sound: pytest.MonkeyPatch) -> None:
    broken = {
        "NONZA_SECRET_KEY": "secret",
        "NONZA_DEBUG": "1",
        "NONZA_BASE_URL": "http://calls.example",
        "NONZA_ALLOWED_HOSTS": "*",
    }
    for name, value in broken.items():
        sound.setenv(name, value)
    with pytest.raises(ImproperlyConfigured) as refusal:
        refuse_insecure(Env())
    assert all(name in str(refusal.value) for name in broken)


def test_production_starts_with_a_sound_environment() -> None:
    finished = _check_deploy()
    assert finished.returncode == 0, finished.stderr
    assert "no issues" in finished.stdout


def test_production_does_not_start_with_a_secret_that_is_known() -> None:
    finished = _check_deploy(NONZA_LIVEKIT_API_SECRET="secret")
    assert finished.returncode != 0
    assert "NONZA_LIVEKIT_API_SECRET" in finished.stderr


def test_production_names_a_variable_that_cannot_be_read() -> None:
    finished = _check_deploy(NONZA_TRUSTED_PROXIES="many")
    assert finished.returncode != 0
    assert "NONZA_TRUSTED_PROXIES" in finished.stderr


def _check_deploy(**changes: str) -> "subprocess.CompletedProcess[str]":
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NONZA_")}
    environment = {
        **kept,
        **SOUND,
        "NONZA_STATE_DIR": os.environ["NONZA_STATE_DIR"],
        "NONZA_ENV_FILE": os.devnull,
        "DJANGO_SETTINGS_MODULE": "nonza.settings.prod",
        **changes,
    }
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
