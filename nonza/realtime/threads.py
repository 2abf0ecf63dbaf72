"""Threads in which sockets ask the database."""

from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar, cast

from channels.db import DatabaseSyncToAsync

Value = TypeVar("Value")

# asgiref would give all sockets one thread: a slow query of one would hold up every other.
_DATABASE_THREADS = ThreadPoolExecutor(4, thread_name_prefix="sockets-database")


def in_database(work: Callable[..., Value]) -> Callable[..., Awaitable[Value]]:
    """Let a coroutine await a function that asks the database."""
    return cast(
        "Callable[..., Awaitable[Value]]",
        DatabaseSyncToAsync(work, thread_sensitive=False, executor=_DATABASE_THREADS),
    )
