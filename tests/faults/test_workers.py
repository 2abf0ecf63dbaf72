"""Workers that are killed in the middle, and beats that tick twice or not: everything is done once."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass

import httpx
import psycopg
import pytest
import redis
from celery import Celery

from tests.faults.people import Person
from tests.faults.process import Process, until
from tests.faults.rooms import agree, enter, room_of
from tests.faults.stack import ROOT, Stack
from tests.faults.wire_livekit import WireLiveKit

pytestmark = pytest.mark.integration
REDELIVERED_SECONDS = 30  # visibility (4 s here), the restart and a machine that does other things
PERIODIC = ("reconcile", "end_finished_sessions", "purge")
POOLS = {"prefork": ("--pool", "prefork", "--concurrency", "6"), "solo": ("--pool", "solo")}


@dataclass
class Works:
    """A worker and two beats of the test's own, with a queue of their own; the stack's are stopped."""

    stack: Stack
    worker: Process
    beats: list[Process]
    queue: Celery
    url: str

    def ring(self, task: str, *arguments: str) -> None:
        self.queue.send_task(f"sessions.tasks.{task}", args=arguments)


@pytest.fixture(params=["prefork"])
def works(request: pytest.FixtureRequest, stack: Stack) -> Iterator[Works]:
    url = f"{stack.redis_url.rpartition('/')[0]}/1"

    def celery(name: str, like: Process, *words: str) -> Process:
        command = [sys.executable, "-m", "celery", "--quiet", "--app", "nonza.celery", *words]
        own = {
            **like.environment,
            "NONZA_REDIS_URL": url,
            "DJANGO_SETTINGS_MODULE": "tests.faults.impatient",
            "PYTHONPATH": str(ROOT),
        }
        return Process(name, command, stack.folder, own, working_folder=str(ROOT))

    quiet = ("--without-gossip", "--without-mingle", *POOLS[request.param])
    beats = [
        celery(
            f"own beat {number}", stack.beat, "beat", "--schedule", str(stack.folder / f"schedule {number}")
        )
        for number in (1, 2)
    ]
    queue = Celery("test", broker=url)
    queue.conf.broker_transport_options = {"global_keyprefix": "nonza:celery:"}
    with redis.Redis.from_url(url) as store:
        store.flushdb()
    works = Works(stack, celery("own worker", stack.worker, "worker", *quiet), beats, queue, url)
    for process in (stack.worker, stack.beat):
        process.kill()
    try:
        works.worker.start()
        yield works
    finally:
        for process in (*beats, works.worker):
            process.end()
        queue.close()
        for process in (stack.worker, stack.beat):
            process.start()


@dataclass
class Work:
    """One thing for each task to do, and whether it is done."""

    closed: str
    sent_away: str
    kept_in: str
    over: list[str]
    old: list[str]
    call: str


@pytest.fixture
async def work(stack: Stack, media: WireLiveKit, client: httpx.AsyncClient, works: Works) -> Work:
    people = [Person(client, f"Host {number}") for number in range(7)]
    for person in people:
        await person.start()
    ended, calling, *idle = people
    guest = Person(client, "Guest")
    await guest.join(calling.slug)
    identities = [await enter(media, person) for person in (ended, calling, guest)]
    await agree(stack, media, room_of(calling))
    lost = identities[2]
    over, old = [room_of(person) for person in idle[:3]], [room_of(person) for person in idle[3:]]
    stack.sql("UPDATE nonza_sessions_participant SET state = 'left', seat_held_until = NULL "
              "WHERE session_id = ANY(%s::uuid[])", over + old)  # fmt: skip
    stack.sql("UPDATE nonza_sessions_session SET started_at = now() - interval '2 h', "
              "empty_since = now() - interval '1 h' WHERE id = ANY(%s::uuid[])", over)  # fmt: skip
    stack.sql("UPDATE nonza_sessions_session SET status = 'ended', ended_reason = 'empty', "
              "ended_at = now() - interval '40 d' WHERE id = ANY(%s::uuid[])", old)  # fmt: skip
    return Work(room_of(ended), lost, identities[1], over, old, room_of(calling))


def _ring_all(works: Works, work: Work) -> None:
    works.ring("close_room", work.closed)
    works.ring("remove_identity", work.call, work.sent_away)
    for task in PERIODIC:
        works.ring(task)


def _is_done(stack: Stack, media: WireLiveKit, work: Work) -> bool:
    rows = stack.sql("SELECT status, ended_reason FROM nonza_sessions_session "
                     "WHERE id = ANY(%s::uuid[])", work.over)  # fmt: skip
    left = stack.sql("SELECT 1 FROM nonza_sessions_session WHERE id = ANY(%s::uuid[])", work.old)
    return (
        work.closed not in media.rooms()
        and set(media.people(work.call)) == {work.kept_in}
        and rows == [("ended", "empty")] * len(work.over)
        and left == []
    )


@contextlib.contextmanager
def _locked(stack: Stack, sessions: list[str]) -> Iterator[None]:
    """Hold the rows, so that whoever wants to change them waits."""
    with psycopg.connect(stack.database_url) as connection:
        connection.execute(
            "SELECT 1 FROM nonza_sessions_session WHERE id = ANY(%s::uuid[]) FOR UPDATE", [sessions]
        )
        yield
        connection.rollback()


def _waiting_for_a_row(stack: Stack) -> int:
    rows = stack.sql(
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND usename = 'nonza_worker'"
    )
    return int(rows[0][0])


async def _kill_in_the_middle(works: Works, media: WireLiveKit, work: Work, stop: Callable[[], None]) -> None:
    """Kill the worker while each task is in the middle of its work."""
    stop()
    before = dict(media.calls)

    def all_are_at_work() -> bool:
        asked = {"DeleteRoom", "RemoveParticipant", "ListRooms"}
        begun = {method for method in asked if media.calls[method] > before.get(method, 0)}
        return begun == asked and _waiting_for_a_row(works.stack) == 2

    with _locked(works.stack, [work.over[1], work.old[1]]):
        _ring_all(works, work)
        await until(all_are_at_work, 30, f"all tasks are at work\n{works.worker.log()[-2000:]}")
        works.worker.kill()
    await _work_again(media)


@pytest.mark.parametrize("step", ["before the effect", "after the effect"])
async def test_worker_killed_in_the_middle_of_each_task_does_each_thing_once(
    works: Works, media: WireLiveKit, work: Work, step: str
) -> None:
    removed, finished = list(media.removed), list(media.finished)
    stop = media.hang if step == "before the effect" else media.keep_silent
    await _kill_in_the_middle(works, media, work, stop)
    assert not _is_done(works.stack, media, work)
    works.worker.start()
    async with _ticking(works):
        took = await until(
            lambda: _is_done(works.stack, media, work),
            REDELIVERED_SECONDS,
            f"what was begun is done\n{works.worker.log()[-2000:]}",
        )
    print(f"\ndone {took:.1f} s after the start")
    assert media.removed[len(removed) :] == [work.sent_away]
    assert media.finished[len(finished) :].count(work.closed) == 1
    await agree(works.stack, media, work.call)


@pytest.mark.parametrize("works", ["solo"], indirect=True)
async def test_worker_of_make_run_killed_in_the_middle_does_it_once(
    works: Works, media: WireLiveKit, work: Work
) -> None:
    removed = list(media.removed)
    media.hang()
    asked = media.calls["RemoveParticipant"]
    works.ring("remove_identity", work.call, work.sent_away)
    await until(lambda: media.calls["RemoveParticipant"] > asked, 30, "it is at work")
    works.worker.kill()
    await _work_again(media)
    works.ring("end_finished_sessions")
    works.worker.start()
    over = work.over

    def is_done() -> bool:
        rows = works.stack.sql("SELECT 1 FROM nonza_sessions_session WHERE status = 'ended' "
                               "AND id = ANY(%s::uuid[])", over)  # fmt: skip
        return len(rows) == len(over) and not _unacknowledged(works)

    await until(is_done, REDELIVERED_SECONDS, "all is done and acknowledged")
    assert media.removed[len(removed) :] == [work.sent_away]


async def test_task_of_a_killed_pool_process_is_done_by_another(
    works: Works, media: WireLiveKit, work: Work
) -> None:
    media.hang()
    asked = media.calls["RemoveParticipant"]
    works.ring("remove_identity", work.call, work.sent_away)
    await until(lambda: media.calls["RemoveParticipant"] > asked, 30, "it is at work")
    leader, *children = works.worker.family()
    for child in children:
        os.kill(child, signal.SIGKILL)
    await _work_again(media)
    took = await until(lambda: set(media.people(work.call)) == {work.kept_in}, 20, "another has done it")
    print(f"\ndone after {took:.1f} s")
    assert works.worker.pid == leader
    assert works.worker.is_alive()


async def test_two_beats_do_periodic_work_once_and_a_pause_is_caught_up_once(
    works: Works, media: WireLiveKit
) -> None:
    for beat in works.beats:
        beat.start()
    before = _runs(media)
    await until(lambda: _runs(media) > before, 60, "a beat ticks")
    async with _counting(media) as during:
        await asyncio.sleep(12)  # six periods, for each of two beats
    assert 3 <= during[0] <= 8, "twelve, had each beat its way"

    works.worker.freeze()
    await asyncio.sleep(8)
    async with _counting(media) as after:
        works.worker.thaw()
        await asyncio.sleep(1)
    assert after[0] <= 2, "a pause is not made up for by one run after the other"

    works.beats[0].kill()
    async with _counting(media) as alone:
        await until(lambda: _runs(media) - alone[1] >= 2, 20, "the other beat goes on")


async def _work_again(media: WireLiveKit) -> None:
    """Let LiveKit work again once it has noticed that who asked it is dead."""
    await until(lambda: media.waiting == 0, 10, "what the dead asked for is dropped")
    media.work()


@contextlib.asynccontextmanager
async def _ticking(works: Works) -> AsyncIterator[None]:
    """Ring for periodic work as a beat does, faster."""

    async def tick() -> None:
        while True:
            for task in PERIODIC:
                works.ring(task)
            await asyncio.sleep(2)

    ticking = asyncio.create_task(tick())
    try:
        yield
    finally:
        ticking.cancel()


def _runs(media: WireLiveKit) -> int:
    return media.calls["ListRooms"]


@contextlib.asynccontextmanager
async def _counting(media: WireLiveKit) -> AsyncIterator[list[int]]:
    """How often the reconciler has run meanwhile: (runs, runs before)."""
    counted = [0, _runs(media)]
    yield counted
    counted[0] = _runs(media) - counted[1]


def _unacknowledged(works: Works) -> int:
    with redis.Redis.from_url(works.url) as store:
        return int(store.zcard("nonza:celery:unacked_index"))
