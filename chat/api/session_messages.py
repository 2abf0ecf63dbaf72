"""`sessions/{slug}/messages/`: the chat of a session, for guests and users."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from chat import serializers as shapes
from chat.api.base import NO_CONTENT, MessageParser, checked, ip_of, limit_writing
from chat.services import session_chat
from chat.services.session_store import Edge
from identity.rules import current_actor
from sessions.models import Participant
from sessions.services.limits import limit_participant
from sessions.services.places import place_of, standing_at
from sessions.services.standing import Standing


class SessionChatView(APIView):
    """A view for people with a place in a session, whose requests are counted."""

    token_scope: str | None = "sessions"  # noqa: S105 -- the name of a right
    parser_classes = [MessageParser]

    def my_place(self, slug: str) -> Participant:
        """Return who asks; raises SessionNotFound to strangers, CredentialRequired, RateLimited."""
        participant = place_of(slug=slug, actor=current_actor(self.request), ip=ip_of(self.request))
        limit_participant(participant)
        limit_writing(self.request)
        return participant

    def my_standing(self, slug: str) -> Standing:
        """Return the same of somebody who may keep order in the session without a place."""
        standing = standing_at(slug=slug, actor=current_actor(self.request), ip=ip_of(self.request))
        limit_writing(self.request)
        return standing


@extend_schema(tags=["chat"])
class SessionMessagesView(SessionChatView):
    """What is written in a session."""

    @extend_schema(parameters=[shapes.HistorySerializer], responses=shapes.SessionMessagePageSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Read a page of messages: the last ones, or those at one place."""
        participant = self.my_place(slug)
        asked = checked(shapes.HistorySerializer, request.query_params)
        limit = asked.pop("limit")
        edge = Edge(*next(iter(asked.items()), ()))
        page = session_chat.read_messages(participant=participant, limit=limit, edge=edge)
        return Response(
            {
                "results": [_seen(message) for message in page.messages],
                "epoch": page.position.epoch,
                "offset": page.position.offset,
                "has_before": page.has_before,
                "has_after": page.has_after,
            }
        )

    @extend_schema(
        request=shapes.MessageSendSerializer,
        responses={HTTPStatus.CREATED: shapes.MessageSerializer, HTTPStatus.OK: shapes.MessageSerializer},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Write a message; one that was sent before with the same `client_id` is answered again (200)."""
        participant = self.my_place(slug)
        fields = checked(shapes.MessageSendSerializer, request.data)
        message, is_new = session_chat.send_message(participant=participant, **fields)
        return Response(_seen(message), status=HTTPStatus.CREATED if is_new else HTTPStatus.OK)


@extend_schema(tags=["chat"])
class SessionMessageView(SessionChatView):
    """One message of a session."""

    @extend_schema(request=shapes.MessageEditSerializer, responses=shapes.MessageSerializer)
    def patch(self, request: Request, slug: str, message_id: UUID) -> Response:
        """Change one's own message, for 24 hours."""
        participant = self.my_place(slug)
        fields = checked(shapes.MessageEditSerializer, request.data)
        message = session_chat.edit_message(participant=participant, message_id=message_id, **fields)
        return Response(_seen(message))

    @extend_schema(responses=NO_CONTENT)
    def delete(self, request: Request, slug: str, message_id: UUID) -> Response:
        """Delete one's own message, or as a host any; a tombstone stays."""
        del request
        session_chat.delete_message(standing=self.my_standing(slug), message_id=message_id)
        return Response(status=HTTPStatus.NO_CONTENT)


@extend_schema(tags=["chat"])
class SessionTypingView(SessionChatView):
    """Signs of typing in a session."""

    @extend_schema(request=None, responses=NO_CONTENT)
    def post(self, request: Request, slug: str) -> Response:
        """Tell the others that one is typing; good for six seconds."""
        del request
        session_chat.note_typing(participant=self.my_place(slug))
        return Response(status=HTTPStatus.NO_CONTENT)


def _seen(message: dict[str, Any]) -> dict[str, Any]:
    return {**message, "reactions": []}
