"""`sessions/{slug}/participants/`: the people of a session."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from nonza.pages import Pages
from sessions.api.places import ParticipantAPIView
from sessions.errors import NotAdmitted
from sessions.models import Participant
from sessions.rules import can_listen
from sessions.serializers import ParticipantSerializer, participant_as_seen
from sessions.services.participants import participant_by_id


@extend_schema(tags=["sessions"])
class ParticipantsView(ParticipantAPIView, ListAPIView):
    """The people of a session, in the order in which they first came."""

    serializer_class = ParticipantSerializer
    pagination_class = Pages
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
