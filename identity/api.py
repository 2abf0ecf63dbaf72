"""`identity/…` and `tickets/`."""

from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from django.conf import settings
from django.contrib.auth import logout
from django.db.models import QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from identity.models import ApiToken
from identity.rules import current_actor, current_user
from identity.serializers import (
    ApiTokenCreateSerializer,
    ApiTokenSerializer,
    AvatarSerializer,
    NewApiTokenSerializer,
    ProfileChangeSerializer,
    ProfileSerializer,
    TicketRequestSerializer,
    TicketSerializer,
)
from identity.services.avatars import BYTES_AT_MOST, change_avatar, remove_avatar
from identity.services.guests import refuse_unknown_guest
from identity.services.profiles import change_profile
from identity.services.tickets import mint_ticket
from identity.services.tokens import create_token, revoke_token
from identity.services.users import log_out_everywhere
from nonza.errors import CredentialRequired
from nonza.pages import NewestFirst
from nonza.parsers import BoundedMultiPartParser
from nonza.rate_limits import buckets, consume


class TicketsView(APIView):
    """Tickets for sockets."""

    def guest_scope(self, request: Request) -> str:
        """The last part of the socket's path names the session whose cookie counts."""
        wanted = cast("dict[str, Any]", request.data).get("path", "")
        parts = str(wanted).split("/")
        return parts[3] if len(parts) > 3 else ""  # noqa: PLR2004 -- "", ws, kind, slug

    @extend_schema(
        request=TicketRequestSerializer, responses={HTTPStatus.CREATED: TicketSerializer}, tags=["identity"]
    )
    def post(self, request: Request) -> Response:
        """Mint a ticket for one socket; it works once, within 30 s."""
        form = TicketRequestSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        actor = current_actor(request)
        if not actor.is_known:
            raise CredentialRequired
        refuse_unknown_guest(actor)
        consume(*buckets(f"tickets:{actor.key}", settings.RATES["session_participant"]))
        ticket = mint_ticket(actor=actor, path=form.validated_data["path"])
        return Response(TicketSerializer(ticket).data, status=HTTPStatus.CREATED)


class ProfileView(APIView):
    """One's own profile; with an API token it is only read."""

    token_scope = ApiToken.Scope.READ

    @extend_schema(responses=ProfileSerializer, tags=["identity"])
    def get(self, request: Request) -> Response:
        """Read one's own profile."""
        return Response(ProfileSerializer(current_user(request)).data)

    @extend_schema(request=ProfileChangeSerializer, responses=ProfileSerializer, tags=["identity"])
    def patch(self, request: Request) -> Response:
        """Change name, language or theme; what is absent stays."""
        user = current_user(request)
        form = ProfileChangeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return Response(ProfileSerializer(change_profile(actor=user, fields=form.validated_data)).data)


class AvatarView(APIView):
    """One's own picture."""

    parser_classes = (BoundedMultiPartParser,)
    upload_limit = BYTES_AT_MOST

    @extend_schema(
        request={"multipart/form-data": AvatarSerializer}, responses=ProfileSerializer, tags=["identity"]
    )
    def put(self, request: Request) -> Response:
        """Show a picture instead of initials: PNG, JPEG, WebP or GIF, at most 2 MiB."""
        user = current_user(request)
        form = AvatarSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return Response(
            ProfileSerializer(change_avatar(actor=user, picture=form.validated_data["avatar"])).data
        )

    @extend_schema(responses=ProfileSerializer, tags=["identity"])
    def delete(self, request: Request) -> Response:
        """Go back to initials on a pastel."""
        return Response(ProfileSerializer(remove_avatar(actor=current_user(request))).data)


@extend_schema(tags=["identity"])
class TokensView(ListAPIView):
    """One's own API tokens, without their keys; a token does not make or see tokens."""

    serializer_class = ApiTokenSerializer
    pagination_class = NewestFirst
    queryset = ApiToken.objects.none()

    def get_queryset(self) -> QuerySet[ApiToken]:
        """Those that are not revoked."""
        return ApiToken.objects.filter(user=current_user(self.request), revoked_at=None)

    @extend_schema(
        request=ApiTokenCreateSerializer,
        responses={HTTPStatus.CREATED: NewApiTokenSerializer},
        tags=["identity"],
    )
    def post(self, request: Request) -> Response:
        """Make an API token; the answer is the only place where its key is shown."""
        user = current_user(request)
        form = ApiTokenCreateSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        token, key = create_token(actor=user, **form.validated_data)
        return Response({**ApiTokenSerializer(token).data, "key": key}, status=HTTPStatus.CREATED)


class TokenDetailView(APIView):
    """One API token of one's own."""

    @extend_schema(responses={HTTPStatus.NO_CONTENT: None}, tags=["identity"])
    def delete(self, request: Request, token_id: UUID) -> Response:
        """Revoke an API token; it opens nothing from now on."""
        revoke_token(actor=current_user(request), token_id=token_id)
        return Response(status=HTTPStatus.NO_CONTENT)


class LogoutEverywhereView(APIView):
    """All login sessions of one's own."""

    @extend_schema(request=None, responses={HTTPStatus.NO_CONTENT: None}, tags=["identity"])
    def post(self, request: Request) -> Response:
        """End all login sessions, this one too. API tokens stay."""
        log_out_everywhere(actor=current_user(request))
        logout(request._request)  # noqa: SLF001 -- DRF's wrapper has no login session
        return Response(status=HTTPStatus.NO_CONTENT)
