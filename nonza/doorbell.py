"""Ringing for the worker: a task with ids, enqueued once the transaction has committed."""

import logging
from typing import Any

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from nonza.redis_breaker import breaker

logger = logging.getLogger(__name__)


def ring(task: Task, *arguments: Any, even_late: bool = False) -> None:
    """Enqueue a task on commit; one that nobody hears, because Redis is away, is logged and lost.

    What is worth doing `even_late` is enqueued once Redis is back, if this process lives on.
    """

    def enqueue() -> Any:
        if not _enqueue(task, arguments) and even_late and breaker.is_open:
            breaker.later(f"{task.name} {arguments}", lambda: _enqueue(task, arguments))

    transaction.on_commit(enqueue, robust=True)


def _enqueue(task: Task, arguments: tuple[Any, ...]) -> bool:
    """Hand a task to the broker; say whether it took it."""
    try:
        breaker.guard()
        task.delay(*arguments)
    except (OperationalError, RedisError) as error:
        logger.warning("%s was not enqueued: %s", task.name, error)
        if isinstance(error, OperationalError):  # the broker has connections of its own
            breaker.lost(error)
        return False
    return True
