"""Five hundred sockets are dropped at once: all are back within half a minute, and nobody gets a fault."""

import asyncio
import time

import pytest

from tests.faults.herd import herd_of
from tests.faults.people import percentile
from tests.faults.process import until
from tests.faults.stack import Stack

FEW, MANY = 50, 500
BACK_SECONDS = 30
QUERIES_EACH = 3
HEARTBEATS = 60  # queries of heartbeats and of the minutely look at everybody's right


@pytest.mark.parametrize("count", [FEW, pytest.param(MANY, marks=pytest.mark.soak)])
async def test_all_sockets_that_were_dropped_at_once_come_back(stack: Stack, count: int) -> None:
    async with herd_of(stack, count) as herd:
        stack.forget_queries()
        returning = asyncio.create_task(herd.return_after_loss())
        began = time.monotonic()
        for process in stack.sockets:
            process.kill()
        for process in stack.sockets:
            process.start()
        for process in stack.sockets:
            await process.ready()
        up = time.monotonic() - began
        seconds = sorted(await returning)
        queries = stack.queries("web"), stack.queries("sockets")
        asked = sum(sum(kind.values()) for kind in queries)
        print(f"F15: {count} sockets; servers up after {up:.1f} s, last one back after {seconds[-1]:.1f} s")
        print(f"F15: p50 {percentile(seconds, 0.5):.1f} s, p95 {percentile(seconds, 0.95):.1f} s")
        print(f"F15: {asked / count:.2f} queries each; asked to come back later: {dict(herd.sheds())}")
        assert herd.faults().total() == 0, herd.faults()
        assert seconds[-1] - up <= BACK_SECONDS
        assert asked <= QUERIES_EACH * count + HEARTBEATS, queries
        assert all(member.socket and member.socket.is_open for member in herd.members)
        assert stack.connections("sockets") <= 2 * 5
    with stack.store() as store:
        await until(lambda: not store.keys("nonza:sockets:*"), 70, "every seat is free again")
