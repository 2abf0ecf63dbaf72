"""A TCP proxy that misbehaves on command: delays, goes silent, resets, lets little through."""

import asyncio
import contextlib
import struct
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from socket import SO_LINGER, SOL_SOCKET

PIECE = 16 * 1024


@dataclass
class ChaosProxy:
    """Stands on `port` in front of a server on loopback. Change its fields while it runs."""

    target: int
    port: int = 0
    latency: float = 0.0
    """Seconds that each piece waits, in both directions."""
    bytes_per_second: float = 0.0
    """0 lets everything through."""
    _open: asyncio.Event = field(default_factory=asyncio.Event)
    _answers: asyncio.Event = field(default_factory=asyncio.Event)
    _pairs: set[tuple[asyncio.StreamWriter, asyncio.StreamWriter]] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _server: asyncio.Server | None = None

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator["ChaosProxy"]:
        self.heal()
        self._server = await asyncio.start_server(self._take, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            self._server.close()
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            for pair in tuple(self._pairs):
                for side in pair:
                    side.close()

    def blackhole(self) -> None:
        """Carry nothing any more and close nothing: a link that is down. Bytes wait for `heal`."""
        self._open.clear()

    def hold_answers(self) -> None:
        """Carry what clients say, and nothing back: what they ask for happens, and they do not learn it."""
        self._answers.clear()

    def heal(self) -> None:
        self._open.set()
        self._answers.set()

    def reset(self) -> None:
        """End every connection that is open now with a TCP reset, on both sides."""
        for pair in tuple(self._pairs):
            for side in pair:
                raw = side.get_extra_info("socket")
                if raw is not None and not side.is_closing():
                    raw.setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
                side.transport.abort()

    @property
    def connections(self) -> int:
        return len(self._pairs)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.close()
            return
        pair = (writer, inner_writer)
        self._pairs.add(pair)
        try:
            await asyncio.gather(
                self._carry(reader, inner_writer, self._open),
                self._carry(inner_reader, writer, self._open, self._answers),
            )
        finally:
            self._pairs.discard(pair)
            for side in pair:
                side.close()

    async def _carry(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *gates: asyncio.Event
    ) -> None:
        with contextlib.suppress(OSError):
            while piece := await reader.read(PIECE):
                if self.latency:
                    await asyncio.sleep(self.latency)
                if self.bytes_per_second:
                    await asyncio.sleep(len(piece) / self.bytes_per_second)
                for gate in gates:
                    await gate.wait()
                writer.write(piece)
                await writer.drain()
        for gate in gates:  # the end of a stream does not pass through a dead link either
            await gate.wait()
        writer.close()
