"""Statistics as tables that other programs open (CSV)."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from rest_framework.renderers import BaseRenderer

# A cell that begins like this is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
MARK = "\ufeff"  # without it a spreadsheet reads no Russian

Row = Sequence[Any]


class CsvRenderer(BaseRenderer):
    """Renders what a view's `table` makes of its answer."""

    media_type = "text/csv"
    format = "csv"
    charset = "utf-8"

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Any = None,
    ) -> bytes:
        """Return the table, or a refusal as the JSON that all refusals are."""
        del accepted_media_type
        context = renderer_context or {}
        response = context["response"]
        if response.exception:
            return orjson.dumps(data, default=str)
        view = context["view"]
        response["Content-Disposition"] = f'attachment; filename="{view.table_name}.csv"'
        return as_csv(view.table(data)).encode()


def as_csv(rows: Iterable[Row]) -> str:
    """Return rows as CSV; what others wrote is text in it, never a formula."""
    text = io.StringIO()
    text.write(MARK)
    writer = csv.writer(text)
    for row in rows:
        writer.writerow([_cell(value) for value in row])
    return text.getvalue()


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return "" if value is None else value
