"""Postgres restarts, stays away, or is locked: refusals say when to come back, and nothing piles up."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator

import psycopg
import pytest

from tests.faults.conftest import is_whole
from tests.faults.people import Answer, Load, PassersBy, Person, Socket
from tests.faults.process import until
from tests.faults.stack import Stack

READY_SECONDS = 5
WEB_CONNECTIONS = 8  # two processes of four threads


@pytest.fixture
async def socket(stack: Stack, host: Person) -> AsyncIterator[Socket]:
    socket = await Socket.open(stack.ws, host, heartbeat=0.5)
    yield socket
    await socket.close()


def faults(answers: list[Answer]) -> list[Answer]:
    return [answer for answer in answers if answer.status != 200]


def is_problem_with_a_hint(answer: Answer) -> bool:
    return answer.status == 503 and answer.kind == "application/problem+json" and answer.retry_after != ""


async def test_restart_costs_each_connection_one_refusal_at_most(
    stack: Stack, host: Person, socket: Socket
) -> None:
    passers = PassersBy(host)
    look, joins = Load(host.look, per_second=30), Load(passers.come_in, per_second=4)
    async with look.running(), joins.running():
        await joins.count(10)
        stack.postgres.kill()
        stack.postgres.start()
        await stack.postgres.ready()
        back_at = time.monotonic()
        seconds = await is_whole(stack, READY_SECONDS)
        await look.count(60)
    late = faults([*look.since(back_at), *joins.since(back_at)])
    refused = len(faults(look.answers))
    print(f"F4: ready after {seconds:.2f} s; {refused} steady requests refused, {len(late)} of them after")
    assert all(is_problem_with_a_hint(answer) for answer in faults([*look.answers, *joins.answers]))
    assert len(late) <= WEB_CONNECTIONS
    assert socket.is_open
    kept = {str(row[0]) for row in stack.sql("SELECT id FROM nonza_sessions_participant")}
    assert set(passers.joined) <= kept, "what was acknowledged is there"
    newcomer = Person(host.client, "Newcomer")
    assert (await newcomer.join(host.slug)).status_code == 200
    await until(
        lambda: newcomer.id in {heard["id"] for heard in socket.heard("participant.changed")}, 10, "a push"
    )
    assert stack.connections("web") <= WEB_CONNECTIONS


async def test_without_a_database_people_are_asked_to_come_back(
    stack: Stack, host: Person, socket: Socket
) -> None:
    stack.postgres.kill()
    health = await host.client.get("/healthz")
    ready = await host.client.get("/readyz")
    assert (health.status_code, ready.status_code, ready.json()["database"]) == (200, 503, False)
    page = await host.client.get(f"/session/{host.slug}/", headers={"Accept-Language": "ru"})
    assert (page.status_code, page.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert 'lang="ru"' in page.text
    assert 'http-equiv="refresh"' in page.text
    assert int(page.headers["retry-after"]) >= 1
    call = await host.look()
    assert (call.status_code, call.json()["code"]) == (503, "unavailable")
    webhook = await host.client.post("/api/v1/livekit/webhook/", content=b"{}")
    assert webhook.status_code == 401, "news are verified before any store is asked"
    beats = len(socket.heard("heartbeat"))
    await socket.hears("heartbeat", times=beats + 3)
    stack.postgres.start()
    await stack.postgres.ready()
    print(f"F5: ready after {await is_whole(stack, READY_SECONDS):.2f} s")
    assert (await host.look()).status_code == 200
    assert socket.is_open


WAITING = """
SELECT count(*), coalesce(extract(epoch FROM max(clock_timestamp() - query_start)), 0)
FROM pg_stat_activity WHERE wait_event_type = 'Lock'
"""


@contextlib.contextmanager
def locked_table(stack: Stack) -> object:
    with psycopg.connect(stack.database_url) as connection:
        connection.execute("LOCK TABLE nonza_sessions_participant IN ACCESS EXCLUSIVE MODE")
        yield
        connection.rollback()


async def test_long_lock_piles_nothing_up(stack: Stack, host: Person) -> None:
    look = Load(host.look, per_second=15)
    health = Load(lambda: host.client.get("/healthz"), per_second=2)
    async with look.running(), health.running():
        await look.count(15)
        with locked_table(stack):
            locked_at = time.monotonic()
            await asyncio.sleep(8)
            waiting, longest = stack.sql(WAITING)[0]
        free_at = time.monotonic()
        await look.count(60)
    during = [answer for answer in look.since(locked_at) if answer.at < free_at - 2]
    after = look.since(free_at + 3)
    slowest = max(answer.seconds for answer in [*look.answers, *health.answers])
    print(f"F5: slowest answer {slowest:.1f} s, health {health.statuses()}")
    print(f"F5: {waiting} queries waited, the longest for {longest:.1f} s")
    assert faults(during)
    assert all(is_problem_with_a_hint(answer) for answer in faults(look.answers))
    assert slowest < 12, "2 s of a lock, 3 s in the queue, and slack"
    assert waiting <= 2 * WEB_CONNECTIONS
    assert longest < 4, "a query waits 2 s for a lock"
    assert set(health.statuses()) == {200}
    assert faults(after) == []
