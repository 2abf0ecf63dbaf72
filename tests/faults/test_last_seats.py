"""Races for what there is once only: the last seats, and a session's code."""

import asyncio
import sys
from collections import Counter
from collections.abc import Iterator

import httpx
import pytest

from nonza.run.ports import free_port
from tests.faults.people import Person, new_client
from tests.faults.process import Process, until
from tests.faults.rooms import agree, enter, room_of
from tests.faults.stack import ROOT, Stack
from tests.faults.wire_livekit import WireLiveKit

pytestmark = pytest.mark.integration
AT_ONCE = 40


async def test_forty_who_join_at_once_take_exactly_the_two_free_seats(
    stack: Stack, client: httpx.AsyncClient
) -> None:
    host = Person(client, "Marta")
    await host.start(max_participants=3)
    guests = [Person(client, f"Guest {number}") for number in range(AT_ONCE)]
    answers = await asyncio.gather(*(guest.join(host.slug) for guest in guests))
    assert Counter(answer.status_code for answer in answers) == {200: 2, 409: AT_ONCE - 2}
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"session_full"}
    assert len(await host.people()) == 3


@pytest.mark.soak
async def test_seat_of_who_crashed_is_free_after_a_minute(
    stack: Stack, media: WireLiveKit, client: httpx.AsyncClient
) -> None:
    """One crashed before coming in, one in the call."""
    host = Person(client, "Marta")
    await host.start(max_participants=3)
    in_gate, in_call = Person(client, "In the gate"), Person(client, "In the call")
    await in_call.join(host.slug)
    identity = await enter(media, in_call)
    await agree(stack, media, room_of(host))
    await in_gate.join(host.slug)
    media.leave(identity)
    waiting = [Person(client, "Next"), Person(client, "Next but one")]

    async def comes_in(person: Person) -> bool:
        await asyncio.sleep(0.5)
        return (await person.join(host.slug)).status_code == 200

    took = [await until(lambda person=person: comes_in(person), 90, "a seat is free") for person in waiting]
    assert 50 < sum(took) <= 70
    print(f"\nfree after {sum(took):.0f} s")


@pytest.fixture
def rigged(stack: Stack) -> Iterator[Process]:
    """A third web server, whose random source is broken."""
    port = free_port()
    options = ("--interface", "wsgi", "--workers", "1", "--blocking-threads", "20", "--no-ws")
    command = [sys.executable, "-m", "granian", *options, "--port", str(port)]
    rigged = Process(
        "rigged web",
        [*command, "tests.faults.rigged_wsgi:application"],
        stack.folder,
        {**stack.web[0].environment, "PYTHONPATH": str(ROOT)},
        port,
        working_folder=str(ROOT),
    )
    try:
        rigged.start()
        rigged.wait_ready()
        yield rigged
    finally:
        rigged.end()


async def test_same_code_drawn_again_and_again_makes_twenty_sessions(stack: Stack, rigged: Process) -> None:
    async with new_client(f"http://127.0.0.1:{rigged.port}") as client:
        client.headers["Host"] = stack.http.removeprefix("http://")
        start = {"display_name": "Marta", "credential": "bearer"}
        answers = await asyncio.gather(
            *(client.post("/api/v1/sessions/", json=start) for _person in range(20))
        )
    assert Counter(answer.status_code for answer in answers) == {201: 20}
    codes = {answer.json()["session"]["slug"] for answer in answers}
    assert len(codes) == 20
    assert "aaaa-bbbb-cccc" in codes
