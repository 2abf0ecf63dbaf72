"""A log in memory, as an app would keep one, with switches for what may go wrong."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from nonza.realtime import frame_of, publish
from nonza.realtime.streams import Entry, Position, Recovery, wire

FIRST, LATER = "first-epoch", "later-epoch"


@dataclass
class Log:
    """What a store keeps, and how often it was asked."""

    epoch: str = FIRST
    entries: list[Entry] = field(default_factory=list)
    reads: list[Position] = field(default_factory=list)
    asked_tops: int = 0
    forgotten: int = 0
    """So many of the first entries are kept no more."""
    fails: int = 0
    before_reading: Callable[[], None] | None = None
    gate: threading.Event | None = None

    @property
    def top(self) -> Position:
        return Position(self.epoch, self.entries[-1].offset if self.entries else 0)

    def append(self, *, pushed_to: str = "") -> int:
        """Write an event, and push it to a group if that is named."""
        entry = Entry(self.top.offset + 1, frame_of("x.said", {"number": self.top.offset + 1}))
        self.entries.append(entry)
        if pushed_to:
            self.push(pushed_to, entry.offset)
        return entry.offset

    def push(self, group: str, offset: int) -> None:
        """Publish what stands at an offset, whether or not it was before."""
        entry = next(entry for entry in self.entries if entry.offset == offset)
        publish(group, wire("chat", Position(self.epoch, offset), entry.frame))

    def begin_anew(self) -> None:
        """Forget everything, as a store does that has lost its memory."""
        self.epoch, self.entries = LATER, []

    def read(self, _key: UUID, since: Position, most: int) -> Recovery:
        self.reads.append(since)
        if self.fails:
            self.fails -= 1
            raise OSError
        top, entries = self.top, [entry for entry in self.entries if entry.offset > since.offset]
        if self.gate is not None:
            self.gate.wait(10)
        if self.before_reading is not None:
            self.before_reading()
        known = since.epoch == self.epoch and self.forgotten <= since.offset <= top.offset
        return Recovery(top, entries if known and len(entries) <= most else None)

    def tops(self, keys: list[UUID]) -> dict[UUID, Position]:
        self.asked_tops += 1
        if self.fails:
            self.fails -= 1
            raise OSError
        return dict.fromkeys(keys, self.top)
