"""`sessions/{slug}/participants/`: the people of a session."""

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from nonza.errors import Malformed
from sessions.api.places import ParticipantAPIView
from sessions.errors import NotAdmitted
from sessions.models import Participant
from sessions.rules import can_listen
from sessions.serializers import ParticipantSerializer, participant_as_seen
from sessions.services.participants import participant_by_id


class ParticipantPages(CursorPagination):
    """Participants in the order in which they first came."""

    page_size = 50
    page_size_query_param = "limit"
    max_page_size = 200
    ordering = ("created_at", "id")

    def decode_cursor(self, request: Request) -> Any:
        """Return the place to go on from; raises Malformed for one that we never gave."""
        cursor = super().decode_cursor(request)
        try:
            if cursor is not None and cursor.position is not None:
                datetime.fromisoformat(str(cursor.position))
        except ValueError:
            raise Malformed from None
        return cursor


@extend_schema(tags=["sessions"])
class ParticipantsView(ParticipantAPIView, ListAPIView):
    """The people of a session."""

    serializer_class = ParticipantSerializer
    pagination_class = ParticipantPages
    queryset = Participant.objects.none()

    def get_queryset(self) -> Any:
        """Return everybody of the session, for those who are in it."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        me = self.my_place(self.request, self.kwargs["slug"])
        if not can_listen(me):
            raise NotAdmitted
        return me.session.participants.with_presence().select_related("user")


class ParticipantDetailView(ParticipantAPIView):
    """One person of a session."""

    @extend_schema(responses=ParticipantSerializer, tags=["sessions"])
    def get(self, request: Request, slug: str, participant_id: UUID) -> Response:
        """Read one person, as those inside may."""
        me = self.my_place(request, slug)
        if not can_listen(me) and me.pk != participant_id:
            raise NotAdmitted
        participant = participant_by_id(session=me.session, participant_id=participant_id)
        return Response(participant_as_seen(participant))
