"""Ringing for the worker: a task with ids, enqueued once the transaction has committed."""

import logging
from typing import Any

from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from nonza.redis_breaker import breaker

logger = logging.getLogger(__name__)


def ring(task: Task, *arguments: Any) -> None:
    """Enqueue a task on commit; one that nobody hears, because Redis is away, is logged and lost."""

    def enqueue() -> Any:
        try:
            breaker.guard()
            task.delay(*arguments)
        except (OperationalError, RedisError) as error:
            logger.warning("%s was not enqueued: %s", task.name, error)
            if isinstance(error, OperationalError):  # the broker has connections of its own
                breaker.lost(error)

    transaction.on_commit(enqueue, robust=True)
