"""A thousand members have a space open, ten a second enter a voice channel: what each join costs, beside
pushing the channel's list of people with every join, in one run.

    python -m benchmarks.presence [--members 1000] [--joins 100] [--rate 10]

The production processes on random ports (Postgres, Redis, uvicorn); every member is a real socket, and
all are at one uvicorn process. The joins are LiveKit's news as the web servers take them, made here.
CPU is the socket server's, from /proc, without what it uses while nobody joins; bytes are those of the
frames that the members receive.
"""

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
import websockets

from tests.faults import stack as stacks
from tests.faults.stack import Stack

TICKS = os.sysconf("SC_CLK_TCK")
HEARTBEAT_SECONDS = 10
ARRIVALS_A_SECOND = 25  # each arrival is itself told to all
IDLE_SECONDS = 6


@dataclass
class Audience:
    """The members' sockets, and what they have heard."""

    sockets: list[Any] = field(default_factory=list)
    readers: list[asyncio.Task] = field(default_factory=list)
    frames: int = 0
    bytes: int = 0

    async def stay(self) -> None:
        while True:
            await asyncio.sleep(HEARTBEAT_SECONDS)
            for socket in tuple(self.sockets):
                with contextlib.suppress(websockets.ConnectionClosed):
                    await socket.send('{"type": "heartbeat"}')


def cpu_of(pid: int) -> float:
    """Return the seconds of CPU that a process has used."""
    values = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(values[11]) + int(values[12])) / TICKS


def make_space(members: int, places: int) -> tuple[Any, list[Any]]:
    """Make a space with members, and places of the first of them in the call of a channel."""
    from identity.models import User  # noqa: PLC0415 -- Django is set up by then
    from sessions.models import Participant, Session, new_identity  # noqa: PLC0415 -- Django is set up by then
    from spaces.models import Channel, Membership, Space  # noqa: PLC0415 -- Django is set up by then

    space = Space.objects.create(name="Northlight Ferries")
    users = User.objects.bulk_create(
        User(email=f"m{number}@example.org", display_name=f"Member {number}") for number in range(members)
    )
    Membership.objects.bulk_create(Membership(space=space, user=user) for user in users)
    channel = Channel.objects.create(space=space, name="Galley", type="voice", max_participants=200)
    session = Session.objects.create(
        space=space, channel=channel, title="Galley", access="members", max_participants=200
    )
    people = []
    for user in users[:places]:
        person = Participant(session=session, user=user, display_name=user.display_name, state="admitted")
        person.identity = new_identity(person)
        person.save(force_insert=True)
        people.append(person)
    return space, people


async def gather_members(stack: Stack, space: Any, count: int) -> Audience:
    """Open a socket for each member, as their page does with a ticket of theirs."""
    from identity.models import User  # noqa: PLC0415 -- Django is set up by then
    from identity.rules import Actor  # noqa: PLC0415 -- Django is set up by then
    from identity.services.tickets import mint_ticket  # noqa: PLC0415 -- Django is set up by then

    audience, path = Audience(), f"/ws/spaces/{space.pk}/"
    audience.readers.append(asyncio.create_task(audience.stay()))
    users = await asyncio.to_thread(lambda: list(User.objects.order_by("email")[:count]))

    async def come(number: int, user: Any) -> None:
        await asyncio.sleep(number / ARRIVALS_A_SECOND)
        while True:
            ticket = await asyncio.to_thread(lambda: mint_ticket(actor=Actor(user=user), path=path).ticket)
            address = f"ws://127.0.0.1:{stack.sockets[0].port}{path}"
            socket = await websockets.connect(
                address, origin=stack.http, compression=None, ping_interval=None
            )
            await socket.send(orjson.dumps({"type": "hello", "ticket": ticket}).decode())
            try:
                await socket.recv(decode=False)
            except websockets.ConnectionClosed:  # too many at once; a page comes back as well
                await asyncio.sleep(1)
                continue
            audience.sockets.append(socket)
            audience.readers.append(asyncio.create_task(_bytes_of(audience, socket)))
            return

    await asyncio.gather(*[come(number, user) for number, user in enumerate(users)])
    return audience


async def _bytes_of(audience: Audience, socket: Any) -> None:
    while True:
        try:
            frame = await socket.recv(decode=False)
        except websockets.ConnectionClosed:
            return
        if b'"channel.' in frame[:32]:
            audience.frames += 1
            audience.bytes += len(frame)


def enter(person: Any) -> None:
    """Take LiveKit's news of somebody who is in the room."""
    from django.utils import timezone  # noqa: PLC0415 -- Django is set up by then

    from sessions.services.connections import connection_joined  # noqa: PLC0415 -- Django is set up by then

    connection_joined(
        room=str(person.session_id),
        identity=person.identity,
        sid=f"PA_{person.identity[-12:]}",
        at=timezone.now(),
    )


def push_list(person: Any) -> None:
    """Push everybody in the channel, as one would without thinking."""
    from nonza.realtime import broadcast_on_commit, space_group  # noqa: PLC0415 -- Django is set up by then
    from sessions.services.faces import calls_of  # noqa: PLC0415 -- Django is set up by then

    channel_id = str(person.session.channel_id)
    people = calls_of(person.session.space)["faces"].get(channel_id, [])
    payload = {"channel_id": channel_id, "people": people}
    broadcast_on_commit(space_group(person.session.space_id), "channel.people", payload)


async def measure(stack: Stack, audience: Audience, people: list[Any], rate: float, idle: float) -> dict:
    pid, members = stack.sockets[0].pid, len(audience.sockets)
    audience.frames = audience.bytes = 0
    used, began, joining = cpu_of(pid), time.monotonic(), 0.0
    for number, person in enumerate(people):
        await asyncio.sleep(max(0.0, began + number / rate - time.monotonic()))
        joining += await asyncio.to_thread(_timed, enter, person)
    deadline = time.monotonic() + 20
    while audience.frames < members * len(people) and time.monotonic() < deadline:  # noqa: ASYNC110 -- many count
        await asyncio.sleep(0.05)
    elapsed = time.monotonic() - began
    each = len(people) * members
    return {
        "heard": audience.frames / each,
        "bytes": audience.bytes / max(audience.frames, 1),
        "cpu": 1e6 * (cpu_of(pid) - used - idle * elapsed) / each,
        "join": 1000 * joining / len(people),
    }


def _timed(action: Callable[[Any], None], person: Any) -> float:
    began = time.thread_time()
    action(person)
    return time.thread_time() - began


async def idle_cpu(pid: int) -> float:
    """Return the seconds of CPU a second that the heartbeats alone cost."""
    used = cpu_of(pid)
    await asyncio.sleep(IDLE_SECONDS)
    return (cpu_of(pid) - used) / IDLE_SECONDS


async def run(stack: Stack, members: int, joins: int, rate: float) -> None:
    from sessions.models import Connection  # noqa: PLC0415 -- Django is set up by then
    from sessions.services import connections  # noqa: PLC0415 -- Django is set up by then

    space, people = await asyncio.to_thread(make_space, members, joins)
    began, used = time.monotonic(), cpu_of(stack.sockets[0].pid)
    audience = await gather_members(stack, space, members)
    cpu = cpu_of(stack.sockets[0].pid) - used
    print(f"{members} members came in {time.monotonic() - began:.0f} s; the server used {cpu:.1f} s of CPU")
    idle = await idle_cpu(stack.sockets[0].pid)
    ours = connections.push_entered
    found = {}
    for name, push in (("one face a join", ours), ("the list a join", push_list)):
        connections.push_entered = push
        found[name] = figures = await measure(stack, audience, people, rate, idle)
        print(
            f"{name}: {figures['bytes']:.0f} bytes and {figures['cpu']:.1f} us of CPU per join and member, "
            f"{figures['join']:.1f} ms of CPU where the join is made; heard by {figures['heard']:.1%}"
        )
        await asyncio.to_thread(lambda: Connection.objects.all().delete())
    face, whole = found["one face a join"], found["the list a join"]
    print(f"the list: {whole['bytes'] / face['bytes']:.1f} times the bytes, {whole['cpu'] / face['cpu']:.1f} "
          f"times the CPU of the socket server")  # fmt: skip
    for task in audience.readers:
        task.cancel()


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--members", type=int, default=1000)
    parser.add_argument("--joins", type=int, default=100, help="200 at most")
    parser.add_argument("--rate", type=float, default=10)
    options = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory(prefix="nonza-presence-") as folder,
        stacks.running(Path(folder)) as stack,
    ):
        os.environ.update({**stack.environment, "NONZA_DATABASE_URL": stack.database_url})
        import django  # noqa: PLC0415 -- Django is set up by then

        django.setup()
        asyncio.run(run(stack, options.members, options.joins, options.rate))


if __name__ == "__main__":
    main(sys.argv[1:])
