"""Django's Postgres backend, but a kept connection is proved alive without asking the server."""

import select

from django.db.backends.postgresql import base
from psycopg.pq import TransactionStatus


class DatabaseWrapper(base.DatabaseWrapper):
    """Connections to Postgres.

    Django's own check sends a query before each request's first one. A server that has ended or
    restarted has closed its side, though, and a closed socket can be read: looking costs nothing.
    """

    def is_usable(self) -> bool:
        """Say whether the connection is open: nothing is to be read from an idle one but its end."""
        if self.connection is None or self.connection.info.transaction_status != TransactionStatus.IDLE:
            return False
        poll = select.poll()
        poll.register(self.connection.pgconn.socket, select.POLLIN)
        return not poll.poll(0)
