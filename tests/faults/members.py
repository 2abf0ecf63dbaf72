"""Members of a space of a running Nonza, logged in without going through a login page."""

import json
import secrets
import subprocess
import sys
from typing import Any

import httpx

from tests.faults.people import Person
from tests.faults.stack import ROOT, Stack

# Run by the product's own code, in its own settings: people, their space, and a login session for each.
_MAKE = """
import json, sys
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from identity.models import User
from spaces.models import Membership, Space

space = Space.objects.create(name="Northlight Ferries")
logins = {}
for number, name in enumerate(json.loads(sys.argv[1])):
    user = User.objects.create_user(f"{name}-{space.pk}@example.org".lower(), display_name=name)
    role = "member" if number else "owner"
    Membership.objects.create(space=space, user=user, role=role)
    User.objects.filter(pk=user.pk).update(active_space=space)
    login = SessionStore()
    login[SESSION_KEY] = str(user.pk)
    login[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    login[HASH_SESSION_KEY] = user.get_session_auth_hash()
    login.create()
    logins[name] = {"user": str(user.pk), "login": login.session_key}
print(json.dumps({"space": str(space.pk), "cookie": settings.SESSION_COOKIE_NAME, "logins": logins}))
"""


class Member(Person):
    """A user with a browser's cookies, who has a space open."""

    def __init__(self, client: httpx.AsyncClient, name: str, space: str, login: dict[str, str]) -> None:
        super().__init__(client, name)
        self.space = space
        self.user = login["user"]
        self._cookies = {login["cookie"]: login["login"], "csrftoken": secrets.token_hex(16)}

    @property
    def path(self) -> str:
        return f"/ws/spaces/{self.space}/"

    @property
    def headers(self) -> dict[str, str]:
        """By which the server knows this browser."""
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        return {"X-CSRFToken": self._cookies["csrftoken"], "Cookie": cookies}

    async def send(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        headers |= self.headers
        return await self.client.request(method, f"/api/v1/{path}", json=body, headers=headers)

    async def online(self) -> set[str]:
        """The ids of the users who are online, as the space's page shows them."""
        answer = await self.send("GET", f"spaces/{self.space}/presence/")
        assert answer.status_code == 200, answer.text
        return set(answer.json()["user_ids"])


def make_members(stack: Stack, client: httpx.AsyncClient, *names: str) -> list[Member]:
    """Return so many members of one new space; the first owns it."""
    code = "import django; django.setup()\n" + _MAKE
    made = subprocess.run(
        [sys.executable, "-c", code, json.dumps(names)],
        cwd=ROOT,
        env={**stack.environment, "NONZA_DATABASE_URL": stack.database_url},
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    told = json.loads(made.stdout.splitlines()[-1])
    return [
        Member(client, name, told["space"], {**login, "cookie": told["cookie"]})
        for name, login in told["logins"].items()
    ]
