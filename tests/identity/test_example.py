"""The script that the documentation offers works as it stands."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from identity.models import User
from identity.services.tokens import create_token
from sessions.models import Session

SCRIPT = Path(__file__).parents[2] / "docs" / "examples" / "create_session.py"


def run(site: str, key: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SCRIPT), site, "Weekly call"],
        env={"NONZA_TOKEN": key},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def user(transactional_db: None) -> User:
    return User.objects.create_user("alice@example.org", display_name="Alice")


def test_script_starts_a_session_and_prints_its_link(user: User, live_server: Any) -> None:
    _token, key = create_token(actor=user, name="Script", scopes=["sessions"])
    finished = run(live_server.url, key)
    assert finished.returncode == 0, finished.stderr
    session = Session.objects.get()
    assert session.title == "Weekly call"
    assert finished.stdout.strip().endswith(f"/session/{session.slug}/")
    assert session.participants.get().user == user


def test_script_says_why_it_was_refused(user: User, live_server: Any) -> None:
    _token, key = create_token(actor=user, name="Script", scopes=["read"])
    finished = run(live_server.url, key)
    assert finished.returncode == 1
    assert "This API token may not do that." in finished.stderr
    assert not Session.objects.exists()
