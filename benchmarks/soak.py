"""Two hundred sockets with churn, for as long as is asked: does anything grow that should not?

`python -m benchmarks.soak [--minutes 30] [--sockets 200] [--churn 2]` starts the production processes,
lets people come and go, and prints the memory of every kind of process, its descriptors, and what is
left in Redis. Exit status 1 if memory grows by 5 % or more, or anything is not back where it was.
"""

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults import stack as stacks
from tests.faults.herd import Herd, Member, come_in, herd_of
from tests.faults.people import Person
from tests.faults.process import Process
from tests.faults.rooms import enter
from tests.faults.stack import LIVEKIT_KEY, LIVEKIT_SECRET, Stack
from tests.faults.wire_livekit import WireLiveKit

GROWTH_AT_MOST = 0.05
WARM_UP = 0.25  # of the whole time: imports, pools and caches fill
SAMPLE_SECONDS = 10
SEAT_SECONDS = 62
# Kept connections of a pool come and go.
DESCRIPTORS_MORE = 10
LASTING = ("nonza:sockets:", "nonza:ticket:")


@dataclass
class Watch:
    """Samples of one kind of process."""

    processes: list[Process]
    samples: list[tuple[float, int]] = field(default_factory=list)

    def look(self) -> None:
        self.samples.append((time.monotonic(), sum(process.memory() for process in self.processes)))

    def descriptors(self) -> int:
        return sum(process.descriptors() for process in self.processes)

    def growth(self) -> float:
        """The share by which memory grew after the warm-up, along the line that fits best."""
        began, ended = self.samples[0][0], self.samples[-1][0]
        kept = [(at, size) for at, size in self.samples if at >= began + (ended - began) * WARM_UP]
        middle, mean = sum(at for at, _ in kept) / len(kept), sum(size for _, size in kept) / len(kept)
        spread = sum((at - middle) ** 2 for at, _ in kept) or 1.0
        slope = sum((at - middle) * (size - mean) for at, size in kept) / spread
        return slope * (kept[-1][0] - kept[0][0]) / mean


async def churn(herd: Herd, media: WireLiveKit, places: list[int], per_second: float, until: float) -> int:
    """At one of these places somebody leaves and somebody else comes, so many times a second."""
    changes = 0
    while time.monotonic() < until:
        began = time.monotonic()
        place = random.choice(places)
        old = herd.members[place]
        await old.close()
        if old.person.place["participant"]["role"] == "host":  # the session goes on with its host
            await old.come_back()
        else:
            await old.person.leave()
            person = Person(herd.client, "Dana")
            await come_in(person, old.person.slug)
            herd.members[place] = Member(person, old.ws)
            await herd.members[place].come_back()
            await enter(media, person)
        changes += 1
        await asyncio.sleep(max(0.0, 1 / per_second - (time.monotonic() - began)))
    return changes


async def come_into_the_call(herd: Herd, media: WireLiveKit) -> None:
    """Let everybody in: who does not come loses the seat after a minute, and with it the socket."""
    for member in herd.members:
        await enter(media, member.person)


async def all_at_once(herd: Herd) -> None:
    """Let all sockets go, and come back at the same moment."""
    await asyncio.gather(*[member.close() for member in herd.members])
    for member in herd.members:
        member.jitter = False
    await asyncio.gather(*[member.come_back() for member in herd.members])


async def watch(watches: dict[str, Watch], until: float) -> None:
    while time.monotonic() < until:
        for each in watches.values():
            each.look()
        await asyncio.sleep(SAMPLE_SECONDS)


def redis_keys(stack: Stack) -> Counter[str]:
    """How many keys of each kind there are (the part before the last name)."""
    with stack.store() as store:
        return Counter(":".join(key.split(":")[:2]) + ":" for key in store.scan_iter(count=1000))


async def soak(
    stack: Stack, media: WireLiveKit, *, minutes: float, sockets: int, per_second: float
) -> list[str]:
    """Let people come and go; return what is wrong."""
    watches = {
        "web": Watch(stack.web),
        "sockets": Watch(stack.sockets),
        "worker": Watch([stack.worker]),
        "redis": Watch([stack.redis]),
    }
    async with herd_of(stack, sockets) as herd:
        await come_into_the_call(herd, media)
        await all_at_once(herd)  # the pools of connections are as full as they get
    await asyncio.sleep(SAMPLE_SECONDS)
    before = {name: each.descriptors() for name, each in watches.items()}
    async with herd_of(stack, sockets) as herd:
        await come_into_the_call(herd, media)
        until = time.monotonic() + minutes * 60
        # Several at once: coming back waits half a second and more, as pages do.
        places = range(len(herd.members))
        drivers = [churn(herd, media, list(places[first::4]), per_second / 4, until) for first in range(4)]
        *counts, _nothing = await asyncio.gather(*drivers, watch(watches, until))
        faults = herd.faults()
    await asyncio.sleep(SEAT_SECONDS)
    left = redis_keys(stack)
    wrong = [f"somebody met {dict(faults)}"] if faults else []
    print(f"{minutes:g} min, {sockets} sockets, {sum(counts)} left and came")
    for name, each in watches.items():
        grown, more = each.growth(), each.descriptors() - before[name]
        size = each.samples[-1][1] / 2**20
        print(f"{name:8} {size:6.1f} MiB, {grown:+.1%} after the warm-up; {more:+d} descriptors")
        if name != "redis" and grown >= GROWTH_AT_MOST:
            wrong.append(f"{name} grew by {grown:.1%}")
        if more > DESCRIPTORS_MORE:
            wrong.append(f"{name} holds {more} descriptors more than before")
    print(f"Redis holds {dict(left)}")
    wrong += [f"Redis still has {left[kind]} of {kind}" for kind in LASTING if left[kind]]
    return [*wrong, *(f"{name} has died" for name in stack.dead())]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--sockets", type=int, default=200, help="a multiple of ten")
    parser.add_argument("--churn", type=float, default=2, help="how many leave and come each second")
    options = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory(prefix="nonza-soak-") as folder,
        WireLiveKit(key=LIVEKIT_KEY, secret=LIVEKIT_SECRET) as media,
        stacks.running(Path(folder), livekit_url=media.address) as stack,
    ):
        media.news.url = f"{stack.http}/api/v1/livekit/webhook/"
        wrong = asyncio.run(
            soak(stack, media, minutes=options.minutes, sockets=options.sockets, per_second=options.churn)
        )
    for sentence in wrong:
        print(f"WRONG: {sentence}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
