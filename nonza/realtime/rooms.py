"""The sockets of one group in one process: what they all get, in one order, with as few writes as possible.

A room that was quiet is told at once. What follows within a tick waits for its end and goes out as one
write a socket, because the write is what a delivery costs.
"""

import asyncio
from typing import Protocol
from uuid import UUID

from nonza.realtime import frame_of
from nonza.realtime.feeds import CaughtUp, Feed
from nonza.realtime.frames import Batch, Frame
from nonza.realtime.streams import Position, readers_of

TICK_SECONDS = 0.025
# Who comes and who types can wait longer: a thousand who come back at once are told of in a few writes.
PASSING_TICK_SECONDS = 0.25
WAITING_AT_MOST = 128


class Member(Protocol):
    """A socket, as the hub knows it."""

    def deliver(self, batch: Batch) -> None:
        """Take frames for the client."""

    def close_soon(self, code: int) -> None:
        """Close once what was taken before has been sent."""


class Room:
    """A group with its members, and the streams that it carries if it is the room of an audience."""

    def __init__(self, audience: tuple[str, UUID] | None) -> None:
        self.members: set[Member] = set()
        self.gathers = audience is not None
        self.feeds: dict[str, Feed] = {}
        if audience is not None:
            kind, key = audience
            self.feeds = {
                name: Feed(name, key, reader, self.take) for name, reader in readers_of(kind).items()
            }
        self._loop = asyncio.get_running_loop()
        self._waiting: list[Frame] = []
        self._flushed_at = float("-inf")
        self._timer: asyncio.TimerHandle | None = None
        self._shown: dict[str, Position] = {}
        self._heartbeat: Batch | None = None

    def take(self, frame: Frame) -> None:
        """Tell everybody, at once or with what else comes within this tick."""
        if frame.key:
            self._waiting = [earlier for earlier in self._waiting if earlier.key != frame.key]
        self._waiting.append(frame)
        due = self._flushed_at + (PASSING_TICK_SECONDS if frame.key else TICK_SECONDS)
        if not self.gathers or len(self._waiting) >= WAITING_AT_MOST or due <= self._loop.time():
            self.flush()
        elif self._timer is None or self._timer.when() > due:
            if self._timer is not None:
                self._timer.cancel()
            self._timer = self._loop.call_at(due, self.flush)

    def flush(self) -> None:
        """Tell everybody what waits."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._waiting:
            return
        batch, self._waiting = Batch(self._waiting), []
        self._flushed_at = self._loop.time()
        for frame in batch.frames:
            if frame.place is not None:
                self._shown[frame.place[0]] = frame.place[1]
                self._heartbeat = None
        for member in tuple(self.members):
            member.deliver(batch)

    def close_soon(self, code: int) -> None:
        """Close everybody's socket after what was said before."""
        self.flush()
        for member in tuple(self.members):
            member.close_soon(code)

    async def catch_up(self, told: dict[str, Position | None]) -> dict[str, CaughtUp]:
        """Return for each stream what came after a client's position; see `Feed.catch_up`."""
        caught = {name: await feed.catch_up(told.get(name)) for name, feed in self.feeds.items()}
        self.flush()  # whoever comes holds it; at the tick's end it would come after what is newer
        for name, feed in self.feeds.items():
            if feed.position is not None and self._shown.get(name) != feed.position:
                self._shown[name] = feed.position
                self._heartbeat = None
        return caught

    def heartbeat(self) -> Batch:
        """Return what answers a heartbeat: how far everybody here has been told."""
        if self._heartbeat is None:
            positions = {name: place._asdict() for name, place in self._shown.items()}
            self._heartbeat = Batch.of(frame_of("heartbeat", {"positions": positions} if self.feeds else {}))
        return self._heartbeat

    def stop(self) -> None:
        """Nobody is here any more."""
        if self._timer is not None:
            self._timer.cancel()
        for feed in self.feeds.values():
            feed.stop()
