"""A LiveKit that does not answer: who wants to come in hears it soon, and everything else goes on."""

import asyncio
import time
from collections import Counter

import httpx
import pytest

from tests.faults.people import Load, Person, Socket, percentile
from tests.faults.process import until
from tests.faults.rooms import RECONCILED_SECONDS, agree, enter, room_of
from tests.faults.stack import Stack
from tests.faults.wire_livekit import WireLiveKit

pytestmark = pytest.mark.integration
AT_ONCE = 40  # five times as many as the web servers have threads


def _break(media: WireLiveKit, how: str) -> None:
    {"refuses": media.refuse, "hangs": media.hang, "answers 503": lambda: media.answer(503)}[how]()


@pytest.mark.parametrize("how", ["refuses", "hangs", "answers 503"])
async def test_people_hear_within_three_seconds_and_the_rest_goes_on(
    stack: Stack, media: WireLiveKit, client: httpx.AsyncClient, host: Person, how: str
) -> None:
    socket = await Socket.open(stack.ws, host)
    guests = [Person(client, f"Guest {number}") for number in range(3)]
    load = Load(host.look, per_second=20)
    _break(media, how)
    async with load.running():
        asked = time.monotonic()
        answers = await asyncio.gather(*(_timed_token(host) for _time in range(AT_ONCE)))
        joins = [await guest.join(host.slug) for guest in guests]
        await socket.hears("participant.changed", times=3)
        again = [await _timed_token(host) for _time in range(4)]
        await load.count(20)
    refusals = Counter((answer.status_code, answer.json()["code"]) for _seconds, answer in answers + again)
    assert refusals == {(503, "media_unavailable"): AT_ONCE + 4}
    assert {answer.headers["Retry-After"] for _seconds, answer in answers} == {"3"}
    slowest = max(seconds for seconds, _answer in answers + again)
    print(f"\n{how}: refused after {slowest:.2f} s at most, ", end="")
    assert slowest <= 3
    assert {answer.status_code for answer in joins} == {200}
    assert load.statuses(since=asked) == {200: len(load.since(asked))}
    print(f"others p95 {percentile([a.seconds for a in load.since(asked)], 0.95):.2f} s")
    assert not any(person["in_call"] for person in await host.people())
    assert socket.is_open
    await socket.close()

    media.work()

    async def has_token() -> bool:
        return (await host.token()).status_code == 200

    assert await until(has_token, 10, "calls are available again") <= 10


async def test_what_hosts_do_meanwhile_is_done_when_it_is_back(
    stack: Stack, media: WireLiveKit, client: httpx.AsyncClient, host: Person
) -> None:
    other, leaver = Person(client, "Ilya"), Person(client, "Olga")
    await other.start()
    await leaver.join(other.slug)
    for person in (host, other, leaver):
        await enter(media, person)
    await agree(stack, media, room_of(other))
    media.hang()
    assert (await host.send("POST", f"sessions/{host.slug}/end/", {})).status_code == 200
    assert (await leaver.leave()).status_code == 204  # and her browser keeps the call
    media.work()

    def is_done() -> bool:
        still = {identity.partition(".")[0] for identity in media.people(room_of(other))}
        return room_of(host) not in media.rooms() and still == {other.id}

    took = await until(is_done, RECONCILED_SECONDS, "the room is closed, and who left is out")
    print(f"\ndone {took:.1f} s after the media server was back")


async def _timed_token(person: Person) -> tuple[float, httpx.Response]:
    began = time.monotonic()
    answer = await person.token()
    return time.monotonic() - began, answer
