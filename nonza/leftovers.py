"""What an optional app has left in the database, where it is not installed any more.

Django knows nothing of its tables then, but the database still holds them to what they refer to: no user,
space, channel or session that they speak of could be deleted. So before one goes, the rows that refer to it
go too, or let go of it where they may stand alone. What is left stays for when the app is installed again.
"""

import functools
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from django.apps import apps
from django.db import connections
from django.db.models import Model
from django.db.models.signals import pre_delete

OPTIONAL_APPS = ("chat",)
REFERRED_TO = ("identity.User", "spaces.Space", "spaces.Channel", "nonza_sessions.Session")
AT_A_TIME = 500  # rows of one statement


class Reference(NamedTuple):
    """A column in which rows of another table are named."""

    table: str
    column: str
    key: str  # by which its own rows are named
    may_be_empty: bool


def let_go() -> None:
    """Listen, where an optional app is not installed."""
    if missing_apps():
        for model in REFERRED_TO:
            pre_delete.connect(_on_deleting, sender=model, dispatch_uid="leftovers")


def missing_apps() -> list[str]:
    """Return the optional apps that are not installed."""
    return [name for name in OPTIONAL_APPS if not apps.is_installed(name)]


def release(using: str, table: str, keys: Iterable[Any]) -> None:
    """Let no row of a missing app refer to these rows, which are about to be deleted.

    `keys` are as they stand in the database.
    """
    named = list(keys)
    for start in range(0, len(named), AT_A_TIME):
        for reference in _references(using).get(table, ()):
            _release(using, reference, named[start : start + AT_A_TIME])


def _on_deleting(sender: type[Model], instance: Model, using: str, **_more: Any) -> None:
    key = sender._meta.pk.get_db_prep_value(instance.pk, connections[using])  # noqa: SLF001 -- documented
    release(using, sender._meta.db_table, [key])  # noqa: SLF001 -- documented


def _release(using: str, reference: Reference, keys: Sequence[Any]) -> None:
    table, column, key = (_quoted(using, name) for name in reference[:3])
    which = f"{column} IN ({', '.join(['%s'] * len(keys))})"
    with connections[using].cursor() as cursor:
        if reference.may_be_empty:
            cursor.execute(f"UPDATE {table} SET {column} = NULL WHERE {which}", keys)  # noqa: S608 -- names of the schema
            return
        cursor.execute(f"SELECT {key} FROM {table} WHERE {which}", keys)  # noqa: S608 -- names of the schema
        rows = [row[0] for row in cursor.fetchall()]
    release(using, reference.table, rows)
    with connections[using].cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE {which}", keys)  # noqa: S608 -- names of the schema


@functools.cache
def _references(using: str) -> dict[str, list[Reference]]:
    """Return what refers to each table, of the tables of missing apps."""
    introspection = connections[using].introspection
    found: dict[str, list[Reference]] = {}
    with connections[using].cursor() as cursor:
        tables = introspection.table_names(cursor)
        for table in tables:
            if not table.startswith(tuple(f"{name}_" for name in missing_apps())):
                continue
            key = introspection.get_primary_key_column(cursor, table) or ""
            empty = {
                one.name: bool(one.null_ok) for one in introspection.get_table_description(cursor, table)
            }
            for column, (_key, referred) in introspection.get_relations(cursor, table).items():
                found.setdefault(referred, []).append(Reference(table, column, key, empty[column]))
    return found


def _quoted(using: str, name: str) -> str:
    return connections[using].ops.quote_name(name)
