"""Everybody in a space follows one text channel: what a delivered message costs, beside a bare hub.

    python -m benchmarks.chat_fanout [--seconds 8] [--rounds 3] [--cases 100x20,300x20,1000x20,300x100]

The production processes on random ports (Postgres, Redis, granian, our server of sockets); each client is
a member with a ticket, and all are at one process of sockets. Messages are written over HTTP by a
member. Beside it, in the same run and in turns: `benchmarks.bare_hub`, which gets the same bytes
from the same Redis and sends each by uvicorn's own `send`, stepped by hand. CPU is that of the one process
that serves the sockets, without what it uses while nobody writes; latency is from before the request until
a client has the frame (for the bare hub: from before the publishing). Last, all come back at once after
fifty messages that they missed.
"""

import argparse
import contextlib
import http.client
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import redis

from benchmarks.bare_hub import CHANNEL
from benchmarks.presence import cpu_of
from nonza.run.ports import free_port
from tests.faults import stack as stacks
from tests.faults.process import Process
from tests.faults.stack import ROOT, Stack

IDLE_SECONDS = 4
MISSED = 50
PADDING = "x" * 60
ROOMY = {
    "NONZA_RATE_MESSAGE_PERSON": "1000000/min",
    "NONZA_RATE_MESSAGE_PLACE": "1000000/min",
    "NONZA_RATE_USER": "1000000/min",
    "NONZA_SOCKETS_PER_USER": "100",
}


class Clients:
    """A process of clients, and the way to tell it what to do."""

    def __init__(self, address: dict[str, Any]) -> None:
        self.address = address
        self.process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.fanout_clients"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT,
        )  # fmt: skip

    def do(self, what: str, **order: Any) -> dict[str, Any]:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(orjson.dumps({"do": what, **self.address, **order}) + b"\n")
        self.process.stdin.flush()
        return dict(orjson.loads(self.process.stdout.readline()))

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


@dataclass
class Server:
    """One of the two that are compared."""

    name: str
    process: Process
    clients: Clients
    hellos: Callable[[int], list[str]]
    write: Callable[[int, float], None]
    """Write so many messages, so many a second."""


def text_of(number: int) -> str:
    return f"fan {number:07d} {time.monotonic_ns():016d} {PADDING}"


def paced(count: int, rate: float, threads: int, send: Callable[[int, int], None]) -> None:
    """Call `send(thread, number)` at even times."""
    began, numbers, lock = time.monotonic(), iter(range(count)), threading.Lock()

    def work(thread: int) -> None:
        while True:
            with lock:  # one number after the other: what is measured is not who overtakes whom
                number = next(numbers, None)
                if number is None:
                    return
                time.sleep(max(0.0, began + number / rate - time.monotonic()))
            send(thread, number)

    workers = [threading.Thread(target=work, args=(thread,)) for thread in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


class Nonza:
    """A space with its members, and a member's program that writes."""

    def __init__(self, stack: Stack, members: int) -> None:
        from django.test import Client  # noqa: PLC0415 -- Django is set up by then

        from identity.models import User  # noqa: PLC0415 -- Django is set up by then
        from spaces.models import Channel, Membership, Space  # noqa: PLC0415 -- Django is set up by then

        self.stack = stack
        space = Space.objects.create(name="Northlight Ferries")
        self.users = User.objects.bulk_create(
            User(email=f"m{number}@example.org", display_name=f"Member {number}") for number in range(members)
        )
        Membership.objects.bulk_create(Membership(space=space, user=user) for user in self.users)
        channel = Channel.objects.create(space=space, name="general", type="text")
        self.path = f"/ws/spaces/{space.pk}/"
        self.space_id = space.pk
        self.url = f"/api/v1/channels/{channel.pk}/messages/"
        browser = Client()
        browser.force_login(self.users[0], "django.contrib.auth.backends.ModelBackend")
        secret = "0123456789abcdef" * 2
        cookies = {**{name: morsel.value for name, morsel in browser.cookies.items()}, "csrftoken": secret}
        self.headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-CSRFToken": secret,
            "Origin": stack.http,
            "Content-Type": "application/json",
        }
        self.answered: list[float] = []
        self.sample: dict[str, Any] = {}
        self.connections = [
            http.client.HTTPConnection("127.0.0.1", web.port) for web in stack.web for _count in range(2)
        ]

    def hellos(self, count: int, **more: Any) -> list[str]:
        from identity.rules import Actor  # noqa: PLC0415 -- Django is set up by then
        from identity.services.tickets import mint_ticket  # noqa: PLC0415 -- Django is set up by then

        tickets = [mint_ticket(actor=Actor(user=user), path=self.path).ticket for user in self.users[:count]]
        return [orjson.dumps({"type": "hello", "ticket": ticket, **more}).decode() for ticket in tickets]

    def top(self) -> dict[str, Any]:
        from nonza.realtime.streams import readers_of  # noqa: PLC0415 -- Django is set up by then

        return dict(readers_of("space")["chat"].tops([self.space_id])[self.space_id]._asdict())

    def write(self, count: int, rate: float) -> None:
        paced(count, rate, len(self.connections) if rate > 25 else 1, self._post)

    def push(self, count: int, rate: float) -> None:
        """Push as a write does, without writing: for rates that this machine's web servers do not reach."""
        paced(count, rate, 1, self._push)

    def _push(self, _thread: int, number: int) -> None:
        from chat.models import SpaceLog  # noqa: PLC0415 -- Django is set up by then
        from nonza.realtime import broadcast_logged_on_commit, space_group  # noqa: PLC0415 -- as above
        from nonza.realtime.streams import Position  # noqa: PLC0415 -- as above

        if not self.sample:
            self._post(0, number)
        top = self.top()
        position = Position(top["epoch"], top["offset"] + 1)
        SpaceLog.objects.filter(pk=self.space_id).update(offset=position.offset)
        payload = {**self.sample, "text": text_of(number)}
        broadcast_logged_on_commit(space_group(self.space_id), "chat", position, "message.created", payload)

    def _post(self, thread: int, number: int) -> None:
        connection = self.connections[thread]
        body = orjson.dumps({"client_id": str(uuid.uuid4()), "text": text_of(number)})
        began = time.monotonic()
        try:
            connection.request("POST", self.url, body, self.headers)
            answer = connection.getresponse()
        except (OSError, http.client.HTTPException):  # the server has closed it meanwhile
            connection.close()
            connection.request("POST", self.url, body, self.headers)
            answer = connection.getresponse()
        content = answer.read()
        self.answered.append(1000 * (time.monotonic() - began))
        assert answer.status == 201, content
        self.sample = orjson.loads(content)


class Bare:
    """Publishing to the bare hub, as long a frame as a message of Nonza's is."""

    def __init__(self, url: str, length: int) -> None:
        self.redis = redis.Redis.from_url(url)
        self.length = length

    def write(self, count: int, rate: float) -> None:
        paced(count, rate, 1, self._publish)

    def _publish(self, _thread: int, number: int) -> None:
        frame = {"event": "message.created", "payload": {"text": text_of(number), "fill": ""}}
        frame["payload"]["fill"] = "y" * (self.length - len(orjson.dumps(frame)))  # type: ignore[index]
        self.redis.publish(CHANNEL, orjson.dumps(frame))


def measure(server: Server, count: int, rate: float, seconds: float) -> dict[str, float]:
    """Write for a while; returns what each delivery cost and how late it came."""
    pid, messages = server.process.pid, int(rate * seconds)
    server.write(10, rate)  # the first ones open connections
    used = cpu_of(pid)
    time.sleep(IDLE_SECONDS)
    idle = (cpu_of(pid) - used) / IDLE_SECONDS
    server.clients.do("forget")
    used, began = cpu_of(pid), time.monotonic()
    server.write(messages, rate)
    wrote = time.monotonic() - began
    deadline = time.monotonic() + 20
    while (heard := server.clients.do("report"))["heard"] < messages * count and time.monotonic() < deadline:
        time.sleep(0.1)
    elapsed = time.monotonic() - began
    cpu = cpu_of(pid) - used - idle * elapsed
    return {
        "us": 1e6 * cpu / max(1, heard["heard"]),
        "lost": messages * count - heard["heard"],
        "wrong": heard["wrong"],
        "a second": heard["heard"] / wrote,
        "p50": heard["ms"][0],
        "p95": heard["ms"][1],
        "p99": heard["ms"][2],
    }


def gather(server: Server, count: int) -> None:
    """Open so many sockets, a few at a time, and say what they cost."""
    before, used = server.process.memory(), cpu_of(server.process.pid)
    came = server.clients.do("connect", hellos=server.hellos(count), at_once=20, until=0)
    time.sleep(1)
    memory = (server.process.memory() - before) / count / 1024
    cpu = 1000 * (cpu_of(server.process.pid) - used) / count
    print(
        f"{server.name}: {came['came']} of {count} came in {came['seconds']:.1f} s, "
        f"{memory:.0f} KB and {cpu:.2f} ms of CPU each",
        flush=True,
    )


def compare(servers: list[Server], count: int, rate: float, seconds: float, rounds: int) -> None:
    """Measure both in turns, and print both and the ratio."""
    for server in servers:
        server.clients.do("leave")
    time.sleep(3)  # what the leaving costs
    for server in servers:
        gather(server, count)
    found: dict[str, list[dict[str, float]]] = {server.name: [] for server in servers}
    for _round in range(rounds):
        for server in servers:
            found[server.name].append(measure(server, count, rate, seconds))
    middle = {
        name: {key: statistics.median(figures[key] for figures in rounds_of) for key in rounds_of[0]}
        for name, rounds_of in found.items()
    }
    for name, figures in middle.items():
        lost, wrong = (sum(figures_of[key] for figures_of in found[name]) for key in ("lost", "wrong"))
        print(
            f"{count} x {rate:g}/s {name}: {figures['us']:.2f} us of CPU a delivery, "
            f"{figures['a second']:.0f} delivered/s, p50 {figures['p50']:.1f} p95 {figures['p95']:.1f} "
            f"p99 {figures['p99']:.1f} ms, {lost:.0f} lost, {wrong:.0f} out of order or twice",
            flush=True,
        )
    nonza, bare = (middle[server.name]["us"] for server in servers)
    print(f"{count} x {rate:g}/s: CPU a delivery {nonza / bare:.2f} times the bare hub's", flush=True)


def come_back(server: Server, nonza: Nonza, count: int) -> None:
    """All leave, fifty messages are written, and all come back at once and get them."""
    server.clients.do("leave")
    server.clients.do("connect", hellos=nonza.hellos(count), at_once=20, until=0)
    top = nonza.top()
    server.clients.do("leave")
    nonza.write(MISSED, 100)
    time.sleep(3)  # what the leaving costs
    hellos = nonza.hellos(count, positions={"chat": top})
    server.clients.do("forget")
    used = cpu_of(server.process.pid)
    came = server.clients.do("connect", hellos=hellos, at_once=count, until=MISSED)
    heard = server.clients.do("report")
    cpu = cpu_of(server.process.pid) - used
    print(
        f"{came['came']} of {count} came back at once in {came['seconds']:.2f} s, {cpu:.2f} s of CPU; "
        f"{heard['heard']} of {MISSED * count} missed messages recovered, {heard['wrong']} out of order",
        flush=True,
    )


@contextlib.contextmanager
def bare_hub(stack: Stack) -> Iterator[Process]:
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.bare_hub", "--port", str(port), "--redis", stack.redis_url]
    process = Process("bare hub", command, stack.folder, dict(os.environ), port, working_folder=str(ROOT))
    process.start()
    process.wait_ready()
    try:
        yield process
    finally:
        process.end()


def run(stack: Stack, options: argparse.Namespace) -> None:
    cases = [tuple(map(int, case.split("x"))) for case in options.cases.split(",") if case]
    pushed = [tuple(map(int, case.split("x"))) for case in options.pushed.split(",") if case]
    nonza = Nonza(stack, max([count for count, _rate in cases + pushed] + [options.back]))
    sockets = stack.sockets[0]
    origin = {"host": "127.0.0.1", "origin": stack.http}
    with bare_hub(stack) as hub:
        ours = Clients({**origin, "port": sockets.port, "path": nonza.path})
        bare = Clients({**origin, "port": hub.port, "path": "/"})
        servers = [
            Server("nonza", sockets, ours, nonza.hellos, nonza.write),
            Server("bare hub", hub, bare, lambda count: ["{}"] * count, Bare(stack.redis_url, 800).write),
        ]
        try:
            for server in servers:  # what only the first sockets cost
                server.clients.do("connect", hellos=server.hellos(20), at_once=20, until=0)
            for count, rate in cases:
                nonza.answered.clear()
                compare(servers, count, rate, options.seconds, options.rounds)
                answered = statistics.quantiles(nonza.answered, n=100)
                print(f"of that the request: p50 {answered[49]:.1f} p99 {answered[98]:.1f} ms", flush=True)
            servers[0].write = nonza.push
            for count, rate in pushed:
                print("pushed without being written:", flush=True)
                compare(servers, count, rate, options.seconds, options.rounds)
            if options.back:
                come_back(servers[0], nonza, options.back)
        finally:
            ours.end()
            bare.end()


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument(
        "--cases", default="100x20,300x20,1000x20,300x100", help="sockets x messages a second"
    )
    parser.add_argument("--pushed", default="300x100", help="the same, but not written")
    parser.add_argument("--back", type=int, default=1000, help="so many come back at once; 0: nobody")
    options = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory(prefix="nonza-fanout-") as folder,
        stacks.running(Path(folder), **ROOMY) as stack,
    ):
        os.environ.update({**stack.environment, "NONZA_DATABASE_URL": stack.database_url})
        import django  # noqa: PLC0415 -- Django is set up by then

        django.setup()
        run(stack, options)


if __name__ == "__main__":
    main(sys.argv[1:])
