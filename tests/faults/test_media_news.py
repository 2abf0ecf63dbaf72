"""LiveKit's news goes astray, or LiveKit forgets everything: the rows are right again within 30 s."""

import asyncio
import contextlib
import random
from collections.abc import AsyncIterator

import httpx
import pytest

from tests.faults.people import Person
from tests.faults.process import until
from tests.faults.rooms import agree, by_rows, enter, really_in, room_of
from tests.faults.stack import Stack
from tests.faults.wire_livekit import WireLiveKit
from tests.faults.wire_news import Fate, at_once, at_random, late, lost, twice

pytestmark = pytest.mark.integration
SEED = 4


@pytest.fixture
async def people(client: httpx.AsyncClient, host: Person) -> list[Person]:
    """Eight people who are admitted to one session; the first is its host."""
    guests = [Person(client, f"Guest {number}") for number in range(7)]
    for guest in guests:
        assert (await guest.join(host.slug)).status_code == 200
    return [host, *guests]


@pytest.fixture(autouse=True)
async def _honest_again(media: WireLiveKit) -> AsyncIterator[None]:
    yield
    media.news.fate = at_once


@pytest.mark.parametrize(
    ("fate", "longest"),
    [(lost, 0), (twice, 0), (late(4), 4), (at_random(SEED, longest=8), 8)],
    ids=["lost", "twice", "late", "at random"],
)
async def test_rows_are_right_whatever_happens_to_the_news(
    stack: Stack, media: WireLiveKit, people: list[Person], fate: Fate, longest: float
) -> None:
    media.news.fate = fate
    room, chance = room_of(people[0]), random.Random(SEED)  # noqa: S311 -- nothing secret
    inside: dict[Person, str] = {}
    for _step in range(24):
        person = chance.choice(people)
        if person in inside and chance.random() < 0.6:
            media.leave(inside.pop(person))
        else:  # comes in, or takes over with a second tab
            inside[person] = await enter(media, person)
    took = await agree(stack, media, room, stay=longest + 2)  # also after what is late has come
    assert by_rows(stack, room) == dict.fromkeys((person.id for person in inside), 1)
    print(f"\nright after {took:.1f} s")


async def test_media_server_that_forgot_everything_leaves_no_ghost_and_counts_nobody_twice(
    stack: Stack, media: WireLiveKit, people: list[Person]
) -> None:
    room = room_of(people[0])
    for person in people:
        await enter(media, person)
    await agree(stack, media, room)
    media.forget()
    back, gone = people[:6], people[6:]
    async with _watching(stack, room) as most:
        await asyncio.gather(*(_come_back(media, person) for person in back))
        took = await agree(stack, media, room, stay=3)
    assert really_in(media, room) == dict.fromkeys((person.id for person in back), 1)
    assert most == [1], "somebody was counted twice meanwhile"
    listed = {person["id"]: person["in_call"] for person in await people[0].people()}
    assert listed == {person.id: person in back for person in people}
    assert {person["state"] for person in await people[0].people()} <= {"admitted", "left"}
    assert not any(listed[person.id] for person in gone)
    print(f"\nno ghost after {took:.1f} s")


async def _come_back(media: WireLiveKit, person: Person) -> None:
    """What a page does: ask for a fresh token after a random while, until it is let in."""
    await asyncio.sleep(random.uniform(0, 5))  # noqa: S311 -- nothing secret

    async def is_in() -> bool:
        try:
            await enter(media, person, after_loss=True)
        except Exception:  # noqa: BLE001 -- it tries again, whatever it was
            return False
        return True

    await until(is_in, 20, "a page is let in again")


@contextlib.asynccontextmanager
async def _watching(stack: Stack, room: str) -> AsyncIterator[list[int]]:
    """Look all the time how often one participant is in the call; the list holds the most."""
    most = [0]

    async def look() -> None:
        while True:
            counts = await asyncio.to_thread(by_rows, stack, room)
            most[0] = max([most[0], *counts.values()])
            await asyncio.sleep(0.1)

    watcher = asyncio.create_task(look())
    try:
        yield most
    finally:
        watcher.cancel()
        await asyncio.gather(watcher, return_exceptions=True)
