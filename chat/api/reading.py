"""`channels/{id}/read/`, and `spaces/{id}/mentionable/`: what one has read, and whom one may name."""

from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chat import serializers as shapes
from chat.api.base import MemberAPIView, checked
from chat.services.mentions import mentionable
from chat.services.reading import mark_read


@extend_schema(tags=["chat"])
class ReadView(MemberAPIView):
    """How far one has read a channel."""

    @extend_schema(request=shapes.ReadMarkSerializer, responses=shapes.ReadMarkStateSerializer)
    def put(self, request: Request, channel_id: UUID) -> Response:
        """Say that one has read everything up to an offset; it never goes back."""
        user = self.user()
        offset = checked(shapes.ReadMarkSerializer, request.data)["offset"]
        return Response(mark_read(actor=user, channel_id=channel_id, offset=offset))


@extend_schema(tags=["chat"])
class MentionableView(MemberAPIView):
    """Whom one may mention."""

    @extend_schema(
        parameters=[OpenApiParameter("q", str, description="How a word of the name begins.")],
        responses=shapes.MentionableSerializer,
    )
    def get(self, request: Request, space_id: UUID) -> Response:
        """Find up to ten other members by the beginning of their name."""
        query = request.query_params.get("q", "")
        return Response(mentionable(actor=self.user(), space_id=space_id, query=query))
