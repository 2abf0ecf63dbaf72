"""Three people write and read while parts of Nonza fall over: what was acknowledged is what all of them see,
once and in order, or they are told to load again."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.faults.chaos_proxy import ChaosProxy
from tests.faults.chat_client import Chatter, agree, nothing_is_lost
from tests.faults.chat_places import (
    CHANNEL,
    SESSION,
    all_present,
    all_writing,
    cut_off,
    in_a_channel,
    more_is_written,
    people_at,
)
from tests.faults.people import new_client
from tests.faults.process import until
from tests.faults.stack import Stack

pytestmark = pytest.mark.integration
NAMES = ("Marta", "Ilya", "Noor")
COME_BACK = 4412


@pytest.fixture(params=[CHANNEL, SESSION])
async def trio(request: pytest.FixtureRequest, stack: Stack, client: httpx.AsyncClient) -> list[Chatter]:
    """Three people at a place where they write."""
    return await people_at(request.param, stack, client, *NAMES)


def told(chatters: list[Chatter]) -> str:
    return (
        f"{len(chatters[0].view)} messages; resumed {[each.resumed for each in chatters]} times "
        f"with {[each.recovered for each in chatters]} events, loaded again "
        f"{[each.resets for each in chatters]} times, sent twice {[each.repeated for each in chatters]}, "
        f"closed {[dict(each.closes) for each in chatters]}"
    )


async def test_killed_web_server_loses_no_message(stack: Stack, trio: list[Chatter]) -> None:
    async with all_writing(trio):
        stack.web[0].kill()
        await more_is_written(trio)
        stack.web[0].start()
        await stack.web[0].ready()
    print(f"web killed: {told(trio)}")
    assert [chatter.resets for chatter in trio] == [0, 0, 0]


async def test_killed_socket_server_loses_no_message(stack: Stack, trio: list[Chatter]) -> None:
    async with all_writing(trio):
        stack.sockets[0].kill()
        await more_is_written(trio)
        await until(lambda: all(chatter.is_open for chatter in trio), 30, "everybody is back")
        stack.sockets[0].start()
        await stack.sockets[0].ready()
    print(f"sockets killed: {told(trio)}")
    assert sum(chatter.resumed for chatter in trio) >= 1
    assert [chatter.resets for chatter in trio] == [0, 0, 0]


async def test_socket_server_that_is_asked_to_end_sends_everybody_elsewhere(
    stack: Stack, client: httpx.AsyncClient
) -> None:
    people = await in_a_channel(stack, client, *NAMES, "Dana", "Leif", "Aino")
    async with all_writing(people):
        stack.sockets[0].terminate()
        await stack.sockets[0].ended(40)
        await until(lambda: all(chatter.is_open for chatter in people), 30, "everybody is back")
        stack.sockets[0].start()
        await stack.sockets[0].ready()
    print(f"sockets drained: {told(people)}")
    closes = sum((chatter.closes for chatter in people), type(people[0].closes)())
    assert closes[COME_BACK] >= 1
    assert set(closes) == {COME_BACK}, "nobody was cut off without a word"
    assert [chatter.resets for chatter in people] == [0] * len(people)


@contextlib.asynccontextmanager
async def written_down(stack: Stack) -> AsyncIterator[None]:
    """Let Redis keep an append-only file, from which it begins again; as before afterwards."""
    with stack.store() as store:
        store.config_set("appendonly", "yes")
        await until(
            lambda: store.info("persistence")["aof_rewrite_in_progress"] == 0, 10, "the file is there"
        )
    plain = list(stack.redis.command)
    stack.redis.command[plain.index("--appendonly") + 1] = "yes"
    try:
        yield
    finally:
        stack.redis.command[:] = plain
        with stack.store() as store:
            store.config_set("appendonly", "no")


async def test_redis_that_comes_back_with_its_file_loses_no_message(
    stack: Stack, trio: list[Chatter]
) -> None:
    """A session's chat begins a new epoch all the same: its file may lack the last second."""
    async with written_down(stack), all_writing(trio):
        stack.redis.kill()
        stack.redis.start()
        await stack.redis.ready()
    print(f"Redis killed, with its file: {told(trio)}")
    if trio[0].is_in_a_channel:
        assert [chatter.resets for chatter in trio] == [0, 0, 0]
    else:
        assert all(chatter.resets >= 1 for chatter in trio)


async def test_channel_loses_nothing_where_redis_loses_everything(
    stack: Stack, client: httpx.AsyncClient
) -> None:
    people = await in_a_channel(stack, client, *NAMES)
    async with all_writing(people):
        stack.redis.kill()
        stack.redis.start()
        await stack.redis.ready()
    print(f"Redis lost, channel: {told(people)}")


async def test_chat_of_a_session_that_is_lost_is_never_lost_in_silence(
    stack: Stack, client: httpx.AsyncClient
) -> None:
    people = await people_at(SESSION, stack, client, *NAMES)
    async with all_writing(people, may_lose=True):
        before = {chatter.at.epoch for chatter in people if chatter.at}
        lost = set().union(*(chatter.acknowledged for chatter in people))
        stack.redis.kill()
        stack.redis.start()
        await stack.redis.ready()
        await more_is_written(people)
    print(f"Redis lost, session: {told(people)}")
    after = {chatter.at.epoch for chatter in people if chatter.at}
    assert len(before) == len(after) == 1
    assert before != after, "offsets began anew, and nobody could know"
    assert all(chatter.resets >= 1 for chatter in people)
    for chatter in people:
        kept = set(chatter.acknowledged) & set(chatter.view)
        assert kept, "what was written afterwards is there"
        assert not lost & set(chatter.view)


async def test_postgres_that_falls_over_loses_no_message(stack: Stack, client: httpx.AsyncClient) -> None:
    people = await in_a_channel(stack, client, *NAMES)
    async with all_writing(people):
        stack.postgres.kill()
        stack.postgres.start()
        await stack.postgres.ready()
    print(f"Postgres killed: {told(people)}")
    assert [chatter.resets for chatter in people] == [0, 0, 0]


async def test_cut_network_sends_nothing_twice_and_misses_nothing(stack: Stack, trio: list[Chatter]) -> None:
    async with (
        ChaosProxy(stack.nginx.port).running() as proxy,
        new_client(f"http://127.0.0.1:{proxy.port}", seconds=1.5) as http,
    ):
        cut = cut_off(trio[2], http, proxy.port)
        people = [*trio[:2], cut]
        async with all_writing(people):
            proxy.hold_answers()  # the next message is taken, and its writer does not learn it
            await more_is_written(people[:2])
            await until(
                lambda: bool(set(people[0].of(cut.person.name)) - set(cut.acknowledged)),
                30,
                "a message of who is cut off is taken, and they do not know",
            )
            proxy.blackhole()
            await more_is_written(people[:2])
            proxy.reset()
            proxy.heal()
            await until(lambda: cut.resumed >= 1, 30, "who was cut off is back")
    print(f"network cut: {told(people)}")
    assert cut.repeated >= 1, "no message was sent twice, so nothing was tried"
    assert cut.resets == 0


@pytest.mark.parametrize(("count", "is_told"), [(90, False), (520, True)])
async def test_who_was_away_gets_what_happened_meanwhile(
    stack: Stack, trio: list[Chatter], count: int, is_told: bool
) -> None:
    """Up to 500 events one by one, with the edits and the deletes; who missed more loads again."""
    marta, ilya, noor = trio
    async with all_present([marta, ilya]):
        async with noor.present():
            old = [await marta.write(f"Old {number}") for number in range(3)]
            await agree(trio)
        before = noor.at
        await write_many([marta, ilya], count)
        await marta.edit(old[0], "Edited while Noor was away")
        await marta.delete(old[1])
        edited = await ilya.write("New")
        await ilya.edit(edited, "New, and edited")
        await ilya.delete(await ilya.write("New, and deleted"))
        missed = count + 6
        async with noor.present():
            await agree(trio)
    print(f"away for {missed} events: {told(trio)}")
    nothing_is_lost(trio)
    assert before
    assert noor.view[old[0]]["text"] == "Edited while Noor was away"
    assert noor.view[old[1]]["deleted_at"]
    assert (noor.resumed, noor.recovered, noor.resets) == ((0, 0, 1) if is_told else (1, missed, 0))


async def write_many(people: list[Chatter], count: int) -> None:
    async def write(chatter: Chatter, number: int) -> None:
        for mine in range(number):
            await chatter.write(f"{chatter.person.name} meanwhile {mine}")

    share = count // len(people)
    await asyncio.gather(*(write(chatter, share) for chatter in people))
