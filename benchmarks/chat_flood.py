"""One of many floods a chat, at the limit and far beyond it: how soon the others read each other, beside a
quiet run, in turns, in one run.

    python -m benchmarks.chat_flood [--people 30] [--writers 6] [--seconds 20] [--turns 3]

The production processes on random ports (nginx, two web and two socket servers, Postgres, Redis) with the
limits as they are delivered. A latency is from the beginning of a request to the moment at which another
person's socket has the message; those of the flooder are not counted. All of it runs on this machine, and
the flooder's own process takes its share of it.
"""

import argparse
import asyncio
import contextlib
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.faults import stack as stacks
from tests.faults.chat_client import Chatter
from tests.faults.chat_places import CHANNEL, SESSION, all_present, people_at
from tests.faults.members import Member
from tests.faults.people import new_client, percentile
from tests.faults.stack import ROOT, Stack

LIMITS = {"NONZA_RATE_MESSAGE_PERSON": "10/2s,60/min", "NONZA_RATE_MESSAGE_PLACE": "600/min"}
PAUSE_SECONDS = 1.2  # of each writer: under 60 a minute
FLOOD_AT_ONCE = 8

# The flooder: a process of its own, so that only the server and the cores are shared with the others.
_FLOOD = """
import asyncio, collections, httpx, json, sys, uuid
address, headers, at_once = sys.argv[1], json.loads(sys.argv[2]), int(sys.argv[3])
answers = collections.Counter()

async def ask(client):
    while True:
        body = {"client_id": str(uuid.uuid4()), "text": "More and more"}
        answer = await client.post(address, json=body, headers=headers)
        answers[answer.status_code] += 1

async def flood():
    limits = httpx.Limits(max_connections=at_once)
    async with httpx.AsyncClient(timeout=30, limits=limits, trust_env=False) as client:
        asked = [asyncio.create_task(ask(client)) for _one in range(at_once)]
        await asyncio.to_thread(sys.stdin.read)
        for task in asked:
            task.cancel()
        await asyncio.gather(*asked, return_exceptions=True)

asyncio.run(flood())
print(json.dumps(answers))
"""


@dataclass
class Reader(Chatter):
    """Notes when each message came."""

    came: dict[str, float] = field(default_factory=dict)

    def _apply(self, event: str, payload: dict[str, Any], offset: int) -> None:
        super()._apply(event, payload, offset)
        if event == "message.created":
            self.came[payload["text"]] = time.monotonic()


@dataclass
class Run:
    """What was measured in one turn."""

    latencies: list[float] = field(default_factory=list)
    requests: list[float] = field(default_factory=list)
    faults: int = 0

    def add(self, other: "Run") -> None:
        self.latencies += other.latencies
        self.requests += other.requests
        self.faults += other.faults


async def measure(people: list[Reader], writers: int, seconds: float) -> Run:
    """Let the first few write for a while; everybody reads."""
    run, sent, over = Run(), dict[str, float](), asyncio.Event()

    async def write(reader: Reader, first: float) -> None:
        await asyncio.sleep(first)
        number = 0
        while not over.is_set():
            number += 1
            text = f"{reader.person.name} {number} {time.monotonic()}"
            sent[text] = time.monotonic()
            await reader.write(text)
            run.requests.append(time.monotonic() - sent[text])
            await asyncio.sleep(PAUSE_SECONDS)

    writing = [asyncio.create_task(write(people[each], each / writers)) for each in range(writers)]
    await asyncio.sleep(seconds)
    over.set()
    await asyncio.gather(*writing)
    await asyncio.sleep(1)
    for reader in people:
        run.latencies += [reader.came[text] - at for text, at in sent.items() if text in reader.came]
        run.faults += sum(text not in reader.came for text in sent) + len(reader.faults)
    return run


@contextlib.asynccontextmanager
async def flooding(stack: Stack, flooder: Chatter) -> AsyncIterator[Counter[str]]:
    """Let somebody flood while the body runs; the answers are there afterwards."""
    answers: Counter[str] = Counter()
    address = f"{stack.http}/api/v1/{flooder.messages}"
    command = [sys.executable, "-c", _FLOOD, address, json.dumps(credentials(flooder)), str(FLOOD_AT_ONCE)]
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=pipe, stdout=pipe)
    try:
        yield answers
    finally:
        told, _nothing = await process.communicate(b"")  # the end of its input ends it
        answers.update(json.loads(told))


def credentials(chatter: Chatter) -> dict[str, str]:
    person = chatter.person
    if isinstance(person, Member):
        return person.headers
    return {"Authorization": f"Bearer {person.credential}"}


async def at(place: str, stack: Stack, options: argparse.Namespace) -> None:
    async with new_client(stack.http) as client:
        names = [f"Person {number}" for number in range(options.people + 1)]
        *readers, flooder = await readers_at(place, stack, client, names)
        quiet, loud, answers = Run(), Run(), Counter[str]()
        async with all_present([*readers]):
            await measure(readers, options.writers, 3)  # every process has answered once
            for _turn in range(options.turns):
                quiet.add(await measure(readers, options.writers, options.seconds))
                async with flooding(stack, flooder) as turn:
                    loud.add(await measure(readers, options.writers, options.seconds))
                answers.update(turn)
    tell(place, quiet, loud, answers)


async def readers_at(place: str, stack: Stack, client: httpx.AsyncClient, names: list[str]) -> list[Reader]:
    chatters = await people_at(place, stack, client, *names)
    return [Reader(each.person, each.ws, each.messages, heartbeat=10) for each in chatters]


def tell(place: str, quiet: Run, loud: Run, answers: Counter[str]) -> None:
    print(f"\n{place}: the flooder was answered {dict(answers)}")
    for name, run in (("quiet", quiet), ("flood", loud)):
        shares = ((run.latencies, "read by the others"), (run.requests, "answered"))
        for seconds, what in shares:
            p50, p95 = (percentile(seconds, share) * 1000 for share in (0.5, 0.95))
            print(f"  {name:6} {what:19} p50 {p50:6.1f} ms, p95 {p95:6.1f} ms ({len(seconds)} measured)")
    ratio = percentile(loud.latencies, 0.95) / percentile(quiet.latencies, 0.95)
    faults = quiet.faults + loud.faults
    print(f"  p95 beside the quiet run: {ratio:.2f} times; lost or doubled: {faults}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--writers", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--turns", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, stacks.running(Path(folder), **LIMITS) as stack:
        for place in (CHANNEL, SESSION):
            asyncio.run(at(place, stack, options))


if __name__ == "__main__":
    main()
