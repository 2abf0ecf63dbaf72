"""`channels/{id}/messages/` and what is done to a message: edits, reactions, pins; and who is typing."""

from dataclasses import asdict
from http import HTTPStatus
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chat import serializers as shapes
from chat.api.base import NO_CONTENT, MemberAPIView, checked, message_response
from chat.services import messages, pins, reactions, typing
from chat.services.history import HistoryQuery, page_as_seen, page_of, read_message, seen_by


@extend_schema(tags=["chat"])
class MessagesView(MemberAPIView):
    """What is written in a text channel."""

    @extend_schema(
        operation_id="channels_messages_list",
        parameters=[shapes.ChannelHistorySerializer],
        responses=shapes.MessagePageSerializer,
    )
    def get(self, request: Request, channel_id: UUID) -> Response:
        """Read a page of messages: the last ones, or those at one place."""
        user = self.user()
        query = HistoryQuery(**checked(shapes.ChannelHistorySerializer, request.query_params))
        page = page_of(actor=user, channel_id=channel_id, query=query)
        return Response(page_as_seen(user, page))

    @extend_schema(
        request=shapes.ChannelMessageSendSerializer,
        responses={HTTPStatus.CREATED: shapes.MessageSerializer, HTTPStatus.OK: shapes.MessageSerializer},
    )
    def post(self, request: Request, channel_id: UUID) -> Response:
        """Write a message; one that was sent before with the same `client_id` is answered again (200)."""
        user = self.user()
        fields = checked(shapes.ChannelMessageSendSerializer, request.data)
        message, is_new = messages.send_message(actor=user, channel_id=channel_id, **fields)
        if is_new:  # nobody has reacted yet
            seen = {**shapes.message_as_seen(message), "reactions": []}
            return Response(seen, status=HTTPStatus.CREATED)
        return message_response(user, message)


@extend_schema(tags=["chat"])
class MessageView(MemberAPIView):
    """One message of a text channel."""

    @extend_schema(responses=shapes.MessageSerializer)
    def get(self, request: Request, channel_id: UUID, message_id: UUID) -> Response:
        """Read a message."""
        del request
        user = self.user()
        return message_response(user, read_message(actor=user, channel_id=channel_id, message_id=message_id))

    @extend_schema(request=shapes.MessageEditSerializer, responses=shapes.MessageSerializer)
    def patch(self, request: Request, channel_id: UUID, message_id: UUID) -> Response:
        """Change one's own message, for 24 hours."""
        user = self.user()
        fields = checked(shapes.MessageEditSerializer, request.data)
        message = messages.edit_message(actor=user, channel_id=channel_id, message_id=message_id, **fields)
        return message_response(user, message)

    @extend_schema(responses=NO_CONTENT)
    def delete(self, request: Request, channel_id: UUID, message_id: UUID) -> Response:
        """Delete one's own message, or as a moderator any; a tombstone stays."""
        del request
        messages.delete_message(actor=self.user(), channel_id=channel_id, message_id=message_id)
        return Response(status=HTTPStatus.NO_CONTENT)


@extend_schema(tags=["chat"])
class ReactionsView(MemberAPIView):
    """One's own reactions to a message."""

    @extend_schema(request=shapes.EmojiSerializer, responses=shapes.ReactionStateSerializer)
    def put(self, request: Request, channel_id: UUID, message_id: UUID) -> Response:
        """React by an emoji."""
        fields = checked(shapes.EmojiSerializer, request.data)
        return self._set(channel_id, message_id, fields["emoji"], on=True)

    @extend_schema(
        parameters=[OpenApiParameter("emoji", str, description="It may stand in the body instead.")],
        responses={HTTPStatus.OK: shapes.ReactionStateSerializer},
    )
    def delete(self, request: Request, channel_id: UUID, message_id: UUID) -> Response:
        """Take a reaction back."""
        named = request.query_params if "emoji" in request.query_params else request.data
        fields = checked(shapes.EmojiSerializer, named)
        return self._set(channel_id, message_id, fields["emoji"], on=False)

    def _set(self, channel_id: UUID, message_id: UUID, emoji: str, *, on: bool) -> Response:
        state = reactions.set_reaction(
            actor=self.user(), channel_id=channel_id, message_id=message_id, emoji=emoji, on=on
        )
        return Response(asdict(state))


@extend_schema(tags=["chat"])
class PinView(MemberAPIView):
    """Whether a message is pinned."""

    @extend_schema(request=None, responses=shapes.MessageSerializer)
    def put(self, request: Request, channel_id: UUID, message_id: UUID) -> Response:
        """Pin a message; moderators only."""
        del request
        return self._set(channel_id, message_id, on=True)

    @extend_schema(responses={HTTPStatus.OK: shapes.MessageSerializer})
    def delete(self, request: Request, channel_id: UUID, message_id: UUID) -> Response:
        """Unpin a message; moderators only."""
        del request
        return self._set(channel_id, message_id, on=False)

    def _set(self, channel_id: UUID, message_id: UUID, *, on: bool) -> Response:
        user = self.user()
        message = pins.set_pin(actor=user, channel_id=channel_id, message_id=message_id, on=on)
        return message_response(user, message)


@extend_schema(tags=["chat"])
class PinsView(MemberAPIView):
    """The pinned messages of a text channel."""

    @extend_schema(responses=shapes.PinsSerializer)
    def get(self, request: Request, channel_id: UUID) -> Response:
        """Read the pinned messages, the last one first; there are 50 at most."""
        del request
        user = self.user()
        return Response({"results": seen_by(user, pins.pins_of(actor=user, channel_id=channel_id))})


@extend_schema(tags=["chat"])
class TypingView(MemberAPIView):
    """Signs of typing in a text channel."""

    @extend_schema(request=None, responses=NO_CONTENT)
    def post(self, request: Request, channel_id: UUID) -> Response:
        """Tell the others that one is typing; good for six seconds."""
        del request
        typing.show_typing(actor=self.user(), channel_id=channel_id)
        return Response(status=HTTPStatus.NO_CONTENT)
