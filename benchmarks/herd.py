"""Five hundred sockets are dropped at once and come back: ours, and a bare ASGI socket's, in one run.

`python -m benchmarks.herd [--sockets 500]` starts the production processes on random ports (nginx, two
web and two socket servers, Postgres, Redis), drops everybody by killing the socket servers, and starts
these again. First everybody comes back as our pages do, with full jitter; then without any, as fast as
they are let in. Ours get a ticket each, say hello, and load their session and its people again.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.faults import stack as stacks
from tests.faults.herd import Herd, Member, herd_of
from tests.faults.people import Person, new_client, percentile
from tests.faults.stack import Stack

BARE = "benchmarks.bare_socket:application"


class BareMember(Member):
    """Someone who only opens a socket: no ticket, nothing to load."""

    async def try_once(self) -> bool:
        self.asked_to_wait = 0.0
        return await self._open("bare")


async def drop_and_return(stack: Stack, herd: Herd, *, jitter: bool) -> list[float]:
    """Return each one's seconds from the moment at which the servers took connections again."""
    for member in herd.members:
        member.sheds.clear()
        member.faults.clear()
        member.jitter = jitter
    began = time.monotonic()
    returning = asyncio.create_task(herd.return_after_loss())
    for process in stack.sockets:
        process.kill()
    for process in stack.sockets:
        process.start()
    for process in stack.sockets:
        await process.ready()
    up = time.monotonic() - began
    return sorted(max(0.0, seconds - up) for seconds in await returning)


def tell(name: str, seconds: list[float], herd: Herd) -> None:
    times = ", ".join(f"{word} {percentile(seconds, share):.2f} s" for word, share in
                      (("p50", 0.5), ("p95", 0.95), ("last", 1.0)))  # fmt: skip
    faults = dict(herd.faults()) or "none"
    print(f"{name:28} {times}; asked to come back later {herd.sheds().total()}; faults {faults}")


async def ours(stack: Stack, sockets: int) -> dict[bool, list[float]]:
    found = {}
    async with herd_of(stack, sockets, reloads=True) as herd:
        for jitter in (True, False):
            stack.forget_queries()
            found[jitter] = await drop_and_return(stack, herd, jitter=jitter)
            tell(f"ours, {'as pages do' if jitter else 'without jitter'}", found[jitter], herd)
            queries = Counter(stack.queries("web")) + Counter(stack.queries("sockets"))
            print(f"{'':28} {queries.total() / sockets:.2f} queries each, with the loading afterwards")
    return found


async def bare(stack: Stack, sockets: int) -> dict[bool, list[float]]:
    for process in stack.sockets:
        process.command = [word if word != "nonza.asgi:application" else BARE for word in process.command]
        await process.restart()
    found = {}
    client = new_client(stack.http)
    person = Person(client)
    person.place = {"session": {"slug": "bare"}}
    herd = Herd([BareMember(person, stack.ws) for _member in range(sockets)], client)
    try:
        await asyncio.gather(*[member.come_back() for member in herd.members])
        for jitter in (True, False):
            found[jitter] = await drop_and_return(stack, herd, jitter=jitter)
            tell(f"bare, {'as pages do' if jitter else 'without jitter'}", found[jitter], herd)
    finally:
        await herd.close()
    return found


async def measure(sockets: int) -> None:
    with tempfile.TemporaryDirectory(prefix="nonza-herd-") as folder, stacks.running(Path(folder)) as stack:
        found, baseline = await ours(stack, sockets), await bare(stack, sockets)
    for jitter, words in ((True, "as pages do"), (False, "without jitter")):
        ratio = percentile(found[jitter], 0.95) / max(percentile(baseline[jitter], 0.95), 0.01)
        print(f"ratio of p95, {words}: {ratio:.2f}")


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", type=int, default=500, help="a multiple of ten")
    asyncio.run(measure(parser.parse_args(arguments).sockets))


if __name__ == "__main__":
    main(sys.argv[1:])
