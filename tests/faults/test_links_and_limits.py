"""Half-open links, and clocks that are wrong."""

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest

from tests import parts
from tests.faults.chaos_proxy import ChaosProxy
from tests.faults.conftest import is_whole
from tests.faults.people import Person, Socket
from tests.faults.process import Process, until
from tests.faults.stack import Stack
from tests.faults.wire_livekit import WireLiveKit

NOTICED_SECONDS = 48  # uvicorn pings after 20 s and waits 20 s; the silence limit is 45 s
LEEWAY = 45


async def starts_as(stack: Stack, process: Process, command: list[str], **more: str) -> None:
    """Start one server again with another command or environment."""
    process.kill()
    process.command, process.environment = command, {**process.environment, **more}
    process.start()
    await process.ready()
    await is_whole(stack)


@pytest.fixture
async def usual(stack: Stack) -> AsyncIterator[None]:
    """Whatever a test gives the first servers, they are the usual ones afterwards."""
    servers = (stack.sockets[0], stack.web[0])
    kept = [(server, list(server.command), dict(server.environment)) for server in servers]
    yield
    for server, command, environment in kept:
        if (server.command, server.environment) != (command, environment):
            server.kill()
            server.command, server.environment = command, environment
            server.start()
            await server.ready()


async def gone_after(stack: Stack, host: Person, seconds: float) -> float:
    """Cut a link without a word; returns the seconds until the server has freed the socket's seat."""
    async with ChaosProxy(stack.sockets[0].port).running() as proxy:
        socket = await Socket.open(f"ws://127.0.0.1:{proxy.port}", host)
        await socket.beat()
        await socket.hears("heartbeat")
        proxy.blackhole()
        with stack.store() as store:
            key = f"nonza:sockets:session:{host.id}"
            assert store.zcard(key) == 1
            took = await until(lambda: store.zcard(key) == 0, seconds, "the server has noticed")
        proxy.heal()
        await socket.close()
    return took


async def test_half_open_socket_is_noticed_by_pings(stack: Stack, host: Person, usual: None) -> None:
    """With pings of 1 s instead of 20 s: the same way in, and the same way out."""
    quick = ["--ping-seconds", "1"]
    await starts_as(stack, stack.sockets[0], [*stack.sockets[0].command, *quick])
    print(f"F14: noticed after {await gone_after(stack, host, 10):.1f} s, with pings of 1 s")


@pytest.mark.soak
async def test_half_open_socket_is_noticed_in_time(stack: Stack, host: Person) -> None:
    print(f"F14: noticed after {await gone_after(stack, host, NOTICED_SECONDS):.1f} s")


async def ready_by_itself(stack: Stack) -> dict:
    async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
        headers = {"Host": stack.http.removeprefix("http://")}
        answer = await client.get(f"{stack.web_addresses[0]}/readyz", headers=headers)
        return dict(answer.json())


@pytest.mark.parametrize("skew", [LEEWAY, -LEEWAY])
async def test_clock_that_is_off_by_less_than_the_leeway_keeps_nobody_out(
    stack: Stack, media: WireLiveKit, usual: None, skew: int
) -> None:
    clock = {"LD_PRELOAD": str(parts.faketime()), "FAKETIME": f"{skew:+d}s", "DONT_FAKE_MONOTONIC": "1"}
    await starts_as(stack, stack.web[0], stack.web[0].command, **clock)
    headers = {"Host": stack.http.removeprefix("http://")}
    async with httpx.AsyncClient(
        base_url=stack.web_addresses[0], timeout=30, trust_env=False, headers=headers
    ) as client:
        person = Person(client, "Marta")
        await person.start()
        answer = await person.token()
        assert answer.status_code == 200, answer.text
        await asyncio.to_thread(media.join, answer.json()["token"])

        async def is_in_call() -> bool:
            return [someone["in_call"] for someone in await person.people()] == [True]

        await until(is_in_call, 15, "the webhook was taken")


async def test_clock_that_is_far_off_is_named(stack: Stack, usual: None) -> None:
    assert (await ready_by_itself(stack))["clock_skew"] == []
    clock = {"LD_PRELOAD": str(parts.faketime()), "FAKETIME": "+120s", "DONT_FAKE_MONOTONIC": "1"}
    await starts_as(stack, stack.web[0], stack.web[0].command, **clock)
    told = await ready_by_itself(stack)
    assert (told["status"], sorted(told["clock_skew"])) == ("ok", ["database", "redis"])
