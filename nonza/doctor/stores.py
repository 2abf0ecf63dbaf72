"""Looks at the database and at Redis."""

import re
import time
from collections.abc import Iterator
from typing import Any

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from nonza.doctor.registry import Finding, broken, check, fine, warning

POSTGRES_AT_LEAST, REDIS_AT_LEAST = 15, 7
MUCH, SLOW_MS, PINGS = 0.8, 50, 10  # the fastest of ten: the machine may be busy
SANE_EVICTION = "noeviction"


@check("database")
def look_at_database() -> Iterator[Finding]:
    """Ask the database whether it answers, is new enough, migrated and not short of connections."""
    asked_at = time.monotonic()
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error as error:
        yield broken(
            "database.unreachable",
            f"The database does not answer: {first_line(error)}",
            "Start it, or mend NONZA_DATABASE_URL.",
        )
        return
    took = (time.monotonic() - asked_at) * 1000
    if connection.vendor == "postgresql":
        yield from _postgres(took)
    else:
        yield from _sqlite(took)
    yield _migrations()


def _postgres(took: float) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        version = int(cursor.fetchone()[0]) // 10_000
        cursor.execute("SHOW transaction_read_only")
        read_only = cursor.fetchone()[0] == "on"
        cursor.execute(
            "SELECT (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),"
            " current_setting('max_connections')::int"
            " - current_setting('superuser_reserved_connections')::int"
        )
        taken, most = cursor.fetchone()
    if version < POSTGRES_AT_LEAST:
        yield broken(
            "database.too_old",
            f"The database is PostgreSQL {version}.",
            f"Nonza needs PostgreSQL {POSTGRES_AT_LEAST} or newer: upgrade it.",
        )
    else:
        yield fine("database", f"PostgreSQL {version} answers in {took:.0f} ms.")
    if read_only:
        yield broken(
            "database.read_only",
            "The database takes no changes: it is a standby, or set to be read-only.",
            "Point NONZA_DATABASE_URL at the primary server.",
        )
    if taken > most * MUCH:
        yield warning(
            "database.few_connections",
            f"{taken} of its {most} connections are taken.",
            "Raise max_connections, or run fewer processes and threads.",
        )
    else:
        yield fine("database.connections", f"{taken} of its {most} connections are taken.")


def _sqlite(took: float) -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()[0]
        cursor.execute("SELECT sqlite_version()")
        version = cursor.fetchone()[0]
    if mode in {"wal", "memory"}:
        yield fine("database", f"SQLite {version} answers in {took:.0f} ms; it is good for one machine.")
    else:
        yield warning(
            "database.no_wal",
            f"SQLite writes its journal as “{mode}”: readers wait for writers.",
            "Put the file on a local disk (network folders allow no WAL), or use PostgreSQL.",
        )


def _migrations() -> Finding:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if not missing:
        return fine("database.migrations", "All migrations are applied.")
    return broken(
        "database.not_migrated",
        f"{len(missing)} migrations are not applied.",
        "Run `manage.py migrate` (`make migrate`).",
    )


@check("redis")
def look_at_redis() -> Iterator[Finding]:
    """Ask Redis whether it answers, is new enough, and keeps what it is given."""
    try:
        redis = get_redis_connection("default")
        took = min(_ping_ms(redis) for _time in range(PINGS))
        told = _info(redis)
    except RedisError as error:
        yield broken(
            "redis.unreachable",
            f"Redis does not answer: {first_line(error)}",
            "Start it, or mend NONZA_REDIS_URL.",
        )
        return
    if told is None:
        yield fine("redis.stand_in", "Nonza’s own stand-in for Redis answers; it is good for one machine.")
        return
    version = told.get("valkey_version") or told["redis_version"]
    if int(str(told["redis_version"]).split(".")[0]) < REDIS_AT_LEAST:
        yield broken(
            "redis.too_old",
            f"Redis is {version}.",
            f"Nonza needs Redis {REDIS_AT_LEAST} or newer, or Valkey: upgrade it.",
        )
    elif took > SLOW_MS:
        yield warning(
            "redis.slow",
            f"Redis {version} answers in {took:.0f} ms.",
            "Every request asks it several times: bring it nearer to Nonza.",
        )
    else:
        yield fine("redis", f"Redis {version} answers in {took:.0f} ms.")
    yield _memory(told)


def _ping_ms(redis: Any) -> float:
    asked_at = time.monotonic()
    redis.ping()
    return (time.monotonic() - asked_at) * 1000


def _info(redis: Any) -> dict[str, Any] | None:
    """Return what Redis says of itself; None from the stand-in, which does not know the question."""
    try:
        told = {**redis.info("server"), **redis.info("memory")}
    except RedisError as error:
        if "unknown command" in str(error).lower():
            return None
        raise
    return told if "redis_version" in told else None


def _memory(told: dict[str, Any]) -> Finding:
    most, used = int(told.get("maxmemory", 0)), int(told.get("used_memory", 0))
    policy = str(told.get("maxmemory_policy", SANE_EVICTION))
    if most and policy != SANE_EVICTION:
        return warning(
            "redis.evicts",
            f"When its memory is full, Redis throws keys away ({policy}): tickets and queued work too.",
            f"Set maxmemory-policy to {SANE_EVICTION}.",
        )
    if most and used > most * MUCH:
        return warning(
            "redis.memory",
            f"Redis uses {used / 2**20:.0f} of {most / 2**20:.0f} MiB; when it is full, nobody can join.",
            "Raise maxmemory.",
        )
    return fine("redis.memory", f"It uses {used / 2**20:.0f} MiB and throws nothing away.")


def first_line(error: Exception) -> str:
    """Return what an error says, in one line; passwords of addresses are taken out by the command."""
    text = str(error).strip() or type(error).__name__
    return re.sub(r"\s+", " ", text.splitlines()[0])[:300]
