"""`sessions/` and LiveKit's webhook."""

from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from identity.authentication import set_guest_cookie
from identity.client_ip import client_ip
from identity.rules import current_actor
from nonza.errors import CredentialRequired, Malformed, MethodNotAllowed, NonzaError, TooLarge, problem_page
from sessions.errors import NotAdmitted
from sessions.livekit import WEBHOOK_BYTES
from sessions.models import Participant
from sessions.rules import can_listen
from sessions.serializers import (
    JoinSerializer,
    JoinTokenSerializer,
    ParticipantSerializer,
    PlaceSerializer,
    SessionChangeSerializer,
    SessionCreateSerializer,
    SessionSerializer,
    StatisticsSerializer,
    TokenSerializer,
    participant_as_seen,
    session_as_seen,
)
from sessions.services.connections import mint_token
from sessions.services.limits import limit_participant
from sessions.services.participants import (
    Client,
    Place,
    join_session,
    leave_session,
    participant_by_id,
    participant_of,
)
from sessions.services.sessions import (
    SessionView,
    change_session,
    create_session,
    delete_session,
    end_session_for_all,
    read_session,
)
from sessions.services.statistics import read_statistics
from sessions.services.webhooks import take_webhook

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER, description="128 random bits; a retry keeps it."
)


def client_of(request: HttpRequest | Request) -> Client:
    """Return where the request came from."""
    plain = request._request if isinstance(request, Request) else request  # noqa: SLF001 -- client_ip reads Django's request
    return Client(ip=client_ip(plain), user_agent=plain.headers.get("User-Agent", ""))


class ParticipantAPIView(APIView):
    """A view for people who have a place in the session."""

    limit: Callable[[Participant], None] | None = staticmethod(limit_participant)
    shows_me = True

    def my_place(self, request: Request, slug: str) -> Participant:
        """Return the asking participant; raises SessionNotFound to strangers, or CredentialRequired."""
        actor = current_actor(request)
        participant = participant_of(slug=slug, actor=actor, as_seen=self.shows_me)
        if participant is None:
            read_session(slug=slug, actor=actor, ip=client_of(request).ip)
            raise CredentialRequired
        if self.limit is not None:
            self.limit(participant)
        return participant


class SessionsView(APIView):
    """All sessions."""

    @extend_schema(
        request=SessionCreateSerializer,
        responses={HTTPStatus.CREATED: PlaceSerializer},
        parameters=[IDEMPOTENCY_KEY],
        tags=["sessions"],
    )
    def post(self, request: Request) -> Response:
        """Start a session; whoever starts it is its host."""
        fields = _checked(SessionCreateSerializer, request)
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
        fields = _checked(SessionChangeSerializer, request)
        view = change_session(participant=self.my_place(request, slug), fields=fields)
        return Response(as_seen(view))

    @extend_schema(responses={HTTPStatus.NO_CONTENT: None}, tags=["sessions"])
    def delete(self, request: Request, slug: str) -> Response:
        """Delete the session and what it kept; the host only."""
        delete_session(participant=self.my_place(request, slug))
        return Response(status=HTTPStatus.NO_CONTENT)


class JoinView(APIView):
    """The join gate's answer."""

    @extend_schema(
        request=JoinSerializer, responses=PlaceSerializer, parameters=[IDEMPOTENCY_KEY], tags=["sessions"]
    )
    def post(self, request: Request, slug: str) -> Response:
        """Take a seat; the same person gets the same place."""
        fields = _checked(JoinSerializer, request)
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
        wishes = _checked(TokenSerializer, request)
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
        return Response(as_seen(end_session_for_all(participant=self.my_place(request, slug))))


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


class StatisticsView(ParticipantAPIView):
    """What the session was like."""

    @extend_schema(responses=StatisticsSerializer, tags=["sessions"])
    def get(self, request: Request, slug: str) -> Response:
        """Read the session's statistics, up to now or to its end; hosts and cohosts only."""
        statistics = read_statistics(participant=self.my_place(request, slug))
        return Response(StatisticsSerializer(statistics).data)


@csrf_exempt
def livekit_webhook(request: HttpRequest) -> HttpResponse:
    """Take LiveKit's news: 204 when handled (or handled before), 401 when forged, 5xx to be told again."""
    try:
        if request.method != "POST":
            raise MethodNotAllowed
        body = request.read(WEBHOOK_BYTES + 1)
        if len(body) > WEBHOOK_BYTES:
            raise TooLarge
        take_webhook(body=body, authorization=request.headers.get("Authorization", ""))
    except NonzaError as refusal:
        return problem_page(refusal)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def as_seen(view: SessionView) -> dict[str, Any]:
    """Return the session on the wire, as one person may see it."""
    me = participant_as_seen(view.me) if view.me else None
    return session_as_seen(view.session, full=view.full, me=me)


def place_response(request: Request, place: Place, delivery: str, status: int) -> Response:
    """Answer with a place; the credential goes into a cookie unless a bearer was asked for."""
    me = place.participant
    if not hasattr(me, "in_call"):
        me = participant_by_id(session=place.session, participant_id=me.pk)
    seen = participant_as_seen(me)
    body = {
        "session": session_as_seen(place.session, full=False, me=seen),
        "participant": seen,
        "credential": place.credential if delivery == "bearer" else None,
        "link": request.build_absolute_uri(reverse("session", args=[place.session.slug])),
    }
    response = Response(body, status=status)
    if place.credential and delivery == "cookie":
        set_guest_cookie(response, place.session.slug, place.credential, held=request.COOKIES)
    return response


def _checked(shape: type[Any], request: Request) -> dict[str, Any]:
    form = shape(data=request.data)
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)
