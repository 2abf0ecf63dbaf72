"""Redis is killed, hangs, or is full: calls go on, and whoever may have missed a push hears so."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.faults.conftest import is_whole
from tests.faults.people import Load, PassersBy, Person, Socket, percentile
from tests.faults.process import until
from tests.faults.stack import Stack
from tests.faults.wire_livekit import WireLiveKit

LISTENERS = 10
RESYNC_SECONDS = 15


@pytest.fixture
async def listeners(stack: Stack, host: Person) -> AsyncIterator[list[Socket]]:
    """The sockets of people in the host's session, on both socket servers."""
    sockets = [await Socket.open(stack.ws, host)]
    for number in range(LISTENERS - 1):
        person = Person(host.client, f"Guest {number}")
        assert (await person.join(host.slug)).status_code == 200
        sockets.append(await Socket.open(stack.ws, person))
    yield sockets
    stack.redis.thaw()
    for socket in sockets:
        await socket.close()
    with stack.store() as store:
        await until(lambda: not store.keys("nonza:sockets:*"), 10, "every socket's seat is free again")


async def rename(host: Person, title: str) -> httpx.Response:
    return await host.send("PATCH", f"sessions/{host.slug}/", {"title": title})


async def title_at_the_gate(stack: Stack, host: Person) -> str:
    """What a stranger reads, by way of the cache."""
    answer = await host.client.get(f"/api/v1/sessions/{host.slug}/")
    assert answer.status_code == 200, answer.text
    return str(answer.json()["title"])


async def everybody_hears_who_comes(host: Person, sockets: list[Socket]) -> None:
    """A push reaches every socket again."""
    newcomer = Person(host.client, "Newcomer")
    assert (await newcomer.join(host.slug)).status_code == 200

    def heard(socket: Socket) -> bool:
        return newcomer.id in {payload["id"] for payload in socket.heard("participant.changed")}

    await until(lambda: all(heard(socket) for socket in sockets), 5, "everybody hears who comes")


def asks_to_come_back(answer: httpx.Response) -> bool:
    return answer.status_code == 503 and int(answer.headers["Retry-After"]) >= 1


async def says_that_redis_is_away(stack: Stack) -> bool:
    """Every web server is asked by itself, as a proxy asks."""
    async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
        headers = {"Host": stack.http.removeprefix("http://")}
        answers = [await client.get(f"{web}/readyz", headers=headers) for web in stack.web_addresses]
    return [answer.json()["redis"] for answer in answers] == [False, False]


@pytest.mark.parametrize("seconds", [0.3, 10, pytest.param(60, marks=pytest.mark.soak)])
async def test_people_outlive_a_redis_that_was_killed(
    stack: Stack, host: Person, listeners: list[Socket], seconds: float
) -> None:
    passers = PassersBy(host)
    load, joins = Load(host.look, per_second=10), Load(passers.come_in, per_second=2)
    async with load.running(), joins.running():
        await load.count(10)
        stack.redis.kill()
        fell_at = time.monotonic()
        assert asks_to_come_back(await host.ticket())
        assert (await rename(host, "While away")).status_code == 200
        assert (await host.client.get(f"/session/{host.slug}/")).status_code == 200
        await asyncio.sleep(max(0.0, seconds - (time.monotonic() - fell_at)))
        stack.redis.start()
        await stack.redis.ready()
        back_at = time.monotonic()
        for socket in listeners:
            await socket.hears("resync", seconds=RESYNC_SECONDS)
        print(f"F1: {seconds} s away, resynced after {time.monotonic() - back_at:.2f} s")
        await is_whole(stack)
        await everybody_hears_who_comes(host, listeners)
        assert await title_at_the_gate(stack, host) == "While away"
    assert all(socket.is_open for socket in listeners)
    assert set(load.statuses()) == set(joins.statuses()) == {200}
    assert max(answer.seconds for answer in load.answers) < 4, "nobody waits for a dead Redis"
    kept = {str(row[0]) for row in stack.sql("SELECT id FROM nonza_sessions_participant")}
    assert set(passers.joined) <= kept
    assert len(passers.joined) == len(set(passers.joined))


async def test_redis_that_hangs_costs_two_seconds_once(
    stack: Stack, host: Person, listeners: list[Socket]
) -> None:
    """What needs the database alone is as fast as before once the breaker is open."""
    assert await title_at_the_gate(stack, host) != "While it hung"  # now it is in the cache
    health = Load(lambda: host.client.get("/healthz"), per_second=10)
    preview = Load(lambda: host.client.get(f"/api/v1/sessions/{host.slug}/"), per_second=10)
    async with health.running(), preview.running():
        await preview.count(30)
        before = [answer.seconds for answer in (*health.answers, *preview.answers)]
        stack.redis.freeze()
        frozen_at = time.monotonic()
        answer = await rename(host, "While it hung")
        assert answer.status_code == 200
        assert time.monotonic() - frozen_at < 6
        await until(lambda: says_that_redis_is_away(stack), 10, "every web server has noticed")
        settled_at = time.monotonic()
        assert asks_to_come_back(await host.ticket())
        assert time.monotonic() - settled_at < 1, "the breaker is open: nobody waits"
        await asyncio.sleep(5)
        during = [answer.seconds for load in (health, preview) for answer in load.since(settled_at)]
        stack.redis.thaw()
        for socket in listeners:
            await socket.hears("resync", seconds=RESYNC_SECONDS)
        gate = {await title_at_the_gate(stack, host) for _count in range(4)}  # both web servers
    slow, usual = percentile(during, 0.95), percentile(before, 0.95)
    print(f"F2: noticed after {settled_at - frozen_at:.1f} s; p95 {usual:.3f} s, then {slow:.3f} s")
    assert slow < 2 * usual + 0.1
    assert gate == {"While it hung"}, "the cache kept what was changed while it could not be told"
    assert set(health.statuses()) == set(preview.statuses()) == {200}
    assert all(socket.is_open for socket in listeners)
    await is_whole(stack)
    await everybody_hears_who_comes(host, listeners)


@contextlib.contextmanager
def no_memory_left(stack: Stack) -> object:
    with stack.store() as store:
        store.config_set("maxmemory-policy", "noeviction")
        store.config_set("maxmemory", 1)
        try:
            yield
        finally:
            store.config_set("maxmemory", 0)


async def test_people_come_and_go_while_redis_is_full(
    stack: Stack, host: Person, listeners: list[Socket], media: WireLiveKit
) -> None:
    assert await title_at_the_gate(stack, host)
    guest = Person(host.client, "Ilya")
    with no_memory_left(stack):
        assert (await guest.join(host.slug)).status_code == 200
        token = await guest.token()
        assert token.status_code == 200, token.text
        assert asks_to_come_back(await guest.ticket())
        assert (await rename(host, "While full")).status_code == 200
        assert await title_at_the_gate(stack, host) == "While full"
        for socket in listeners:
            await socket.hears("session.changed", seconds=5)
        assert (await guest.leave()).status_code == 204
    assert (await host.ticket()).status_code == 201
    assert all(socket.is_open for socket in listeners)
    assert await title_at_the_gate(stack, host) == "While full"
