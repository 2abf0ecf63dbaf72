"""One of two servers is killed under load: the other one serves, and no acknowledged write is lost."""

import asyncio
import random
import time
from collections import Counter

import httpx
import pytest

from tests.faults.people import Person, Socket, new_client, percentile
from tests.faults.process import until
from tests.faults.stack import Stack

pytestmark = pytest.mark.integration
PEOPLE, PER_SECOND = 40, 15
BACK_SECONDS = 30


class Writer:
    """Guests who join a session, one after the other; what was answered with 200 is acknowledged."""

    def __init__(self, client: httpx.AsyncClient, slug: str) -> None:
        self.client, self.slug = client, slug
        self.acknowledged: list[Person] = []
        self.answers: list[tuple[float, int]] = []
        self._tasks: set[asyncio.Task] = set()

    async def join_for(self, seconds: float) -> None:
        deadline, number = time.monotonic() + seconds, 0
        while time.monotonic() < deadline:
            number += 1
            task = asyncio.create_task(self._join(Person(self.client, f"Writer {number}")))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
            await asyncio.sleep(1 / PER_SECOND)
        await asyncio.gather(*self._tasks)

    async def _join(self, person: Person) -> None:
        began = time.monotonic()
        try:
            status = (await person.join(self.slug)).status_code
        except httpx.HTTPError:
            status = 0
        self.answers.append((began, status))
        if status == 200:
            self.acknowledged.append(person)


async def test_killed_web_server_costs_the_other_one_nothing(
    stack: Stack, client: httpx.AsyncClient, host: Person
) -> None:
    writer = Writer(client, host.slug)
    other = stack.web[1]
    headers = {"Host": stack.http.removeprefix("http://"), "Authorization": f"Bearer {host.credential}"}
    statuses: Counter[int] = Counter()

    async def look_at_the_other() -> None:
        async with new_client(f"http://127.0.0.1:{other.port}") as past_nginx:
            while True:
                answer = await past_nginx.get(f"/api/v1/sessions/{host.slug}/", headers=headers)
                statuses[answer.status_code] += 1
                await asyncio.sleep(0.05)

    looking = asyncio.create_task(look_at_the_other())
    joining = asyncio.create_task(writer.join_for(9))
    await asyncio.sleep(3)
    stack.web[0].kill()
    killed = time.monotonic()
    await joining
    looking.cancel()
    away = [status for began, status in writer.answers if began > killed + 0.5]
    bad = sum(status == 0 or status >= 500 for status in away)
    print(f"\n{bad} of {len(away)} requests failed while one server was away; past nginx: {dict(statuses)}")
    assert set(statuses) == {200}
    assert bad < 0.01 * len(away) + 1
    kept = {person["id"] for person in await host.people()}
    assert {person.id for person in writer.acknowledged} <= kept, "an acknowledged join is lost"
    stack.web[0].start()
    await stack.web[0].ready()


async def test_killed_socket_server_has_everybody_back_within_thirty_seconds(
    stack: Stack, client: httpx.AsyncClient, host: Person
) -> None:
    people = [Person(client, f"Guest {number}") for number in range(PEOPLE)]
    await asyncio.gather(*(person.join(host.slug) for person in people))
    sockets = await asyncio.gather(*(Socket.open(stack.ws, person) for person in people))
    stack.sockets[0].kill()
    killed = time.monotonic()
    await until(lambda: any(not socket.is_open for socket in sockets), 10, "its sockets are closed")
    lost = [person for person, socket in zip(people, sockets, strict=True) if not socket.is_open]
    kept = [socket for socket in sockets if socket.is_open]
    assert lost
    assert kept, "the other server's sockets stay"
    back, seconds = await _all_back(stack, lost, killed)
    print(f"\n{len(lost)} back after {percentile(seconds, 0.95):.1f} s (p95), {max(seconds):.1f} s at most")
    assert max(seconds) <= BACK_SECONDS
    assert all(socket.is_open for socket in kept)
    newcomer = Person(client, "Newcomer")
    await newcomer.join(host.slug)
    for socket in (*back, *kept):
        while newcomer.id not in {person["id"] for person in socket.heard("participant.changed")}:
            await socket.hears("participant.changed", times=len(socket.heard("participant.changed")) + 1)
        await socket.close()
    stack.sockets[0].start()
    await stack.sockets[0].ready()


async def _all_back(stack: Stack, people: list[Person], since: float) -> tuple[list[Socket], list[float]]:
    """Come back as pages do: after a random while, again and again."""

    async def come_back(person: Person) -> tuple[Socket, float]:
        wait = 0.5
        while True:
            await asyncio.sleep(random.uniform(0, wait))  # noqa: S311 -- nothing secret
            wait = min(2 * wait, 20)
            try:
                return await Socket.open(stack.ws, person), time.monotonic() - since
            except (OSError, AssertionError, TimeoutError, httpx.HTTPError):
                assert time.monotonic() - since < 2 * BACK_SECONDS, "it never gets through"
                continue

    outcome = await asyncio.gather(*(come_back(person) for person in people))
    return [socket for socket, _seconds in outcome], [seconds for _socket, seconds in outcome]
