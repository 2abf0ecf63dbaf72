"""Who is online: counted by sockets, given up by the clock, told once for each who comes or goes."""

import asyncio
from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid4

import pytest
from django_redis import get_redis_connection
from redis.exceptions import ConnectionError as ConnectionFault

from nonza.realtime.hub import Hub
from spaces.services import attendance, presence
from spaces.services.attendance import Attendance
from spaces.services.presence import Socket, arguments_of, keys_of, news_of, online_count, online_in

SPACE = uuid4()


def person(number: int) -> str:
    return str(UUID(int=number))


def socket(number: int, name: str = "tab") -> Socket:
    return Socket(person(number), name, b'{"user_id":"%s"}' % person(number).encode())


def say(what: str, *sockets: Socket) -> tuple[list[str], list[str]]:
    """Return who came and who went."""
    script = get_redis_connection("default").register_script(presence.PRESENCE)
    news = news_of(script(keys=keys_of(SPACE), args=arguments_of(what, list(sockets))))
    return sorted(one["user_id"] for one in news.came), sorted(one["user_id"] for one in news.went)


def let_time_pass(*names: str) -> None:
    """Let the sockets of these names be overdue, as if their process had been killed half a minute ago."""
    redis = get_redis_connection("default")
    for member in redis.zrange(keys_of(SPACE)[0], 0, -1):
        if member.decode().partition(":")[2] in names:
            redis.zadd(keys_of(SPACE)[0], {member: 1})


def test_user_comes_with_the_first_socket_and_goes_with_the_last() -> None:
    assert say("touch", socket(1, "a")) == ([person(1)], [])
    assert say("touch", socket(1, "b")) == ([], [])
    assert say("touch", socket(1, "a")) == ([], [])
    assert say("leave", socket(1, "a")) == ([], [])
    assert say("leave", socket(1, "a")) == ([], [])  # once more says nothing, and counts nothing
    assert online_in(SPACE) == {person(1)}
    assert say("leave", socket(1, "b")) == ([], [person(1)])
    assert online_in(SPACE) == set()


def test_spaces_do_not_mix() -> None:
    say("touch", socket(1))
    assert online_in(uuid4()) == set()
    assert online_count(SPACE) == 1


def test_sockets_of_a_killed_process_are_given_up_by_any_other() -> None:
    say("touch", socket(1, "killed"), socket(2, "killed"), socket(2, "alive"), socket(3, "alive"))
    let_time_pass("killed")
    assert say("touch", socket(3, "alive")) == ([], [person(1)])
    assert online_in(SPACE) == {person(2), person(3)}


def test_who_only_looks_gives_them_up_too_and_says_so(pushes: list) -> None:
    say("touch", socket(1, "killed"), socket(2, "alive"))
    let_time_pass("killed")
    assert online_count(SPACE) == 1
    gone = {"user_id": person(1), "online": False}
    assert pushes == [(f"space:{SPACE}", "presence.changed", gone)]
    assert online_in(SPACE) == {person(2)}
    assert len(pushes) == 1


def test_who_is_back_before_anybody_looked_was_never_away() -> None:
    say("touch", socket(1, "killed"))
    let_time_pass("killed")
    assert say("touch", socket(1, "anew")) == ([], [])
    assert online_in(SPACE) == {person(1)}
    assert say("leave", socket(1, "anew")) == ([], [person(1)])


def test_ghost_is_gone_within_45_seconds() -> None:
    """30 s after the last confirmation it is overdue; the next process to confirm its own gives it up."""
    assert presence.EXPIRY_SECONDS + presence.CONFIRM_EVERY_SECONDS <= 45
    assert presence.EXPIRY_SECONDS >= 2 * presence.CONFIRM_EVERY_SECONDS  # one confirmation may be lost
    say("touch", socket(1))
    expiry = get_redis_connection("default").zrange(keys_of(SPACE)[0], 0, -1, withscores=True)[0][1]
    seconds, microseconds = get_redis_connection("default").time()
    assert 0 < expiry - (seconds + microseconds / 1_000_000) <= 30


def test_nothing_of_an_abandoned_space_stays_for_good() -> None:
    say("touch", socket(1))
    for key in keys_of(SPACE):
        assert 0 < get_redis_connection("default").ttl(key) <= presence.FORGOTTEN_SECONDS


def test_without_redis_nobody_is_online(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any) -> None:
        raise ConnectionFault

    monkeypatch.setattr(presence, "look", fail)
    assert (online_in(SPACE), online_count(SPACE)) == (set(), 0)


# A process and its clock ---------------------------------------------------


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The frames that processes pushed into the space."""
    frames: list[str] = []

    async def note(_hub: Any, group: str, said: list[str]) -> None:
        assert group == f"space:{SPACE}"
        frames.extend(said)

    monkeypatch.setattr(Hub, "publish", note)
    return frames


async def test_two_processes_tell_of_one_person_once(heard: list[str]) -> None:
    one, other = Attendance(), Attendance()
    await one.come(SPACE, socket(1, "a"))
    await other.come(SPACE, socket(1, "b"))
    await one.go(SPACE, "a")
    assert [frame.count('"online":true') for frame in heard] == [1]
    await other.go(SPACE, "b")
    assert [frame.count('"online":false') for frame in heard] == [0, 1]


async def test_process_confirms_its_sockets_by_the_clock(
    heard: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attendance, "CONFIRM_EVERY_SECONDS", 0.01)
    confirmed = asyncio.Event()
    process = Attendance()
    await process.come(SPACE, socket(1))
    let_time_pass("tab")
    confirm = process.confirm

    async def note() -> None:
        await confirm()
        confirmed.set()

    monkeypatch.setattr(process, "confirm", note)
    async with asyncio.timeout(10):
        await confirmed.wait()
    overdue = get_redis_connection("default").zrangebyscore(keys_of(SPACE)[0], "-inf", 1)
    assert overdue == []
    await process.go(SPACE, "tab")


async def test_confirmation_gives_up_the_sockets_of_a_killed_process(heard: list[str]) -> None:
    killed, alive = Attendance(), Attendance()
    await killed.come(SPACE, socket(1, "killed"))
    await alive.come(SPACE, socket(2, "alive"))
    let_time_pass("killed")
    heard.clear()
    await alive.confirm()
    assert len(heard) == 1
    assert person(1) in heard[0]
    assert '"online":false' in heard[0]
    for process in (killed, alive):
        await process.go(SPACE, "killed")
        await process.go(SPACE, "alive")


async def test_redis_that_lost_everything_is_told_again_in_one_word(heard: list[str]) -> None:
    process = Attendance()
    for number in range(60):
        await process.come(SPACE, socket(number, str(number)))
    assert len(heard) == 60
    get_redis_connection("default").flushdb()
    heard.clear()
    await process.confirm()
    assert heard == ['{"event":"resync","payload":{}}']
    assert len(online_in(SPACE)) == 60
    for number in range(60):
        await process.go(SPACE, str(number))


async def test_redis_that_is_away_costs_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    process = Attendance()

    async def fail(**_arguments: Any) -> None:
        raise ConnectionFault

    monkeypatch.setattr(process, "_script", fail)
    await process.come(SPACE, socket(1))
    await process.confirm()
    await process.go(SPACE, "tab")
