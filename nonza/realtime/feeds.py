"""The live end of one log in one process: what is pushed, put in order and without gaps.

A push is delivered if it is the next one, dropped if it came before, and held if it is early; what is
missing is then read from the log. Where the log cannot tell any more, everybody hears `stream.reset` and
loads again.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, NamedTuple
from uuid import UUID

from nonza.realtime import frame_of
from nonza.realtime.frames import Batch, Frame
from nonza.realtime.streams import LogReader, Position, Recovery
from nonza.realtime.threads import in_database

logger = logging.getLogger(__name__)

RESUME_AT_MOST = 500
"""Who has missed more loads the log's place anew instead."""
GAP_SECONDS = 0.03
"""For so long an early push is held: what overtook another one on the way is followed by it."""
AGAIN_SECONDS = 1.0
AHEAD_AT_MOST = 512
READS_AT_MOST = 5
REACH_SECONDS = 3.0
"""For so long whoever comes waits for the others to be told what it has read; then it may hear it twice."""
KEPT_SECONDS = 5.0
"""Those who come back after one and the same cut do so within moments, and have missed the same."""
# Frames that are recovered are joined up to so many bytes: what a transport takes before it is slow.
BATCH_BYTES = 32 * 1024


class CaughtUp(NamedTuple):
    """Where a log stood, and the frames after the position that was asked about; None: load again."""

    top: Position
    batches: list[Batch] | None


class Feed:
    """One stream of one group; its members all stand at the same position."""

    def __init__(self, name: str, key: UUID, reader: LogReader, deliver: Callable[[Frame], None]) -> None:
        self.name = name
        self.key = key
        self.reader = reader
        self.position: Position | None = None
        """Of the last event that was delivered; None until somebody has asked the log."""
        self._deliver = deliver
        self._ahead: dict[Position, bytes] = {}
        self._expected: Position | None = None
        self._repairing: asyncio.Task[None] | None = None
        self._flights: dict[Position | None, asyncio.Task[CaughtUp]] = {}
        self._latest: tuple[Position | None, CaughtUp] | None = None

    # What comes live ------------------------------------------------------

    def push(self, position: Position, json: bytes) -> None:
        """Take what was pushed, whenever it comes."""
        known = self.position
        if known is None:
            self._keep(position, json)
        elif _follows(known, position):
            self._advance(position, json)
            self._take_kept()
        elif position.epoch != known.epoch or position.offset > known.offset:
            self._keep(position, json)
            self._repair_soon(GAP_SECONDS)

    def note_top(self, top: Position, before: Position | None) -> None:
        """Compare with where the log stands; `before` is where this feed stood when it was asked."""
        known = self.position
        if known is None or top == known:
            return
        if before is not None and _is_before(top, before):  # the log has forgotten its end
            self._begin_at(top)
        elif not _is_over(top, known):
            self._expected = top
            self._repair_soon(GAP_SECONDS)

    def stop(self) -> None:
        """Nobody listens any more."""
        if self._repairing is not None:
            self._repairing.cancel()
        self._ahead.clear()

    def _advance(self, position: Position, json: bytes) -> None:
        self.position = position
        self._deliver(Frame.logged(self.name, position, json))

    def _keep(self, position: Position, json: bytes) -> None:
        if len(self._ahead) < AHEAD_AT_MOST:  # the rest is in the log
            self._ahead[position] = json
        else:
            self._expected = position

    def _take_kept(self) -> None:
        """Deliver what was held and is next now; forget what is no longer early."""
        known = self.position
        while known is not None and self._ahead:
            following = Position(known.epoch, known.offset + 1)
            json = self._ahead.pop(following, None)
            if json is None:
                break
            self._advance(following, json)
            known = following
        for position in [early for early in self._ahead if known and _is_over(early, known)]:
            del self._ahead[position]

    # What is missing ------------------------------------------------------

    @property
    def _lags(self) -> bool:
        expected, known = self._expected, self.position
        return bool(self._ahead) or (expected is not None and expected != known)

    def _repair_soon(self, seconds: float) -> None:
        if self._repairing is None or self._repairing.done():
            self._repairing = asyncio.create_task(self._repair(seconds))

    async def _repair(self, seconds: float) -> None:
        """Read what is missing, however long the log cannot be read."""
        for _count in range(READS_AT_MOST):
            await asyncio.sleep(seconds)
            if self._expected is not None and self.position and _is_over(self._expected, self.position):
                self._expected = None
            if not self._lags or self.position is None:
                return
            self._mend(await self._read_at_last())
        if self._ahead:
            self._begin_at(max(self._ahead, key=lambda early: early.offset))

    def _mend(self, found: Recovery) -> None:
        self._expected = None
        if found.entries is None:
            self._begin_at(found.top)
            return
        for offset, frame in found.entries:
            following = Position(found.top.epoch, offset)
            if self.position is None or _follows(self.position, following):
                self._advance(following, frame.encode())
        self._forget_other_epochs(found.top)
        self._take_kept()

    def _begin_at(self, top: Position) -> None:
        """Let everybody load again, and go on from here."""
        logger.info("A stream %s of %s goes on at %s without what came before", self.name, self.key, top)
        self.position = top
        frame = frame_of("stream.reset", {"stream": self.name})
        self._deliver(Frame(frame.encode(), place=(self.name, top)))
        self._forget_other_epochs(top)
        self._take_kept()

    def _forget_other_epochs(self, top: Position) -> None:
        self._ahead = {early: json for early, json in self._ahead.items() if early.epoch == top.epoch}

    async def _read_at_last(self) -> Recovery:
        """Read what comes after the position; a log that cannot be read now is read later."""
        while True:
            since = self.position or Position("", 0)
            try:
                return await in_database(self.reader.read)(self.key, since, RESUME_AT_MOST)
            except Exception as error:  # noqa: BLE001 -- whatever is wrong, the members wait for the answer
                logger.info("The log of a stream %s could not be read: %r", self.name, error)
            await asyncio.sleep(AGAIN_SECONDS)

    # Who comes ------------------------------------------------------------

    async def catch_up(self, since: Position | None) -> CaughtUp:
        """Return what came after a position; whoever holds what is pushed from now on misses nothing.

        All who ask about the same position within moments share one read. Raises what the reader raises.
        """
        known = self.position
        if known is not None and since in {None, known}:
            return CaughtUp(known, None if since is None else [])
        if self._latest is not None and self._latest[0] == since and self._latest[1].top == known:
            return self._latest[1]  # nothing has happened since
        for _count in range(READS_AT_MOST):
            found = await self._read_once(since)
            if known is None or not _is_before(found.top, known):
                self._note_read(since, found)
                await self._reach(found.top)
                return found
            # This read began before the caller held what is pushed; between them something is missing.
        self.note_top(found.top, known)
        return CaughtUp(found.top, None)

    def _note_read(self, since: Position | None, found: CaughtUp) -> None:
        if self.position is None:
            self.position = found.top
            self._take_kept()
            if self._lags:
                self._repair_soon(GAP_SECONDS)
        else:
            self.note_top(found.top, None)
        if self._latest is None or self._latest[1] is not found:
            self._latest = (since, found)
            asyncio.get_running_loop().call_later(KEPT_SECONDS, self._forget_latest, found)

    async def _reach(self, top: Position) -> None:
        """Wait until the members are told what whoever comes has read, or that would come to it once more."""
        if self.position is not None and not _is_over(top, self.position) and self._repairing is not None:
            await asyncio.wait({self._repairing}, timeout=REACH_SECONDS)

    def _forget_latest(self, found: CaughtUp) -> None:
        if self._latest is not None and self._latest[1] is found:
            self._latest = None

    async def _read_once(self, since: Position | None) -> CaughtUp:
        flight = self._flights.get(since)
        if flight is None:
            flight = self._flights[since] = asyncio.create_task(self._read(since))
            flight.add_done_callback(lambda _done: self._flights.pop(since, None))
        return await asyncio.shield(flight)

    async def _read(self, since: Position | None) -> CaughtUp:
        if since is None:
            tops: dict[UUID, Position] = await in_database(self.reader.tops)([self.key])
            return CaughtUp(tops.get(self.key, Position("", 0)), None)  # what it was of may be gone
        found = await in_database(self.reader.read)(self.key, since, RESUME_AT_MOST)
        if found.entries is None:
            return CaughtUp(found.top, None)
        frames = [
            Frame.logged(self.name, Position(found.top.epoch, offset), frame.encode())
            for offset, frame in found.entries
        ]
        return CaughtUp(found.top, _batches(frames))


def position_of(told: Any) -> Position | None:
    """Return the position that a client tells, or None if it makes no sense."""
    if not isinstance(told, dict):
        return None
    epoch, offset = told.get("epoch"), told.get("offset")
    if not isinstance(epoch, str) or type(offset) is not int or not 0 <= offset < 1 << 53:
        return None
    return Position(epoch, offset)


def _follows(known: Position, position: Position) -> bool:
    if position.epoch == known.epoch:
        return position.offset == known.offset + 1
    return known.offset == 0 and position.offset == 1  # nothing was ever there, and the first has come


def _is_over(position: Position, known: Position) -> bool:
    return position.epoch == known.epoch and position.offset <= known.offset


def _is_before(position: Position, known: Position) -> bool:
    return position.epoch == known.epoch and position.offset < known.offset


def _batches(frames: list[Frame]) -> list[Batch]:
    batches: list[Batch] = []
    length = BATCH_BYTES
    for frame in frames:
        if length + len(frame.json) > BATCH_BYTES:
            batches.append(Batch([]))
            length = 0
        batches[-1].frames.append(frame)
        length += len(frame.json)
    return batches
