"""Pushes: what Redis carries reaches every socket of a group, in order, and a loss is told."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import pytest
import redis
from asgiref.sync import sync_to_async
from django_redis import get_redis_connection

from nonza.realtime import passing
from nonza.realtime.hub import CONNECTIONS_AT_MOST, Hub, current_hub
from tests.nonza.wires import GROUP, SECONDS, Member, say


@pytest.fixture
def break_reader(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Awaitable[None]]:
    """Make the hub's next reading fail in a way that redis-py does not announce."""
    read = type(hub._pubsub).get_message

    async def break_it() -> None:
        faults = [RuntimeError("pubsub connection not set")]

        async def fail_once(pubsub: Any, **options: float) -> Any:
            if faults:
                raise faults.pop()
            return await read(pubsub, **options)

        monkeypatch.setattr(type(hub._pubsub), "get_message", fail_once)
        await say(GROUP, "wakes the reader")

    return break_it


async def test_many_members_hear_everything_in_order(hub: Hub) -> None:
    members = [Member() for _count in range(40)]
    for member in members:
        await hub.join(GROUP, member)
    frames = [f"frame {number}" for number in range(400)]
    for frame in frames:
        await say(GROUP, frame)
    for member in members:
        await member.until(lambda heard=member.heard: len(heard) == len(frames))
        assert member.heard == frames


async def test_group_is_subscribed_to_once_however_many_listen(hub: Hub) -> None:
    members = [Member() for _count in range(5)]
    await asyncio.gather(*(hub.join(GROUP, member) for member in members))
    assert await _subscribers() == 1
    for member in members[1:]:
        await hub.leave(GROUP, member)
    assert await _subscribers() == 1
    await hub.leave(GROUP, members[0])
    async with asyncio.timeout(SECONDS):
        while await _subscribers():  # noqa: ASYNC110 -- Redis tells nobody that it has taken note
            await asyncio.sleep(0)


async def test_groups_do_not_hear_each_other(hub: Hub) -> None:
    here, there = Member(), Member()
    await hub.join(GROUP, here)
    await hub.join("test:other", there)
    await say(GROUP, "for here")
    await say("test:other", "for there")
    await here.until(lambda: here.heard == ["for here"])
    await there.until(lambda: there.heard == ["for there"])


async def test_member_that_left_hears_no_more_and_comes_back(hub: Hub) -> None:
    stays, goes = Member(), Member()
    for member in (stays, goes):
        await hub.join(GROUP, member)
    await hub.leave(GROUP, goes)
    await hub.leave(GROUP, goes)
    await say(GROUP, "while away")
    await stays.until(lambda: stays.heard == ["while away"])
    await hub.join(GROUP, goes)
    await say(GROUP, "after")
    await goes.until(lambda: bool(goes.heard))
    assert goes.heard == ["after"]


async def test_group_that_was_empty_can_be_joined_again(hub: Hub) -> None:
    for word in ("first", "second"):
        member = Member()
        await hub.join(GROUP, member)
        await say(GROUP, word)
        await member.until(lambda heard=member.heard, word=word: heard == [word])
        await hub.leave(GROUP, member)


async def test_lost_connection_to_redis_is_made_anew_and_everybody_told(hub: Hub) -> None:
    members = {GROUP: Member(), "test:other": Member()}
    for group, member in members.items():
        await hub.join(group, member)
    try:
        await sync_to_async(get_redis_connection("default").execute_command)(
            "CLIENT", "KILL", "TYPE", "pubsub"
        )
    except redis.ResponseError:
        pytest.skip("this stand-in for Redis cannot kill a client")
    for group, member in members.items():
        await member.until(lambda heard=member.heard: bool(heard))
        assert [orjson.loads(frame) for frame in member.heard] == [{"event": "resync", "payload": {}}]
        await say(group, "after")
        await member.until(lambda heard=member.heard: heard[1:] == ["after"])
        assert member.closed == []


async def test_members_of_many_groups_who_come_at_once_share_one_connection(hub: Hub) -> None:
    members = {f"test:{number}": Member() for number in range(20)}
    await asyncio.gather(*(hub.join(group, member) for group, member in members.items()))
    for group, member in members.items():
        await say(group, group)
        await member.until(lambda heard=member.heard, group=group: heard == [group])


async def test_rush_of_sockets_shares_the_connections_there_are(hub: Hub) -> None:
    seats = [{f"nonza:sockets:test:{number}": 3} for number in range(10 * CONNECTIONS_AT_MOST)]
    taken = await asyncio.gather(*[hub.take_seat("socket", seat) for seat in seats])
    assert all(taken)
    pool = hub.redis.connection_pool
    assert len(pool._available_connections) + len(pool._in_use_connections) <= CONNECTIONS_AT_MOST


async def test_confirmation_that_is_quicker_than_its_question_is_heard(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Redis may answer before the writing of the question has given the word back."""
    await hub.join(GROUP, Member())  # the connection is there, and is read
    confirmed = asyncio.Event()
    ask, confirm = hub._pubsub.subscribe, hub._confirm

    async def ask_and_wait(*channels: str) -> None:
        await ask(*channels)
        await confirmed.wait()

    def confirm_and_tell(group: str) -> None:
        confirm(group)
        confirmed.set()

    monkeypatch.setattr(hub._pubsub, "subscribe", ask_and_wait)
    monkeypatch.setattr(hub, "_confirm", confirm_and_tell)
    async with asyncio.timeout(SECONDS):
        await hub.join("another", Member())


async def test_group_that_redis_did_not_take_is_asked_for_again(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*channels: str) -> None:
        raise redis.ConnectionError

    with monkeypatch.context() as broken:
        broken.setattr(hub._pubsub, "subscribe", fail)
        with pytest.raises(redis.ConnectionError):
            await hub.join(GROUP, Member())
    member = Member()
    await hub.join(GROUP, member)
    await say(GROUP, "heard")
    await member.until(lambda: member.heard == ["heard"])


async def test_who_comes_while_the_connection_is_made_anew_leaves_nobody_deaf(
    hub: Hub, break_reader: Callable[[], Awaitable[None]], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, late = Member(), Member()
    await hub.join(GROUP, first)
    hang_up, coming = type(hub._pubsub).aclose, []

    async def hang_up_as_somebody_comes(pubsub: Any) -> None:
        await hang_up(pubsub)  # type: ignore[no-untyped-call]
        coming.append(asyncio.create_task(hub.join("test:late", late)))

    monkeypatch.setattr(type(hub._pubsub), "aclose", hang_up_as_somebody_comes)
    await break_reader()
    await first.until(lambda: any("resync" in frame for frame in first.heard))
    monkeypatch.undo()
    await asyncio.gather(*coming)
    for group, member in ((GROUP, first), ("test:late", late)):
        await say(group, "after")
        await member.until(lambda heard=member.heard: "after" in heard)


async def test_reader_outlives_any_fault(hub: Hub, break_reader: Callable[[], Awaitable[None]]) -> None:
    member = Member()
    await hub.join(GROUP, member)
    await break_reader()
    await member.until(lambda: any("resync" in frame for frame in member.heard))
    await say(GROUP, "after")
    await member.until(lambda: "after" in member.heard)


def test_each_event_loop_has_one_hub() -> None:
    async def twice() -> tuple[Hub, Hub]:
        return current_hub(), current_hub()

    one, same = asyncio.run(twice())
    assert one is same
    assert asyncio.run(twice())[0] is not one


async def _subscribers() -> int:
    counted = await sync_to_async(get_redis_connection("default").pubsub_numsub)(f"nonza:push:{GROUP}")
    return int(counted[0][1])


async def test_frames_that_are_published_together_are_heard_one_by_one(hub: Hub) -> None:
    member = Member()
    await hub.join(GROUP, member)
    await hub.publish(GROUP, ["first", passing("key of two words", "second"), '{"event":"third"}'])
    await hub.publish(GROUP, ["fourth"])
    await member.until(lambda: member.heard == ["first", "second", '{"event":"third"}', "fourth"])
