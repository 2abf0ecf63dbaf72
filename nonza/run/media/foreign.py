"""Asks a LiveKit server that somebody else runs whether Nonza can use it."""

import time
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import urlsplit

import httpx
import jwt

PATIENCE_SECONDS = 3.0


def trouble_with(url: str, values: Mapping[str, str]) -> list[str]:
    """What to tell the person at the terminal; as only media depends on it, Nonza starts all the same."""
    parts = urlsplit(url)
    base = parts._replace(scheme={"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)).geturl()
    key, secret = values.get("NONZA_LIVEKIT_API_KEY", ""), values.get("NONZA_LIVEKIT_API_SECRET", "")
    claims = {"iss": key, "exp": int(time.time()) + 60, "video": {"roomList": True}}
    token = jwt.encode(claims, secret or "none given", algorithm="HS256")
    try:
        answer = httpx.post(
            f"{base.rstrip('/')}/twirp/livekit.RoomService/ListRooms",
            json={},
            headers={"Authorization": f"Bearer {token}"},
            timeout=PATIENCE_SECONDS,
        )
    except (httpx.HTTPError, httpx.InvalidURL):
        return [f"NONZA_LIVEKIT_URL names a LiveKit server at {parts.netloc} that does not answer: {_EFFECT}"]
    if answer.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        refused = "refuses NONZA_LIVEKIT_API_KEY and NONZA_LIVEKIT_API_SECRET; set the ones it knows"
        return [f"The LiveKit server at {parts.netloc} {refused}: {_EFFECT}"]
    return []


_EFFECT = "until that is mended, calls have no sound and no picture; everything else works."
