"""Nonza without its app for what is written: it boots, and people call each other."""

import os
import subprocess
import sys
from pathlib import Path

from nonza.env import ROOT

# Runs in a Python of its own: whether an app is installed is decided once.
SCRIPT = """
import secrets, sys
import django
django.setup()
from django.core.management import call_command
from django.test import Client
from django.test.utils import setup_test_environment
call_command("migrate", verbosity=0)
call_command("check")
setup_test_environment()
from identity.models import User
from sessions import livekit
from spaces.models import Membership, Space

livekit.make_room = lambda room: None

def send(browser, method, path, body=None):
    answer = getattr(browser, method)("/api/v1/" + path, body or {}, content_type="application/json")
    assert answer.status_code < 300, (path, answer.status_code, answer.content)
    return answer

host, guest = Client(), Client()
slug = send(host, "post", "sessions/", {"display_name": "Marta"}).json()["session"]["slug"]
send(host, "post", f"sessions/{slug}/join/", {"display_name": "Marta"})
assert send(host, "post", f"sessions/{slug}/token/").json()["token"]
send(guest, "post", f"sessions/{slug}/join/", {"display_name": "Dana"})
assert host.get(f"/session/{slug}/").status_code == 200
assert guest.get(f"/api/v1/sessions/{slug}/messages/").status_code == 404
send(guest, "post", f"sessions/{slug}/leave/")
send(host, "patch", f"sessions/{slug}/", {"locked": True})
send(host, "post", f"sessions/{slug}/end/")
assert send(host, "get", f"sessions/{slug}/statistics/").json()["extra"] == {}
send(host, "delete", f"sessions/{slug}/")

user = User.objects.create_user("alice@example.org", display_name="Alice")
space = Space.objects.create(name="Ferries")
Membership.objects.create(space=space, user=user, role="owner")
alice = Client()
alice.force_login(user)
send(alice, "post", f"spaces/{space.pk}/channels/", {"name": "Galley", "type": "voice"})
refused = alice.post(
    f"/api/v1/spaces/{space.pk}/channels/", {"name": "deck", "type": "text"}, content_type="application/json"
)
assert refused.json()["code"] == "channel_type_not_offered", refused.content
for page in ("", "settings/", "members/", "statistics/"):
    answer = alice.get(f"/spaces/{space.pk}/{page}")
    assert answer.status_code == 200, page
    assert b"/reports/" not in answer.content
assert alice.get(f"/spaces/{space.pk}/reports/").status_code == 404

schema = alice.get("/api/v1/schema/?format=json").content.decode()
assert "/sessions/{slug}/join/" in schema
assert "/messages/" not in schema
import nonza.asgi, nonza.celery, nonza.routing
loaded = sorted(name for name in sys.modules if name == "chat" or name.startswith("chat."))
assert loaded == [], loaded
print("fine")
"""


def test_nonza_works_without_it(tmp_path: Path) -> None:
    surroundings = {
        **os.environ,
        "NONZA_CHAT": "off",
        "NONZA_STATE_DIR": str(tmp_path),
        "NONZA_DATABASE_URL": f"sqlite:///{tmp_path / 'db.sqlite3'}",
    }
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.endswith("fine\n"), done.stderr
