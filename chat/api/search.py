"""`spaces/{id}/search/`: finding what was written in its text channels."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from chat import serializers as shapes
from chat.api.base import MemberAPIView, checked
from chat.models import Message
from chat.services.history import seen_by
from chat.services.search import SearchQuery, excerpt_of, found_by
from nonza.pages import Pages


class LastFirst(Pages):
    """The last message first."""

    ordering = ("-offset",)
    page_size = 25
    max_page_size = 100


@extend_schema(tags=["chat"], parameters=[shapes.SearchSerializer])
class SearchView(MemberAPIView, ListAPIView):
    """What was written in the text channels of a space."""

    serializer_class = shapes.FoundSerializer
    pagination_class = LastFirst
    queryset: QuerySet[Message] = Message.objects.none()

    def list(self, request: Request, *_args: Any, **kwargs: UUID) -> Response:
        """Find messages by words, channel, author, and whether they have files; the last ones first."""
        user = self.user()
        asked = checked(shapes.SearchSerializer, request.query_params)
        query = SearchQuery(
            words=asked["q"],
            channel=asked.get("channel"),
            author=asked.get("author"),
            with_file="has" in asked,
        )
        found = found_by(actor=user, space_id=kwargs["space_id"], query=query)
        messages = self.paginate_queryset(found) or []
        rows = [
            {
                "message": seen,
                "channel": {"id": str(message.channel_id), "name": message.channel.name},
                "excerpt": [asdict(part) for part in excerpt_of(message, query)],
            }
            for message, seen in zip(messages, seen_by(user, messages), strict=True)
        ]
        return self.get_paginated_response(rows)
