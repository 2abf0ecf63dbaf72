"""`sessions/`: starting, reading, changing and ending sessions, and coming in."""

from http import HTTPStatus

from django.conf import settings
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from identity.rules import current_actor, current_user
from nonza.errors import NotFound
from sessions.api.places import (
    ParticipantAPIView,
    SessionAPIView,
    as_seen,
    checked,
    client_of,
    place_response,
)
from sessions.serializers import (
    JoinSerializer,
    JoinTokenSerializer,
    PlaceSerializer,
    SessionChangeSerializer,
    SessionCreateSerializer,
    SessionListSerializer,
    SessionSerializer,
    SpaceSessionsSerializer,
    TokenSerializer,
)
from sessions.services.connections import mint_token
from sessions.services.listing import page_of, sessions_of, space_to_list
from sessions.services.participants import join_session, leave_session
from sessions.services.sessions import (
    change_session,
    create_session,
    delete_session,
    end_session_for_all,
    read_session,
)

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="128 random bits; a retry keeps it."
)


class SessionsView(SessionAPIView):
    """All sessions."""

    @extend_schema(
        operation_id="sessions_list",
        responses=SpaceSessionsSerializer,
        parameters=[
            OpenApiParameter("space", OpenApiTypes.UUID, description="Else your active space."),
            OpenApiParameter("cursor", str, description="What `next` of the page before says."),
            OpenApiParameter("limit", int, description="50 unless said, at most 200."),
        ],
        tags=["sessions"],
    )
    def get(self, request: Request) -> Response:
        """List the sessions of a space: live ones first, then the newest."""
        if not settings.ACCOUNTS:
            raise NotFound
        asked = checked(SessionListSerializer, request.query_params)
        membership = space_to_list(actor=current_user(request), space_id=asked.get("space"))
        page = page_of(sessions_of(membership), cursor=asked["cursor"], limit=asked["limit"])
        return Response({"next": page.next_cursor, "results": page.cards})

    @extend_schema(
        request=SessionCreateSerializer,
        responses={HTTPStatus.CREATED: PlaceSerializer},
        parameters=[IDEMPOTENCY_KEY],
        tags=["sessions"],
    )
    def post(self, request: Request) -> Response:
        """Start a session; whoever starts it is its host."""
        fields = checked(SessionCreateSerializer, request.data)
        delivery = fields.pop("credential")
        place = create_session(
            actor=current_actor(request),
            display_name=fields.pop("display_name", ""),
            fields=fields,
            idempotency_key=request.headers.get("Idempotency-Key", ""),
            client=client_of(request),
        )
        return place_response(request, place, delivery, HTTPStatus.CREATED)


class SessionDetailView(ParticipantAPIView):
    """One session."""

    @extend_schema(responses=SessionSerializer, tags=["sessions"])
    def get(self, request: Request, slug: str) -> Response:
        """Read the gate's public part, or, with a place in the session, all of it."""
        view = read_session(slug=slug, actor=current_actor(request), ip=client_of(request).ip)
        return Response(as_seen(view))

    @extend_schema(request=SessionChangeSerializer, responses=SessionSerializer, tags=["sessions"])
    def patch(self, request: Request, slug: str) -> Response:
        """Change the session; hosts and cohosts only."""
        fields = checked(SessionChangeSerializer, request.data)
        view = change_session(standing=self.my_standing(request, slug), fields=fields)
        return Response(as_seen(view))

    @extend_schema(responses={HTTPStatus.NO_CONTENT: None}, tags=["sessions"])
    def delete(self, request: Request, slug: str) -> Response:
        """Delete the session and what it kept; the host only."""
        delete_session(standing=self.my_standing(request, slug))
        return Response(status=HTTPStatus.NO_CONTENT)


class JoinView(SessionAPIView):
    """The join gate's answer."""

    @extend_schema(
        request=JoinSerializer, responses=PlaceSerializer, parameters=[IDEMPOTENCY_KEY], tags=["sessions"]
    )
    def post(self, request: Request, slug: str) -> Response:
        """Take a seat; the same person gets the same place."""
        fields = checked(JoinSerializer, request.data)
        place = join_session(
            actor=current_actor(request),
            slug=slug,
            display_name=fields.get("display_name", ""),
            idempotency_key=request.headers.get("Idempotency-Key", ""),
            client=client_of(request),
        )
        return place_response(request, place, fields["credential"], HTTPStatus.OK)


class TokenView(ParticipantAPIView):
    """LiveKit tokens; `mint_token` counts them."""

    limit = None
    shows_me = False

    @extend_schema(request=TokenSerializer, responses=JoinTokenSerializer, tags=["sessions"])
    def post(self, request: Request, slug: str) -> Response:
        """Mint a token for one join; an older tab's connection ends with it."""
        wishes = checked(TokenSerializer, request.data)
        token = mint_token(participant=self.my_place(request, slug), **wishes)
        return Response(token._asdict())


class LeaveView(ParticipantAPIView):
    """Leaving."""

    @extend_schema(request=None, responses={HTTPStatus.NO_CONTENT: None}, tags=["sessions"])
    def post(self, request: Request, slug: str) -> Response:
        """Give up one's seat."""
        leave_session(participant=self.my_place(request, slug))
        return Response(status=HTTPStatus.NO_CONTENT)


class EndView(ParticipantAPIView):
    """Ending for all."""

    @extend_schema(request=None, responses=SessionSerializer, tags=["sessions"])
    def post(self, request: Request, slug: str) -> Response:
        """End the session for everybody; hosts and cohosts only."""
        return Response(as_seen(end_session_for_all(standing=self.my_standing(request, slug))))
