"""Text compared without regard to capitals, and to the dots of ё, in any alphabet and any database."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Func, TextField

CAPITALS, SMALL = "АБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ", "абвгдежзийклмнопрстуфхцчшщъыьэюя"  # of Russian
BETWEEN = "<>/.«»„“”‘’‚‹›—–−…•·№"  # noqa: RUF001 -- beside blanks, what stands between words
SQLITE_FOLDED, SQLITE_PARTED = "NONZA_FOLDED", "NONZA_PARTED"
_PARTED = str.maketrans(dict.fromkeys(BETWEEN, " "))


def fold(text: str) -> str:
    """Return the text as it is compared."""
    return text.lower().replace("ё", "е")


def parted(text: str) -> str:
    """Return the text with nothing but spaces where its words end; as long as it was."""
    return text.translate(_PARTED)


class Folded(Func):
    """The same, of a column."""

    arity = 1
    output_field = TextField()
    # Lower alone knows no Russian where the locale of the database is C.
    template = f"LOWER(TRANSLATE(%(expressions)s, '{CAPITALS}Ёё', '{SMALL}ее'))"

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """SQLite knows only the capitals of English: Python folds for it."""
        return super().as_sql(compiler, connection, template=f"{SQLITE_FOLDED}(%(expressions)s)", **context)


def teach_sqlite(connection: BaseDatabaseWrapper) -> None:
    """Give a new connection to SQLite the functions that search and `Folded` call."""
    if connection.vendor == "sqlite":
        for name, function in ((SQLITE_FOLDED, fold), (SQLITE_PARTED, lambda text: fold(parted(text)))):
            connection.connection.create_function(name, 1, function, deterministic=True)
