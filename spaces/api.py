"""`spaces/` and what is below it, `invitations/`, `channels/` and `notifications/`."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from identity.client_ip import client_ip
from identity.models import User
from identity.rules import current_user
from nonza.pages import NewestFirst, Pages
from spaces import serializers as shapes
from spaces.models import Channel, Invitation, Membership, Notification, Space
from spaces.services import channels, invitations, members, notifications, spaces
from spaces.services.limits import limit_user
from spaces.services.presence import online_in

NO_CONTENT = {HTTPStatus.NO_CONTENT: None}


class UserAPIView(APIView):
    """A view for users, whose requests are counted."""

    token_scope: str | None = "spaces"  # noqa: S105 -- the name of a right

    def user(self) -> User:
        """Return who asks; raises CredentialRequired, RateLimited."""
        user = current_user(self.request)
        limit_user(user)
        return user


class ListView(UserAPIView, ListAPIView):
    """A list in pages."""

    pagination_class = Pages
    model: Any

    def rows(self) -> QuerySet[Any]:
        """Return all rows that the user may see."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Any]:
        """Return the rows, or none where only the schema is drawn."""
        if getattr(self, "swagger_fake_view", False):
            return self.model.objects.none()  # type: ignore[no-any-return]
        return self.rows()


def checked(shape: type[Any], request: Request) -> dict[str, Any]:
    """Return the checked fields of a request; raises what becomes `invalid`."""
    form = shape(data=request.data)
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)


# Spaces -------------------------------------------------------------------


def space_response(user: User, space_id: UUID, status: int = HTTPStatus.OK) -> Response:
    """Answer with a space as this user sees it."""
    space = Space.objects.described_to(user).get(pk=space_id)
    return Response(shapes.SpaceSerializer(space).data, status=status)


@extend_schema(tags=["spaces"])
class SpacesView(ListView):
    """One's spaces."""

    serializer_class = shapes.SpaceSerializer
    model = Space

    def rows(self) -> QuerySet[Space]:
        """Return the user's spaces."""
        return Space.objects.described_to(self.user())

    @extend_schema(
        request=shapes.SpaceCreateSerializer, responses={HTTPStatus.CREATED: shapes.SpaceSerializer}
    )
    def post(self, request: Request) -> Response:
        """Make a space; it is one's own, and the active one."""
        user = self.user()
        space = spaces.create_space(actor=user, **checked(shapes.SpaceCreateSerializer, request))
        return space_response(user, space.pk, HTTPStatus.CREATED)


@extend_schema(tags=["spaces"])
class SpaceView(UserAPIView):
    """One space."""

    @extend_schema(responses=shapes.SpaceSerializer)
    def get(self, request: Request, space_id: UUID) -> Response:
        """Read a space."""
        del request
        user = self.user()
        members.membership_of(actor=user, space_id=space_id)
        return space_response(user, space_id)

    @extend_schema(request=shapes.SpaceChangeSerializer, responses=shapes.SpaceSerializer)
    def patch(self, request: Request, space_id: UUID) -> Response:
        """Rename (the owner) or describe (moderators too) a space."""
        user = self.user()
        members.membership_of(actor=user, space_id=space_id)
        fields = checked(shapes.SpaceChangeSerializer, request)
        spaces.change_space(actor=user, space_id=space_id, fields=fields)
        return space_response(user, space_id)

    @extend_schema(responses=NO_CONTENT)
    def delete(self, request: Request, space_id: UUID) -> Response:
        """Delete a space and all that is in it; the owner only, and not their last one."""
        del request
        spaces.delete_space(actor=self.user(), space_id=space_id)
        return Response(status=HTTPStatus.NO_CONTENT)


@extend_schema(tags=["spaces"])
class ActiveView(UserAPIView):
    """The active space."""

    @extend_schema(request=None, responses=shapes.SpaceSerializer)
    def post(self, request: Request, space_id: UUID) -> Response:
        """Let one's pages show this space."""
        del request
        user = self.user()
        spaces.activate_space(actor=user, space_id=space_id)
        return space_response(user, space_id)


@extend_schema(tags=["spaces"])
class ModeView(UserAPIView):
    """A space's mode."""

    @extend_schema(request=shapes.ModeSerializer, responses=shapes.SpaceSerializer)
    def put(self, request: Request, space_id: UUID) -> Response:
        """Change what the space is for; the owner only."""
        user = self.user()
        members.membership_of(actor=user, space_id=space_id)
        spaces.change_mode(actor=user, space_id=space_id, **checked(shapes.ModeSerializer, request))
        return space_response(user, space_id)


@extend_schema(tags=["spaces"])
class PresenceView(UserAPIView):
    """Who is online."""

    @extend_schema(responses=shapes.PresenceSerializer)
    def get(self, request: Request, space_id: UUID) -> Response:
        """Read which members have the space open."""
        del request
        members.membership_of(actor=self.user(), space_id=space_id)
        online = sorted(online_in(space_id))
        return Response({"count": len(online), "user_ids": online})


# Members ------------------------------------------------------------------


@extend_schema(tags=["members"])
class MembershipView(UserAPIView):
    """One's own place in a space."""

    @extend_schema(responses=shapes.MembershipSerializer)
    def get(self, request: Request, space_id: UUID) -> Response:
        """Read one's role, and whether one wants news of calls."""
        del request
        membership = members.membership_of(actor=self.user(), space_id=space_id)
        return Response(shapes.MembershipSerializer(membership).data)

    @extend_schema(request=shapes.MuteSerializer, responses=shapes.MembershipSerializer)
    def patch(self, request: Request, space_id: UUID) -> Response:
        """Say whether one wants news of calls from this space."""
        user = self.user()
        members.membership_of(actor=user, space_id=space_id)
        fields = checked(shapes.MuteSerializer, request)
        membership = members.mute_space(actor=user, space_id=space_id, **fields)
        return Response(shapes.MembershipSerializer(membership).data)

    @extend_schema(responses=NO_CONTENT)
    def delete(self, request: Request, space_id: UUID) -> Response:
        """Leave the space; its owner hands it over first."""
        del request
        members.leave_space(actor=self.user(), space_id=space_id)
        return Response(status=HTTPStatus.NO_CONTENT)


@extend_schema(tags=["members"], parameters=[OpenApiParameter("q", str, description="A part of the name.")])
class MembersView(ListView):
    """The members of a space."""

    serializer_class = shapes.MemberSerializer
    model = Membership

    def rows(self) -> QuerySet[Membership]:
        """Return the members, for members."""
        mine = members.membership_of(actor=self.user(), space_id=self.kwargs["space_id"])
        return members.members_of(mine.space, self.request.query_params.get("q", ""))


@extend_schema(tags=["members"])
class MemberView(UserAPIView):
    """One member."""

    @extend_schema(request=shapes.RoleChangeSerializer, responses=shapes.MemberSerializer)
    def patch(self, request: Request, space_id: UUID, member_id: UUID) -> Response:
        """Change a member's role; the owner only."""
        user = self.user()
        members.membership_of(actor=user, space_id=space_id)
        fields = checked(shapes.RoleChangeSerializer, request)
        member = members.change_role(actor=user, space_id=space_id, member_id=member_id, **fields)
        return Response(shapes.MemberSerializer(member).data)

    @extend_schema(responses=NO_CONTENT)
    def delete(self, request: Request, space_id: UUID, member_id: UUID) -> Response:
        """Remove a member: the owner anybody, moderators who is only a member."""
        del request
        members.remove_member(actor=self.user(), space_id=space_id, member_id=member_id)
        return Response(status=HTTPStatus.NO_CONTENT)


@extend_schema(tags=["members"])
class OwnerView(UserAPIView):
    """Whose the space is."""

    @extend_schema(request=shapes.OwnerSerializer, responses=shapes.MemberSerializer)
    def put(self, request: Request, space_id: UUID) -> Response:
        """Hand the space over to another member; one stays as a moderator."""
        user = self.user()
        members.membership_of(actor=user, space_id=space_id)
        chosen = checked(shapes.OwnerSerializer, request)["member"]
        member = members.hand_over(actor=user, space_id=space_id, member_id=chosen)
        return Response(shapes.MemberSerializer(member).data)


# Invitations --------------------------------------------------------------


@extend_schema(tags=["invitations"])
class InvitationsView(ListView):
    """The links into a space."""

    serializer_class = shapes.InvitationSerializer
    pagination_class = NewestFirst
    model = Invitation

    def rows(self) -> QuerySet[Invitation]:
        """Return the invitations, for the owner and moderators."""
        return invitations.invitations_of(actor=self.user(), space_id=self.kwargs["space_id"])

    @extend_schema(
        request=shapes.InvitationCreateSerializer,
        responses={HTTPStatus.CREATED: shapes.InvitationSerializer},
    )
    def post(self, request: Request, space_id: UUID) -> Response:
        """Make a link into the space."""
        user = self.user()
        members.membership_of(actor=user, space_id=space_id)
        fields = checked(shapes.InvitationCreateSerializer, request)
        invitation = invitations.create_invitation(actor=user, space_id=space_id, **fields)
        return Response(shapes.InvitationSerializer(invitation).data, status=HTTPStatus.CREATED)


@extend_schema(tags=["invitations"])
class InvitationView(UserAPIView):
    """One link into a space."""

    @extend_schema(responses=shapes.InvitationSerializer)
    def delete(self, request: Request, space_id: UUID, invitation_id: UUID) -> Response:
        """Revoke an invitation; it is kept for the list."""
        del request
        invitation = invitations.revoke_invitation(
            actor=self.user(), space_id=space_id, invitation_id=invitation_id
        )
        return Response(shapes.InvitationSerializer(invitation).data)


@extend_schema(tags=["invitations"])
class InvitationDoorView(UserAPIView):
    """What the holder of a link can do with it."""

    @extend_schema(responses=shapes.InvitationPreviewSerializer)
    def get(self, request: Request, token: str) -> Response:
        """Look into what one is invited to; no account is needed for that."""
        plain = request._request  # noqa: SLF001 -- client_ip reads Django's request
        invitation = invitations.preview_invitation(token=token, ip=client_ip(plain))
        return Response(shapes.InvitationPreviewSerializer(invitation).data)

    @extend_schema(request=None, responses=shapes.SpaceSerializer)
    def post(self, request: Request, token: str) -> Response:
        """Become a member; the space is one's active one then."""
        user = self.user()
        plain = request._request  # noqa: SLF001 -- client_ip reads Django's request
        membership = invitations.accept_invitation(actor=user, token=token, ip=client_ip(plain))
        return space_response(user, membership.space_id)


# Channels -----------------------------------------------------------------


@extend_schema(tags=["channels"])
class ChannelsView(ListView):
    """The channels of a space."""

    serializer_class = shapes.ChannelSerializer
    model = Channel

    class pagination_class(Pages):  # noqa: N801 -- DRF's name
        ordering = ("position", "created_at", "id")

    def rows(self) -> QuerySet[Channel]:
        """Return the channels, for members."""
        mine = members.membership_of(actor=self.user(), space_id=self.kwargs["space_id"])
        return channels.channels_of(mine.space)

    @extend_schema(
        request=shapes.ChannelCreateSerializer, responses={HTTPStatus.CREATED: shapes.ChannelSerializer}
    )
    def post(self, request: Request, space_id: UUID) -> Response:
        """Make a channel at the end of the list; the owner and moderators only."""
        user = self.user()
        members.membership_of(actor=user, space_id=space_id)
        fields = checked(shapes.ChannelCreateSerializer, request)
        channel = channels.create_channel(actor=user, space_id=space_id, **fields)
        return Response(shapes.ChannelSerializer(channel).data, status=HTTPStatus.CREATED)


@extend_schema(tags=["channels"])
class ChannelView(UserAPIView):
    """One channel."""

    @extend_schema(responses=shapes.ChannelSerializer)
    def get(self, request: Request, channel_id: UUID) -> Response:
        """Read a channel."""
        del request
        channel, _membership = channels.channel_for(actor=self.user(), channel_id=channel_id)
        return Response(shapes.ChannelSerializer(channel).data)

    @extend_schema(request=shapes.ChannelChangeSerializer, responses=shapes.ChannelSerializer)
    def patch(self, request: Request, channel_id: UUID) -> Response:
        """Change or move a channel; the owner and moderators only."""
        user = self.user()
        channel, _membership = channels.channel_for(actor=user, channel_id=channel_id)
        fields = checked(shapes.ChannelChangeSerializer, request)
        position = fields.pop("position", None)
        if fields or position is None:
            channel = channels.change_channel(actor=user, channel_id=channel_id, fields=fields)
        if position is not None:
            channel = channels.move_channel(actor=user, channel_id=channel_id, position=position)
        return Response(shapes.ChannelSerializer(channel).data)

    @extend_schema(responses=NO_CONTENT)
    def delete(self, request: Request, channel_id: UUID) -> Response:
        """Delete a channel and end the call in it; the owner and moderators only."""
        del request
        channels.delete_channel(actor=self.user(), channel_id=channel_id)
        return Response(status=HTTPStatus.NO_CONTENT)


# News ---------------------------------------------------------------------


@extend_schema(
    tags=["notifications"], parameters=[OpenApiParameter("unread", bool, description="Only what is unread.")]
)
class NotificationsView(ListView):
    """One's own news."""

    token_scope = "read"  # noqa: S105 -- the name of a right
    serializer_class = shapes.NotificationSerializer
    pagination_class = NewestFirst
    model = Notification

    def rows(self) -> QuerySet[Notification]:
        """Return the user's news, the newest first."""
        news = notifications.notifications_of(self.user())
        only_unread = self.request.query_params.get("unread") in {"1", "true"}
        return news.filter(read_at=None) if only_unread else news


@extend_schema(tags=["notifications"])
class ReadView(UserAPIView):
    """What one has read."""

    token_scope = None

    @extend_schema(request=shapes.ReadSerializer, responses=shapes.UnreadSerializer)
    def post(self, request: Request) -> Response:
        """Mark news as read; the answer says how many are left."""
        user = self.user()
        chosen = checked(shapes.ReadSerializer, request)
        left = notifications.mark_read(actor=user, ids=None if chosen["all"] else chosen["ids"])
        return Response({"unread": left})
