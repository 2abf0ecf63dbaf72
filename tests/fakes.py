"""LiveKit behind its door, faked: one of the two doors that may be."""

from collections import defaultdict
from datetime import UTC, datetime
from uuid import UUID

import pytest

from sessions import livekit
from sessions.errors import LiveKitUnavailable


class FakeLiveKit:
    """Rooms and the people in them, as `sessions.livekit` speaks of them."""

    def __init__(self) -> None:
        self.is_away = False
        self.people_in: dict[UUID, dict[str, livekit.Presence]] = defaultdict(dict)
        self.made: set[UUID] = set()
        self.asked_for: list[UUID] = []
        self.closed: list[UUID] = []
        self.removed: list[str] = []

    def install(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for verb in ("make_room", "close_room", "remove", "rooms", "people"):
            monkeypatch.setattr(livekit, verb, getattr(self, verb))

    def join(self, room: UUID, identity: str, sid: str = "PA_1") -> None:
        self.made.add(room)
        self.people_in[room][identity] = livekit.Presence(identity, sid, datetime.now(UTC))

    def leave(self, room: UUID, identity: str) -> None:
        del self.people_in[room][identity]

    def make_room(self, room: UUID) -> None:
        self._answer()
        self.asked_for.append(room)
        self.made.add(room)

    def close_room(self, room: UUID) -> None:
        self._answer()
        self.made.discard(room)
        self.people_in.pop(room, None)
        self.closed.append(room)

    def remove(self, *, room: UUID, identity: str) -> None:
        self._answer()
        self.people_in[room].pop(identity, None)
        self.removed.append(identity)

    def rooms(self) -> list[UUID]:
        self._answer()
        return list(self.made)

    def people(self, room: UUID) -> list[livekit.Presence]:
        self._answer()
        return list(self.people_in[room].values())

    def _answer(self) -> None:
        if self.is_away:
            raise LiveKitUnavailable
