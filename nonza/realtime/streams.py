"""Logged streams: what must reach everybody exactly once and in order carries `(epoch, offset)`.

An app that keeps such a log registers a reader for an audience (the sockets of a space, or of a session)
in its `ready`. A socket tells in its hello how far it is, and gets what it missed, or hears that it must
load again. Whoever writes hands the finished event to `publish`; the hub puts the offsets in order and
fills gaps from the reader.
"""

from typing import NamedTuple, Protocol
from uuid import UUID


class Position(NamedTuple):
    """A moment of a log. Offsets of one epoch are dense and grow; a new epoch begins anew."""

    epoch: str
    offset: int


class Entry(NamedTuple):
    """One event of a log: its offset, and `{"event": …, "payload": …}` as finished JSON."""

    offset: int
    frame: str


class Recovery(NamedTuple):
    """What a log holds after a position: `entries` is None where that cannot be told (load again)."""

    top: Position
    entries: list[Entry] | None


class LogReader(Protocol):
    """Reads the logs of one kind; called in threads, not on an event loop."""

    def read(self, key: UUID, since: Position, most: int) -> Recovery:
        """Return all entries after `since` if there are at most so many, in one atomic read.

        None where the epoch is another one, `since` is beyond the top, or a part of it is kept no more.
        """

    def tops(self, keys: list[UUID]) -> dict[UUID, Position]:
        """Return where these logs stand now, in one read."""


# (audience, name of the stream) -> who reads it.
_readers: dict[tuple[str, str], LogReader] = {}


def register(*, audience: str, name: str, reader: LogReader) -> None:
    """Let the sockets of an audience (`space`, `session`) carry a stream."""
    _readers[audience, name] = reader


def readers_of(audience: str) -> dict[str, LogReader]:
    """Return the streams that sockets of this audience carry, by name."""
    return {name: reader for (found, name), reader in _readers.items() if found == audience}


def wire(name: str, position: Position, frame: str) -> str:
    """Return a logged event as it goes through Redis, where any process may have written it."""
    return f"log {name} {position.epoch} {position.offset} {frame}"
