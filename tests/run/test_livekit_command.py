"""`manage.py livekit` becomes the media server, configured as `make run` would."""

import os
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from nonza.run.console import CannotGoOn
from nonza.run.media.find import Found
from sessions.management.commands import livekit


@pytest.fixture
def became(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    commands: list[list[str]] = []
    monkeypatch.setattr(livekit, "STATE", tmp_path)
    monkeypatch.setattr(livekit, "find_or_get", lambda *_: Found(Path("/opt/livekit-server")))
    monkeypatch.setattr(os, "execv", lambda _program, arguments: commands.append(arguments))
    return commands


def test_it_starts_the_server_with_its_configuration(became: list[list[str]], tmp_path: Path) -> None:
    call_command("livekit", "--port", "17880", "--web-port", "8003")
    assert became == [["/opt/livekit-server", "--config", str(tmp_path / "livekit.yaml")]]
    text = (tmp_path / "livekit.yaml").read_text()
    assert "port: 17880" in text
    assert "http://127.0.0.1:8003/api/v1/livekit/webhook/" in text


def test_missing_program_is_told(became: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(livekit, "find_or_get", lambda *_: Found(None, ("Go is not installed",)))
    with pytest.raises(CommandError, match="Go is not installed"):
        call_command("livekit")
    assert became == []


def test_bad_setting_is_told(became: list[list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Found:
        raise CannotGoOn("mend the path")

    monkeypatch.setattr(livekit, "find_or_get", refuse)
    with pytest.raises(CommandError, match="mend the path"):
        call_command("livekit")
    assert became == []
