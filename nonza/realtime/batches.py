"""Questions of many sockets that come at the same time, answered by one piece of work.

A thousand sockets that come back at once would each ask the stores the same three questions. The first
question is asked at once; those that come while it is being answered are asked together.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

Question = TypeVar("Question")
Answer = TypeVar("Answer")

AT_MOST = 100

Work = Callable[[list[Question]], Awaitable[Sequence[Answer | Exception]]]


class Batches(Generic[Question, Answer]):
    """The questions of one event loop; each is answered, or raises what its answer is."""

    def __init__(self, work: Work[Question, Answer], at_most: int) -> None:
        self._work = work
        self._at_most = at_most
        self._waiting: list[tuple[Question, asyncio.Future[Answer]]] = []
        self._working: asyncio.Task[None] | None = None

    async def ask(self, question: Question) -> Answer:
        """Return the answer."""
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answer))
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._answer())
        return await answer

    async def _answer(self) -> None:
        while self._waiting:
            some, self._waiting = self._waiting[: self._at_most], self._waiting[self._at_most :]
            some = [(question, future) for question, future in some if not future.done()]  # some have gone
            answers: Sequence[Answer | Exception]
            try:
                answers = await self._work([question for question, _ in some])
            except Exception as error:  # noqa: BLE001 -- it is the answer to each of them
                answers = [error] * len(some)
            for (_, future), answer in zip(some, answers, strict=True):
                if future.done():
                    continue
                if isinstance(answer, Exception):
                    future.set_exception(answer)
                else:
                    future.set_result(answer)


def batched(work: Work[Question, Answer], at_most: int = AT_MOST) -> Callable[[Question], Awaitable[Answer]]:
    """Let a coroutine ask one question, however many are asked; `work` answers a list of them."""
    loops: WeakKeyDictionary[asyncio.AbstractEventLoop, Batches[Question, Answer]] = WeakKeyDictionary()

    async def ask(question: Question) -> Answer:
        loop = asyncio.get_running_loop()
        if loop not in loops:
            loops[loop] = Batches(work, at_most)
        return await loops[loop].ask(question)

    return ask
