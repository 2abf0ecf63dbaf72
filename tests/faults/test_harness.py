"""The stack that the fault tests break: it is Nonza as production runs it, and it breaks as asked."""

import asyncio
import time

import httpx

from tests.faults.chaos_proxy import ChaosProxy
from tests.faults.people import Load, Person, Socket
from tests.faults.process import until
from tests.faults.stack import Stack
from tests.faults.wire_livekit import WireLiveKit


async def test_people_meet_over_all_its_parts(stack: Stack, client: httpx.AsyncClient, host: Person) -> None:
    guest = Person(client, "Ilya")
    first = await Socket.open(stack.ws, host)
    assert (await guest.join(host.slug)).status_code == 200
    heard = await first.hears("participant.changed")
    assert (heard["id"], heard["display_name"]) == (guest.id, "Ilya")
    await first.close()


async def test_people_come_into_the_fake_room(media: WireLiveKit, host: Person) -> None:
    answer = await host.token()
    assert answer.status_code == 200, answer.text
    await asyncio.to_thread(media.join, answer.json()["token"])

    async def is_in_call() -> bool:
        return [person["in_call"] for person in await host.people()] == [True]

    await until(is_in_call, 10, "the webhook has come through nginx")


async def test_postgres_tells_what_each_kind_of_process_asked(
    stack: Stack, client: httpx.AsyncClient, host: Person
) -> None:
    stack.forget_queries()
    assert (await host.look()).status_code == 200
    assert 0 < sum(stack.queries("web").values()) <= 5
    assert stack.queries("sockets") == {}


async def test_proxy_goes_silent_and_carries_on(stack: Stack, host: Person) -> None:
    async with ChaosProxy(stack.nginx.port).running() as proxy:
        socket = await Socket.open(f"ws://127.0.0.1:{proxy.port}", host)
        await socket.beat()
        await socket.hears("heartbeat")
        proxy.blackhole()
        await socket.beat()
        load = Load(lambda: host.client.get("/healthz"), per_second=50)
        async with load.running():
            await load.count(20)
        assert len(socket.heard("heartbeat")) == 1
        proxy.heal()
        await socket.hears("heartbeat", times=2)
        proxy.reset()
        assert await socket.closes() == 1006


async def test_frozen_server_answers_again_when_it_goes_on(stack: Stack) -> None:
    web = stack.web[0]
    async with httpx.AsyncClient(base_url=stack.web_addresses[0], timeout=30, trust_env=False) as client:
        headers = {"Host": stack.http.removeprefix("http://")}
        web.freeze()
        began = time.monotonic()
        asking = asyncio.create_task(client.get("/healthz", headers=headers))
        done, _ = await asyncio.wait({asking}, timeout=0.5)
        assert not done
        web.thaw()
        assert (await asking).status_code == 200
        assert time.monotonic() - began >= 0.5
