"""Questions that come at the same time are answered by one piece of work."""

import asyncio

import pytest

from nonza.realtime.batches import Batches, batched


async def test_questions_that_come_while_one_is_answered_are_asked_together() -> None:
    asked: list[list[int]] = []
    free = asyncio.Event()

    async def work(numbers: list[int]) -> list[int]:
        asked.append(numbers)
        await free.wait()
        return [2 * number for number in numbers]

    batches = Batches(work, at_most=3)
    first = asyncio.create_task(batches.ask(0))
    while not asked:  # noqa: ASYNC110 -- a list tells nobody
        await asyncio.sleep(0)
    rest = [asyncio.create_task(batches.ask(number)) for number in range(1, 6)]
    await asyncio.sleep(0)
    free.set()
    assert await asyncio.gather(first, *rest) == [0, 2, 4, 6, 8, 10]
    assert asked == [[0], [1, 2, 3], [4, 5]]


async def test_each_gets_its_own_refusal() -> None:
    async def work(numbers: list[int]) -> list[int | Exception]:
        return [ValueError(number) if number % 2 else number for number in numbers]

    ask = batched(work)
    answers = await asyncio.gather(*[ask(number) for number in range(4)], return_exceptions=True)
    assert [answer if isinstance(answer, int) else str(answer) for answer in answers] == [0, "1", 2, "3"]


async def test_fault_is_everybodys_answer_and_the_next_are_asked_anew() -> None:
    faults = [OSError("away")]

    async def work(numbers: list[int]) -> list[int]:
        if faults:
            raise faults.pop()
        return numbers

    ask = batched(work)
    answers = await asyncio.gather(ask(1), ask(2), return_exceptions=True)
    assert [str(answer) for answer in answers] == ["away", "away"]
    assert await ask(3) == 3


async def test_who_has_gone_is_not_waited_for() -> None:
    free = asyncio.Event()

    async def work(numbers: list[int]) -> list[int]:
        await free.wait()
        return numbers

    batches = Batches(work, at_most=10)
    goes, stays = asyncio.create_task(batches.ask(1)), asyncio.create_task(batches.ask(2))
    await asyncio.sleep(0)
    goes.cancel()
    with pytest.raises(asyncio.CancelledError):
        await goes
    free.set()
    assert await stays == 2
