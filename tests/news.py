"""LiveKit's news as LiveKit writes and signs them."""

import base64
import hashlib
import json
import time
import uuid
from typing import Any

from django.http import HttpResponse
from django.test import Client
from livekit import api

from tests.environment import SECRET
from tests.helpers import Person

URL = "/api/v1/livekit/webhook/"
KEY = "nonza-tests"


def news(event: str, person: Person | None = None, identity: str = "", **fields: Any) -> dict[str, Any]:
    """A webhook's body as LiveKit writes it."""
    room = {"name": person.place["session"]["id"] if person else "other"}
    participant = {"identity": identity, "sid": fields.pop("sid", "PA_1")}
    return {
        "event": event,
        "id": f"EV_{uuid.uuid4().hex[:12]}",
        "createdAt": str(int(time.time())),
        "room": room,
        "participant": participant,
        **fields,
    }


def signed(body: bytes, secret: str = SECRET, key: str = KEY) -> str:
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    return api.AccessToken(key, secret).with_sha256(digest).to_jwt()


def tell(body: dict[str, Any], authorization: str | None = None) -> HttpResponse:
    raw = json.dumps(body).encode()
    header = signed(raw) if authorization is None else authorization
    return Client().generic("POST", URL, raw, "application/webhook+json", headers={"Authorization": header})
