"""Django's Postgres backend, but a kept connection is proved alive without asking the server."""

import select
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.postgresql.schema import DatabaseSchemaEditor
from psycopg.pq import TransactionStatus


class SchemaEditor(DatabaseSchemaEditor):
    """Migrations wait for no lock longer than a request does, but may work for as long as it takes."""

    def __enter__(self) -> Any:
        """Lift, for this process, the limit that requests have on the time of a statement."""
        entered = super().__enter__()
        if not self.collect_sql:
            self.execute("SET statement_timeout = 0")
        return entered


class DatabaseWrapper(base.DatabaseWrapper):
    """Connections to Postgres.

    Django's own check sends a query before each request's first one. A server that has ended or
    restarted has closed its side, though, and a closed socket can be read: looking costs nothing.
    """

    SchemaEditorClass = SchemaEditor

    def is_usable(self) -> bool:
        """Say whether the connection is open: nothing is to be read from an idle one but its end."""
        if self.connection is None or self.connection.info.transaction_status != TransactionStatus.IDLE:
            return False
        poll = select.poll()
        poll.register(self.connection.pgconn.socket, select.POLLIN)
        return not poll.poll(0)
