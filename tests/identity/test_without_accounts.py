"""NONZA_ACCOUNTS=off: sessions by link and nothing else, in pages, API and sockets."""

import json
import os
import subprocess
import sys
from functools import cache
from typing import Any

import pytest

from nonza.env import ROOT

# Addresses are decided when Django starts, so a process of its own looks at them.
LOOK = """
import json, sys
import django
django.setup()
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment
from django.conf import settings
setup_test_environment()
call_command("migrate", verbosity=0)
browser = Client()
seen = {path: browser.get(path).status_code for path in json.loads(sys.argv[1])}
started = browser.post("/", {"display_name": "Marta"})
seen["start"] = started.status_code
seen["session"] = browser.get(started["Location"]).status_code
schema = browser.get("/api/v1/schema/", headers={"Accept": "application/json"}).json()
seen["api"] = sorted({path.split("/")[3] for path in schema["paths"]})
from nonza.routing import patterns
seen["sockets"] = sorted(str(pattern.pattern) for pattern in patterns)
seen["front"] = browser.get("/").content.decode()
from identity.models import User
from identity.services.tokens import create_token
root = User.objects.create_superuser("root@example.org", "kX3v9Qd27mPz")
operator = Client()
operator.force_login(root)
place = operator.post("/", {"display_name": "Marta"})["Location"]
me = operator.get(f"/api/v1/sessions/{place.split('/')[2]}/").json()["me"]
seen["operator"] = me and me["role"]
token, key = create_token(actor=root, name="Key", scopes=["read", "sessions"])
bearer = {"Authorization": f"Bearer {key}"}
seen["token"] = browser.post("/api/v1/sessions/", {}, "application/json", headers=bearer).status_code
if settings.ADMIN_NEEDS_MFA:
    seen["admin"] = browser.get("/admin/").status_code
else:
    form = {"username": "root@example.org", "password": "kX3v9Qd27mPz"}
    for _ in range(4):
        browser.post("/admin/login/", {**form, "password": "x"})
    seen["admin"] = browser.post("/admin/login/?next=/admin/", form).status_code
    seen["sixth"] = browser.post("/admin/login/", form).status_code
print("SEEN" + json.dumps(seen))
"""
ABSENT = [
    "/login/", "/login/code/", "/logout/", "/profile/", "/account/2fa/", "/account/google/login/",
    "/account/inactive/", "/api/v1/identity/profile/", "/api/v1/identity/tokens/", "/api/v1/spaces/",
    "/api/v1/notifications/", "/welcome/", "/spaces/new/", "/notifications/", "/invite/abc/",
]  # fmt: skip


@cache
def look(needs_mfa: bool, folder: str) -> dict[str, Any]:
    environment = os.environ | {
        "NONZA_ACCOUNTS": "off",
        "NONZA_DATABASE_URL": f"sqlite:///{folder}/{needs_mfa}.sqlite3",
        "PYTHONPATH": str(ROOT),
    }
    settings = "import nonza.settings.test as s; s.ADMIN_NEEDS_MFA = True\n" if needs_mfa else ""
    finished = subprocess.run(
        [sys.executable, "-c", settings + LOOK, json.dumps(ABSENT)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    return dict(json.loads(finished.stdout.partition("SEEN")[2]))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("anonymous"))


def test_nothing_of_accounts_has_an_address(folder: str) -> None:
    seen = look(needs_mfa=False, folder=folder)
    assert {path: seen[path] for path in ABSENT} == dict.fromkeys(ABSENT, 404)
    assert set(seen["api"]) <= {"sessions", "tickets", "livekit", "schema"}
    assert not [path for path in seen["sockets"] if path.startswith(("ws/me", "ws/spaces"))]


def test_front_page_offers_a_session_and_no_login(folder: str) -> None:
    seen = look(needs_mfa=False, folder=folder)
    assert (seen["start"], seen["session"]) == (302, 200)
    assert "/login/" not in seen["front"]
    assert "/profile/" not in seen["front"]


def test_login_that_is_still_about_makes_nobody_a_user(folder: str) -> None:
    assert look(needs_mfa=False, folder=folder)["operator"] == "host"


def test_no_token_is_taken(folder: str) -> None:
    assert look(needs_mfa=False, folder=folder)["token"] == 401


def test_operator_comes_into_the_admin_by_password_which_is_limited(folder: str) -> None:
    seen = look(needs_mfa=False, folder=folder)
    assert (seen["admin"], seen["sixth"]) == (302, 429)


def test_production_opens_no_admin_without_a_second_factor(folder: str) -> None:
    assert look(needs_mfa=True, folder=folder)["admin"] == 404
