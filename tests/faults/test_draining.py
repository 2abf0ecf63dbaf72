"""A socket server that is to end sends its people to the other one, and nobody misses anything."""

import asyncio
import json

import httpx

from tests.faults.people import Person, Socket
from tests.faults.stack import Stack

PEOPLE = 30
BACK_SECONDS = 10


async def test_everybody_goes_to_the_other_server_before_one_ends(
    stack: Stack, client: httpx.AsyncClient, host: Person
) -> None:
    people = [Person(client, f"Guest {number}") for number in range(PEOPLE)]
    await asyncio.gather(*(person.join(host.slug) for person in people))
    going, staying = (f"ws://127.0.0.1:{server.port}" for server in stack.sockets)
    sockets = await asyncio.gather(*(Socket.open(going, person) for person in people))
    watcher = await Socket.open(staying, host)
    stack.sockets[0].terminate()

    async def comes_back(person: Person, socket: Socket) -> Socket:
        assert await socket.closes() == 4412
        wait = json.loads(socket.close_reason)["retry_after"]
        assert 0 <= wait <= 5
        await asyncio.sleep(wait)
        return await Socket.open(stack.ws, person)  # nginx, which finds nobody behind the one that ends

    async with asyncio.timeout(BACK_SECONDS):
        back = await asyncio.gather(*map(comes_back, people, sockets))
    await stack.sockets[0].ended()
    assert stack.sockets[0].wait() == 0
    newcomer = Person(client, "Newcomer")
    await newcomer.join(host.slug)
    for socket in (*back, watcher):
        while newcomer.id not in {person["id"] for person in socket.heard("participant.changed")}:
            await socket.hears("participant.changed", times=len(socket.heard("participant.changed")) + 1)
        await socket.close()
    stack.sockets[0].start()
    await stack.sockets[0].ready()
