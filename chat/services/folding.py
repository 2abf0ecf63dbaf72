"""Text compared without regard to capitals, and to the dots of ё, in any alphabet and any database."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, TextField

_SQLITE_FUNCTION = "NONZA_FOLD"


def fold(text: str) -> str:
    """Return the text as it is compared."""
    return text.lower().replace("ё", "е")


class Folded(Func):
    """The same, of a column."""

    arity = 1
    output_field = TextField()
    template = "REPLACE(LOWER(%(expressions)s), 'ё', 'е')"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """SQLite knows only the capitals of English: Python folds for it."""
        return super().as_sql(
            compiler, connection, template=f"{_SQLITE_FUNCTION}(%(expressions)s)", **context
        )


def teach_sqlite(connection: BaseDatabaseWrapper) -> None:
    """Give a new connection to SQLite the function that `Folded` calls."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(
            _SQLITE_FUNCTION, 1, lambda text: None if text is None else fold(text), deterministic=True
        )
