"""People who use the API as a browser does."""

import secrets
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from identity.models import User
from sessions.models import Session
from sessions.services.connections import connection_joined

API = "/api/v1/"


def new_key() -> str:
    """An Idempotency-Key of 128 random bits."""
    return secrets.token_hex(16)


class Person:
    """One browser: cookies, CSRF, JSON, an address of its own."""

    def __init__(self, ip: str = "203.0.113.1", *, language: str = "en") -> None:
        self.browser = Client(enforce_csrf_checks=True)
        self.ip = ip
        self.language = language
        self.browser.get("/healthz")
        self.browser.cookies["csrftoken"] = secrets.token_hex(16)
        self.place: dict[str, Any] = {}
        self.user: User | None = None

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.browser.generic(
            method.upper(),
            path if path.startswith("/") else API + path,
            data=b"" if body is None else _json(body),
            content_type="application/json",
            REMOTE_ADDR=self.ip,
            headers={
                "X-CSRFToken": self.browser.cookies["csrftoken"].value,
                "Accept-Language": self.language,
                "User-Agent": "Test browser",
                **headers,
            },
        )

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.send("GET", path, **headers)

    def post(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("POST", path, {} if body is None else body, **headers)

    def put(self, path: str, body: Any = None, **headers: str) -> HttpResponse:
        return self.send("put", path, body, **headers)

    def patch(self, path: str, body: Any) -> HttpResponse:
        return self.send("PATCH", path, body)

    def delete(self, path: str) -> HttpResponse:
        return self.send("DELETE", path)

    def log_in(self, user: User) -> "Person":
        """Log this browser in, as if the provider had just said who it is."""
        self.browser.force_login(user)
        self.user = user
        return self

    def start(self, display_name: str = "Marta", **fields: Any) -> str:
        """Start a session; return its slug."""
        answer = self.post("sessions/", {"display_name": display_name, **fields})
        assert answer.status_code == 201, answer.content
        self.place = answer.json()
        return str(self.place["session"]["slug"])

    def join(self, slug: str, display_name: str = "Dana", **headers: str) -> HttpResponse:
        answer = self.post(f"sessions/{slug}/join/", {"display_name": display_name}, **headers)
        if answer.status_code == 200:
            self.place = answer.json()
        return answer

    def come_in(self, slug: str, identity: str = "") -> str:
        """Let LiveKit tell that this person is in the room, with a new token or that of `identity`."""
        identity = identity or str(self.post(f"sessions/{slug}/token/").json()["identity"])
        room = str(Session.objects.get(slug=slug).pk)
        connection_joined(room=room, identity=identity, sid=f"PA_{identity[-12:]}", at=timezone.now())
        return identity

    @property
    def id(self) -> str:
        """The id of this person's participant."""
        return str(self.place["participant"]["id"])


def code_of(answer: HttpResponse) -> tuple[int, str]:
    """The status and the code of a refusal."""
    assert answer["Content-Type"].startswith("application/problem+json"), answer.content
    return answer.status_code, answer.json()["code"]


def _json(body: Any) -> bytes:
    import orjson  # noqa: PLC0415 -- leaf

    return body if isinstance(body, bytes) else orjson.dumps(body)
