"""`tickets/`."""

from http import HTTPStatus
from typing import Any, cast

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from identity.rules import current_actor
from identity.serializers import TicketRequestSerializer, TicketSerializer
from identity.services.guests import refuse_unknown_guest
from identity.services.tickets import mint_ticket
from nonza.errors import CredentialRequired
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
