"""`channels/{id}/join/`: into a channel's call with one request."""

from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from identity.rules import current_user
from sessions.api.places import SessionAPIView, client_of
from sessions.serializers import EnteringSerializer, participant_as_seen, session_as_seen
from sessions.services.channels import enter_channel
from sessions.services.participants import participant_by_id


class ChannelJoinView(SessionAPIView):
    """Entering a voice or video channel."""

    @extend_schema(request=None, responses=EnteringSerializer, tags=["sessions"])
    def post(self, request: Request, channel_id: UUID) -> Response:
        """Join the channel's live session, or make it, and get the token for it."""
        entry = enter_channel(actor=current_user(request), channel_id=channel_id, client=client_of(request))
        session, me = entry.place.session, entry.place.participant
        if not hasattr(me, "in_call"):
            me = participant_by_id(session=session, participant_id=me.pk)
        seen = participant_as_seen(me)
        body = {
            **entry.token._asdict(),
            "session": session_as_seen(session, full=False, me=seen),
            "participant": seen,
        }
        return Response(body)
