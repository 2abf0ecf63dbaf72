"""Shapes of `identity` on the wire."""

from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from identity.models import DISPLAY_NAME_LENGTH, TOKEN_NAME_LENGTH, ApiToken, User
from nonza.fields import CleanNameField

SOCKET_PATH = r"^/ws/[a-z]+/([A-Za-z0-9-]{1,64}/)?$"


class TicketRequestSerializer(serializers.Serializer):
    """Which socket the ticket shall open."""

    path = serializers.RegexField(SOCKET_PATH, max_length=128)


class TicketSerializer(serializers.Serializer):
    """A ticket: the first frame of the socket carries it."""

    ticket = serializers.CharField()
    expires_at = serializers.DateTimeField()


class ProfileSerializer(serializers.ModelSerializer):
    """A user, as they see themselves."""

    avatar_url = serializers.CharField(allow_null=True, read_only=True)
    no_avatar_color = serializers.IntegerField(
        min_value=1, max_value=10, source="color", read_only=True, help_text="The pastel behind the initials."
    )
    initials = serializers.CharField(read_only=True)

    class Meta:
        model = User
        fields: ClassVar = [
            "id", "email", "name", "display_name", "avatar_url", "no_avatar_color", "initials",
            "active_space", "language", "theme", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class ProfileChangeSerializer(serializers.Serializer):
    """What a user may change of it; what is absent stays."""

    display_name = CleanNameField(max_length=DISPLAY_NAME_LENGTH, required=False)
    language = serializers.ChoiceField(
        choices=settings.LANGUAGES, allow_blank=True, required=False, help_text="Empty: as the browser asks."
    )
    theme = serializers.ChoiceField(choices=User.Theme.choices, required=False)


class AvatarSerializer(serializers.Serializer):
    """A picture: PNG, JPEG, WebP or GIF, at most 2 MiB."""

    avatar = serializers.FileField(allow_empty_file=True, write_only=True)


class ApiTokenSerializer(serializers.ModelSerializer):
    """An API token; `ending` are the last characters of its key."""

    scopes = serializers.ListField(child=serializers.ChoiceField(choices=ApiToken.Scope.choices))

    class Meta:
        model = ApiToken
        fields: ClassVar = [
            "id", "name", "ending", "scopes", "expires_at", "last_used_at", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class ApiTokenCreateSerializer(serializers.Serializer):
    """A new API token."""

    name = CleanNameField(max_length=TOKEN_NAME_LENGTH)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=ApiToken.Scope.choices), allow_empty=False, max_length=10
    )
    expires_at = serializers.DateTimeField(allow_null=True, default=None)

    def validate_expires_at(self, moment: datetime | None) -> datetime | None:
        """An expiry lies ahead."""
        if moment is not None and moment <= timezone.now():
            raise serializers.ValidationError(_("Choose a time that is still to come."), code="past")
        return moment


class NewApiTokenSerializer(ApiTokenSerializer):
    """A token that was just made; its key is shown this once."""

    key = serializers.CharField(read_only=True)

    class Meta(ApiTokenSerializer.Meta):
        fields: ClassVar = [*ApiTokenSerializer.Meta.fields, "key"]
        read_only_fields = fields
