"""Rooms of the fake LiveKit, the people in them, and its two kinds of refusal."""

import asyncio
from dataclasses import dataclass, field

from aiohttp import web
from livekit.protocol import models


class Refused(Exception):
    """Somebody was not let in; holds the HTTP status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


class TwirpError(Exception):
    """What the room service answers with a code."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status, self.code = status, code


@dataclass
class Inside:
    info: models.ParticipantInfo
    socket: web.WebSocketResponse | None = None


@dataclass
class Room:
    info: models.Room
    people: dict[str, Inside] = field(default_factory=dict)
    closing: asyncio.TimerHandle | None = None


def allow(granted: bool | None) -> None:
    if not granted:
        raise TwirpError(401, "unauthenticated", "permissions denied")
