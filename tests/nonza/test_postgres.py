"""What Nonza's Postgres backend does otherwise than Django's."""

import select
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test.utils import CaptureQueriesContext

from nonza.postgres.base import DatabaseWrapper
from tests import parts

pytestmark = [pytest.mark.integration, pytest.mark.django_db]


@pytest.fixture
def postgres() -> Iterator[DatabaseWrapper]:
    parameters = psycopg.conninfo.conninfo_to_dict(parts.postgres())
    settings = connections["default"].settings_dict | {
        "ENGINE": "nonza.postgres",
        "NAME": "postgres",
        "USER": parameters["user"],
        "HOST": parameters["host"],
        "PORT": parameters["port"],
        "PASSWORD": parameters.get("password", ""),
        "OPTIONS": {"options": "-c statement_timeout=10s"},
    }
    wrapper = DatabaseWrapper(settings, alias="default")
    wrapper.connect()
    yield wrapper
    wrapper.close()


def _ask(wrapper: BaseDatabaseWrapper, query: str) -> str:
    with wrapper.cursor() as cursor:
        cursor.execute(query)
        return str(cursor.fetchone()[0])


def test_connection_is_proved_alive_without_a_query(postgres: DatabaseWrapper) -> None:
    with CaptureQueriesContext(postgres) as asked:
        assert postgres.is_usable()
    assert len(asked) == 0


def test_connection_whose_server_has_hung_up_is_not_usable(postgres: DatabaseWrapper) -> None:
    process, socket = _ask(postgres, "SELECT pg_backend_pid()"), postgres.connection.pgconn.socket
    with psycopg.connect(parts.postgres(), autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [int(process)])
    assert select.select([socket], [], [], 10)[0], "the server says goodbye"
    assert not postgres.is_usable()


def test_connection_in_the_middle_of_something_is_not_usable(postgres: DatabaseWrapper) -> None:
    postgres.set_autocommit(False)
    _ask(postgres, "SELECT 1")
    assert not postgres.is_usable()
    postgres.rollback()
    assert postgres.is_usable()


def test_migration_may_take_as_long_as_it_takes(postgres: DatabaseWrapper) -> None:
    assert _ask(postgres, "SHOW statement_timeout") == "10s"
    with postgres.schema_editor(atomic=False):
        assert _ask(postgres, "SHOW statement_timeout") == "0"
