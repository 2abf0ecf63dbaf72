"""The two places where people write, with people in them: a text channel and a session's chat."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import httpx

from tests.faults.chat_client import Chatter, agree, nothing_is_lost
from tests.faults.members import make_members
from tests.faults.people import Person
from tests.faults.process import until
from tests.faults.stack import Stack

CHANNEL, SESSION = "channel", "session"
SECONDS_TO_FINISH = 30


async def in_a_channel(stack: Stack, client: httpx.AsyncClient, *names: str) -> list[Chatter]:
    """Members of a new space, who write in a text channel of it; the first owns it."""
    members = make_members(stack, client, *names)
    answer = await members[0].send(
        "POST", f"spaces/{members[0].space}/channels/", {"name": "Deck", "type": "text"}
    )
    assert answer.status_code == 201, answer.text
    messages = f"channels/{answer.json()['id']}/messages/"
    return [Chatter(member, stack.ws, messages) for member in members]


async def in_a_session(stack: Stack, client: httpx.AsyncClient, *names: str) -> list[Chatter]:
    """People in a new session, who write in its chat; the first hosts it."""
    host = Person(client, names[0])
    slug = await host.start()
    guests = [Person(client, name) for name in names[1:]]
    for guest in guests:
        answer = await guest.join(slug)
        assert answer.status_code == 200, answer.text
    return [Chatter(person, stack.ws, f"sessions/{slug}/messages/") for person in (host, *guests)]


async def people_at(place: str, stack: Stack, client: httpx.AsyncClient, *names: str) -> list[Chatter]:
    come = in_a_channel if place == CHANNEL else in_a_session
    return await come(stack, client, *names)


async def more_is_written(chatters: list[Chatter], count: int = 8, seconds: float = 30) -> None:
    """Wait until each of them has got so many more messages acknowledged."""
    wanted = [len(chatter.acknowledged) + count for chatter in chatters]
    await until(
        lambda: all(len(each.acknowledged) >= want for each, want in zip(chatters, wanted, strict=True)),
        seconds,
        f"{count} more messages of each are acknowledged",
    )


@contextlib.asynccontextmanager
async def all_present(chatters: list[Chatter]) -> AsyncIterator[None]:
    async with contextlib.AsyncExitStack() as pages:
        for chatter in chatters:
            await pages.enter_async_context(chatter.present())
        yield


@contextlib.asynccontextmanager
async def all_writing(chatters: list[Chatter], *, may_lose: bool = False) -> AsyncIterator[None]:
    """Everybody writes and reads before, during and after the body; in the end they agree.

    What was acknowledged is what everybody shows, unless the store itself `may_lose` what it had.
    """
    over = asyncio.Event()
    async with all_present(chatters):
        writers = [asyncio.create_task(chatter.write_until(over)) for chatter in chatters]
        try:
            await more_is_written(chatters)
            yield
            await more_is_written(chatters)
            over.set()
            await asyncio.wait_for(asyncio.gather(*writers), SECONDS_TO_FINISH)
        finally:
            for writer in writers:
                writer.cancel()
        await agree(chatters)
    if not may_lose:
        nothing_is_lost(chatters)


def cut_off(chatter: Chatter, http: httpx.AsyncClient, port: int) -> Chatter:
    """The same person, who reaches the same Nonza through a proxy at `port` by the client `http`."""
    person, site = chatter.person, str(chatter.person.client.base_url).rstrip("/")
    http.headers["Host"] = site.removeprefix("http://")
    person.client = http
    return Chatter(person, f"ws://127.0.0.1:{port}", chatter.messages, origin=site)
