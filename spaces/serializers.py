"""Shapes of `spaces` on the wire."""

import functools
from typing import Any, ClassVar

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from identity.models import User
from nonza.fields import CleanNameField
from spaces.models import (
    DESCRIPTION_LENGTH,
    MAX_PARTICIPANTS,
    NAME_LENGTH,
    NOTE_LENGTH,
    TOPIC_LENGTH,
    Channel,
    Invitation,
    Membership,
    Notification,
    Space,
)

MANY_USES = 10_000
STATES = ["open", "revoked", "expired", "used_up"]


def person_as_seen(user: User) -> dict[str, Any]:
    """Return a user as the other members of a space see them."""
    return {
        "user_id": str(user.pk),
        "display_name": user.called,
        "color": user.color,
        "avatar_url": user.avatar_url,
    }


# What is read -------------------------------------------------------------


class SpaceSerializer(serializers.ModelSerializer):
    """A space, as one of its members sees it."""

    role = serializers.ChoiceField(choices=Membership.Role.choices, read_only=True)
    muted = serializers.BooleanField(
        read_only=True, help_text="No news of calls, and of messages to all, from here."
    )
    active = serializers.BooleanField(read_only=True, help_text="The one that your pages show.")
    members_count = serializers.IntegerField(read_only=True)

    class Meta:
        model = Space
        fields: ClassVar = [
            "id", "name", "description", "mode", "role", "muted", "active", "members_count",
            "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class _SpaceRow(serializers.ModelSerializer):
    """What stands in a space's row: the same for every member."""

    class Meta:
        model = Space
        fields: ClassVar = ["id", "name", "description", "mode", "created_at", "updated_at"]


class PersonSerializer(serializers.Serializer):
    """A user, as the other members of a space see them."""

    user_id = serializers.UUIDField(read_only=True)
    display_name = serializers.CharField(read_only=True)
    color = serializers.IntegerField(min_value=1, max_value=10, read_only=True)
    avatar_url = serializers.CharField(allow_null=True, read_only=True)

    def to_representation(self, instance: User) -> dict[str, Any]:
        """Return the person on the wire."""
        return person_as_seen(instance)


class MemberSerializer(serializers.ModelSerializer):
    """A member of a space."""

    user = PersonSerializer(read_only=True)

    class Meta:
        model = Membership
        fields: ClassVar = ["id", "user", "role", "last_seen_at", "created_at", "updated_at"]
        read_only_fields = fields


class MembershipSerializer(serializers.ModelSerializer):
    """One's own place in a space."""

    space_id = serializers.UUIDField(read_only=True)

    class Meta:
        model = Membership
        fields: ClassVar = ["id", "space_id", "role", "muted", "created_at", "updated_at"]
        read_only_fields = fields


class InvitationSerializer(serializers.ModelSerializer):
    """A link into a space, for those who may make one."""

    state = serializers.ChoiceField(choices=STATES, read_only=True)
    link = serializers.SerializerMethodField(help_text="null: its role is not yours to give.")
    token = serializers.SerializerMethodField(help_text="null: its role is not yours to give.")
    created_by = PersonSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Invitation
        fields: ClassVar = [
            "id", "link", "token", "role", "note", "state", "uses", "max_uses", "expires_at", "revoked_at",
            "created_by", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_link(self, invitation: Invitation) -> str | None:
        """Return the address to pass on, to who may."""
        token = self.get_token(invitation)
        return f"{settings.BASE_URL}/invite/{token}/" if token else None

    def get_token(self, invitation: Invitation) -> str | None:
        """Return the key in the address, to who may pass it on: `invitations_of` says who, others made it."""
        return invitation.token if getattr(invitation, "shown", True) else None


class InvitationPreviewSerializer(serializers.Serializer):
    """What whoever holds the link learns of the space."""

    space_name = serializers.CharField(source="space.name", read_only=True)
    space_description = serializers.CharField(source="space.description", read_only=True)
    members_count = serializers.IntegerField(read_only=True)
    role = serializers.ChoiceField(choices=Membership.Role.choices, read_only=True)
    invited_by = PersonSerializer(source="created_by", read_only=True, allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True, read_only=True)


class ChannelSerializer(serializers.ModelSerializer):
    """A channel."""

    space_id = serializers.UUIDField(read_only=True)

    class Meta:
        model = Channel
        fields: ClassVar = [
            "id", "space_id", "type", "name", "topic", "max_participants", "position",
            "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class NotificationSerializer(serializers.ModelSerializer):
    """News for one person; what is in `content` depends on the kind (docs/events.md)."""

    space_id = serializers.UUIDField(read_only=True, allow_null=True)
    content = serializers.DictField(read_only=True)

    class Meta:
        model = Notification
        fields: ClassVar = ["id", "kind", "space_id", "content", "read_at", "created_at"]
        read_only_fields = fields


class PresenceSerializer(serializers.Serializer):
    """Who is online in a space."""

    count = serializers.IntegerField()
    user_ids = serializers.ListField(child=serializers.UUIDField())


class UnreadSerializer(serializers.Serializer):
    """How many of a person's news are unread."""

    unread = serializers.IntegerField()


# As plain values, for pushes ----------------------------------------------


def space_as_seen(space: Space) -> dict[str, Any]:
    """Return a space on the wire, the same for every member."""
    return dict(_shape(_SpaceRow).to_representation(space))


def member_as_seen(membership: Membership) -> dict[str, Any]:
    """Return a member on the wire."""
    return dict(_shape(MemberSerializer).to_representation(membership))


def channel_as_seen(channel: Channel) -> dict[str, Any]:
    """Return a channel on the wire."""
    return dict(_shape(ChannelSerializer).to_representation(channel))


def notification_as_seen(notification: Notification) -> dict[str, Any]:
    """Return news on the wire."""
    return dict(_shape(NotificationSerializer).to_representation(notification))


@functools.cache
def _shape(kind: type[serializers.BaseSerializer]) -> serializers.BaseSerializer:
    """Return a serializer whose fields are made once: a push to many must not make them for each."""
    return kind()


# What is asked for --------------------------------------------------------


class SpaceCreateSerializer(serializers.Serializer):
    """A new space."""

    name = CleanNameField(max_length=NAME_LENGTH)
    description = CleanNameField(max_length=DESCRIPTION_LENGTH, allow_blank=True, default="")
    mode = serializers.ChoiceField(choices=Space.Mode.choices, default=Space.Mode.SESSIONS_ONLY)


class SpaceChangeSerializer(serializers.Serializer):
    """What may be changed of a space; the name by its owner alone."""

    name = CleanNameField(max_length=NAME_LENGTH, required=False)
    description = CleanNameField(max_length=DESCRIPTION_LENGTH, allow_blank=True, required=False)


class ModeSerializer(serializers.Serializer):
    """A space's mode."""

    mode = serializers.ChoiceField(choices=Space.Mode.choices)


class MuteSerializer(serializers.Serializer):
    """Whether one wants no news of calls, and of messages to all, from a space."""

    muted = serializers.BooleanField()


GRANTED = [(role.value, role.label) for role in Membership.Role if role != Membership.Role.OWNER]


class RoleChangeSerializer(serializers.Serializer):
    """A member's new role; an owner is made by handing over."""

    role = serializers.ChoiceField(choices=GRANTED)


class OwnerSerializer(serializers.Serializer):
    """Whom the space is handed over to."""

    member = serializers.UUIDField(help_text="The id of a member.")


class InvitationCreateSerializer(serializers.Serializer):
    """A new link into a space."""

    role = serializers.ChoiceField(choices=GRANTED, default=Membership.Role.MEMBER)
    note = CleanNameField(max_length=NOTE_LENGTH, allow_blank=True, default="")
    expires_at = serializers.DateTimeField(allow_null=True, default=None)
    max_uses = serializers.IntegerField(min_value=1, max_value=MANY_USES, allow_null=True, default=None)


class ChannelCreateSerializer(serializers.Serializer):
    """A new channel."""

    type = serializers.ChoiceField(choices=Channel.Type.choices)
    name = CleanNameField(max_length=NAME_LENGTH)
    topic = CleanNameField(max_length=TOPIC_LENGTH, allow_blank=True, default="")
    max_participants = serializers.IntegerField(
        min_value=1, max_value=MAX_PARTICIPANTS, allow_null=True, default=None
    )


class ChannelChangeSerializer(serializers.Serializer):
    """What may be changed of a channel; `position` counts from 0."""

    name = CleanNameField(max_length=NAME_LENGTH, required=False)
    topic = CleanNameField(max_length=TOPIC_LENGTH, allow_blank=True, required=False)
    max_participants = serializers.IntegerField(min_value=1, max_value=MAX_PARTICIPANTS, required=False)
    position = serializers.IntegerField(min_value=0, required=False)


class ReadSerializer(serializers.Serializer):
    """Which news have been read: some of them, or all."""

    ids = serializers.ListField(child=serializers.UUIDField(), max_length=200, required=False)
    all = serializers.BooleanField(default=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse what names neither."""
        if not attrs["all"] and "ids" not in attrs:
            missing = serializers.ErrorDetail(str(_("Name some, or say that all were read.")), "required")
            raise serializers.ValidationError({"ids": missing})
        return attrs
