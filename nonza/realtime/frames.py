"""Frames for clients: each is encoded once, and shared by everybody who gets it."""

import struct
from functools import cached_property

from nonza.realtime.streams import Position

_TEXT = 0x81  # RFC 6455: a whole message of text in one frame, not compressed
_SHORT, _LONG = 126, 1 << 16


class Frame:
    """One event: its JSON, and as a finished WebSocket frame."""

    def __init__(self, json: bytes, *, key: str = "", place: tuple[str, Position] | None = None) -> None:
        self.json = json
        self.key = key
        """Of several with the same key only the last one counts; without a key each of them does."""
        self.place = place
        """Of a logged event: its stream, and where it stands there."""

    @classmethod
    def logged(cls, stream: str, position: Position, json: bytes) -> "Frame":
        """Return an event of a log: the client is told where it stands."""
        head = f'{{"stream":"{stream}","epoch":"{position.epoch}","offset":{position.offset},'
        return cls(head.encode() + json[1:], place=(stream, position))

    @cached_property
    def text(self) -> str:
        """The JSON, for servers that frame it themselves."""
        return self.json.decode()

    @cached_property
    def finished(self) -> bytes:
        """The JSON behind the header that a server's WebSocket frame has (RFC 6455, 5.2)."""
        length = len(self.json)
        if length < _SHORT:
            return struct.pack("!BB", _TEXT, length) + self.json
        if length < _LONG:
            return struct.pack("!BBH", _TEXT, _SHORT, length) + self.json
        return struct.pack("!BBQ", _TEXT, _SHORT + 1, length) + self.json


class Batch:
    """Some frames that are sent together, in order; to the client they are ordinary ones."""

    def __init__(self, frames: list[Frame]) -> None:
        self.frames = frames

    @classmethod
    def of(cls, json: str) -> "Batch":
        """Return a batch of one frame."""
        return cls([Frame(json.encode())])

    @cached_property
    def finished(self) -> bytes:
        """All of them, for one write."""
        if len(self.frames) == 1:
            return self.frames[0].finished
        return b"".join([frame.finished for frame in self.frames])
