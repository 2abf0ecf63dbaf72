"""Lists in pages: a cursor leads from one to the next, so that what is added meanwhile moves nothing."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError
from rest_framework.pagination import CursorPagination

from nonza.errors import Malformed


class Pages(CursorPagination):
    """Pages of 50 rows, or as many as `limit` says, up to 200."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    ordering: Any = ("created_at", "id")

    def paginate_queryset(self, queryset: Any, request: Any, view: Any = None) -> Any:
        """Return one page; raises Malformed for a cursor that we never gave."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except (ValueError, OverflowError, ValidationError, DataError):  # the last is Postgres's word for it
            raise Malformed from None


class NewestFirst(Pages):
    """The same, the newest row first."""

    ordering = ("-created_at", "id")
