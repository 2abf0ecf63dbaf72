"""What the views of text channels share."""

from http import HTTPStatus
from typing import Any

from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat.models import Message
from chat.services.history import seen_by
from chat.services.limits import limit_address
from identity.client_ip import client_ip
from identity.models import User
from identity.rules import current_user
from nonza.parsers import BoundedJSONParser
from spaces.services.limits import limit_user

NO_CONTENT = {HTTPStatus.NO_CONTENT: None}
BODY_AT_MOST = 16 * 1024


class MessageParser(BoundedJSONParser):
    """A message is 16 KiB at most."""

    most = BODY_AT_MOST


class MemberAPIView(APIView):
    """A view for members of a space, whose requests are counted."""

    token_scope: str | None = "spaces"  # noqa: S105 -- the name of a right
    parser_classes = [MessageParser]

    def user(self) -> User:
        """Return who asks; raises CredentialRequired, RateLimited."""
        user = current_user(self.request)
        limit_user(user)
        limit_writing(self.request)
        return user


def ip_of(request: Request) -> str:
    """Return the address that asks."""
    return client_ip(request._request)  # noqa: SLF001 -- client_ip reads Django's request


def limit_writing(request: Request) -> None:
    """Count what is more than reading for the address that asks; raises RateLimited."""
    if request.method not in SAFE_METHODS:
        limit_address(ip_of(request))


def checked(shape: type[Any], fields: Any) -> dict[str, Any]:
    """Return the checked fields of a body or a query; raises what becomes `invalid`."""
    form = shape(data=fields)
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


def message_response(user: User, message: Message, status: int = HTTPStatus.OK) -> Response:
    """Answer with a message as this user sees it."""
    return Response(seen_by(user, [message])[0], status=status)
