"""Nonza without its app for what is written: it boots, and people call each other."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from django.db import connection

from chat.models import Message, Reaction
from nonza import leftovers
from nonza.env import ROOT
from spaces.models import Channel, Space
from tests.factories import make_channel
from tests.helpers import Person

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


WRITTEN = """
import django
django.setup()
from uuid import uuid4
from django.core.management import call_command
call_command("migrate", verbosity=0)
from chat.models import Attachment, LogEvent, Mention, Message, ReadMark, SessionTally, SpaceLog
from identity.models import User
from sessions.models import Session
from spaces.models import Channel, Membership, Space

alice, bob = (User.objects.create_user(f"{name}@example.org") for name in ("alice", "bob"))
Membership.objects.create(space=Space.objects.create(name="Own"), user=alice, role="owner")
space = Space.objects.create(name="Ferries")
Membership.objects.create(space=space, user=alice, role="owner")
session = Session.objects.create(title="Morning", space=space)
SessionTally.objects.create(session=session, messages=3)
channel = Channel.objects.create(space=space, name="deck", type="text")
message = Message.objects.create(channel=channel, offset=1, author=bob, client_id=uuid4(), text="Ahoy")
Message.objects.create(channel=channel, offset=2, author=alice, client_id=uuid4(), reply_to=message)
Mention.objects.create(message=message, user=bob, name="bob", channel=channel, offset=1)
ReadMark.objects.create(user=bob, channel=channel, offset=1)
Attachment.objects.create(channel=channel, message=message, uploaded_by=bob, name="f", size=1, file="f")
SpaceLog.objects.create(space=space, offset=1)
LogEvent.objects.create(space=space, offset=1, kind="message.created", message=message)
print("fine")
"""

DELETED = """
import django
django.setup()
from django.db import connection
from identity.models import User
from sessions.models import Session
from sessions.services.sessions import delete_rows
from spaces.models import Channel, Space
from spaces.services.spaces import delete_space

def rows(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COUNT(*) FROM chat_{table}")
        return cursor.fetchone()[0]

delete_rows(Session.objects.get())
User.objects.get(email="bob@example.org").delete()
assert rows("message") == 2
delete_space(actor=User.objects.get(), space_id=Space.objects.get(name="Ferries").pk)
assert not Channel.objects.exists()
assert [rows(table) for table in ("message", "mention", "readmark", "attachment", "spacelog")] == [0] * 5
print("fine")
"""


def test_nonza_works_without_it(tmp_path: Path) -> None:
    run(SCRIPT, tmp_path, chat="off")


def test_what_it_has_left_behind_holds_up_no_deletion(tmp_path: Path) -> None:
    run(WRITTEN, tmp_path, chat="on")
    run(DELETED, tmp_path, chat="off")


def test_rows_left_behind_go_with_what_they_refer_to_or_let_go_of_it(
    without_chat: None, space: Space, bob: Person, alice: Person
) -> None:
    channel = make_channel(space, "deck", kind=Channel.Type.TEXT)
    messages = [
        Message.objects.create(channel=channel, offset=offset, author=author.user, text="Ahoy")
        for offset, author in enumerate((alice, bob), start=1)
    ]
    Reaction.objects.create(message=messages[0], user=bob.user, emoji="👋")
    leftovers._references.cache_clear()
    try:
        release(bob.user)
        assert list(Message.objects.order_by("offset").values_list("author", flat=True)) == [
            alice.user and alice.user.pk,
            None,
        ]
        assert not Reaction.objects.exists()
        release(channel)
        assert not Message.objects.exists()
    finally:
        leftovers._references.cache_clear()


def release(row: Any) -> None:
    meta = row._meta
    key = meta.pk.get_db_prep_value(row.pk, connection)
    leftovers.release("default", meta.db_table, [key])


def run(script: str, folder: Path, *, chat: str) -> None:
    surroundings = {
        **os.environ,
        "NONZA_CHAT": chat,
        "NONZA_STATE_DIR": str(folder),
        "NONZA_DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
    }
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env=surroundings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.endswith("fine\n"), done.stderr
