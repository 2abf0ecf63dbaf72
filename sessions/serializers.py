"""Shapes of `sessions` on the wire."""

import functools
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from identity.models import DISPLAY_NAME_LENGTH
from nonza.fields import CleanNameField
from sessions.models import (
    DESCRIPTION_LENGTH,
    MAX_PARTICIPANTS,
    TITLE_LENGTH,
    Participant,
    Session,
)

KINDS = ["user", "guest"]


class DisplayNameField(CleanNameField):
    """A person's name: 1 to 64 characters, and so at most the 256 bytes that LiveKit takes."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"max_length": DISPLAY_NAME_LENGTH, **options})


class ParticipantSerializer(serializers.ModelSerializer):
    """A person in a session, as everybody in it may see them."""

    kind = serializers.ChoiceField(choices=KINDS, read_only=True)
    color = serializers.IntegerField(min_value=1, max_value=10, read_only=True)
    avatar_url = serializers.SerializerMethodField()
    in_call = serializers.BooleanField(read_only=True)

    class Meta:
        model = Participant
        fields: ClassVar = [
            "id", "display_name", "kind", "role", "state", "color", "avatar_url", "in_call",
            "microphone_on", "joined_at", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields

    def get_avatar_url(self, participant: Participant) -> str | None:
        """People have initials on their pastel; a picture is null."""
        del participant
        return None


class SessionSerializer(serializers.ModelSerializer):
    """A session. What only people with a place in it may know is null for strangers."""

    description = serializers.CharField(
        allow_null=True, read_only=True, help_text="Strangers read it only if the owner shows it in the gate."
    )
    full = serializers.BooleanField(read_only=True, help_text="Every seat is taken.")
    me = ParticipantSerializer(allow_null=True, read_only=True)

    class Meta:
        model = Session
        fields: ClassVar = [
            "id", "slug", "title", "description", "access", "status", "ended_reason", "ended_at",
            "locked", "full", "max_participants", "expires_at", "description_in_gate", "started_at",
            "created_at", "updated_at", "me",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs: ClassVar = {
            name: {"allow_null": True}
            for name in ("max_participants", "expires_at", "description_in_gate", "started_at")
        }


class _SessionRow(serializers.ModelSerializer):
    """What stands in a session's row."""

    class Meta:
        model = Session
        fields: ClassVar = [name for name in SessionSerializer.Meta.fields if name not in {"full", "me"}]


HIDDEN_FROM_STRANGERS = ("max_participants", "expires_at", "description_in_gate", "started_at")


def participant_as_seen(participant: Participant) -> dict[str, Any]:
    """Return a person on the wire; `in_call` has been set."""
    return dict(_participant_shape().to_representation(participant))


def session_as_seen(
    session: Session, *, full: bool, me: dict[str, Any] | None = None, inside: bool = False
) -> dict[str, Any]:
    """Return a session on the wire, as it is for `me`, for everybody `inside`, or for a stranger.

    Strangers read the description only if the owner shows it in the gate.
    """
    seen: dict[str, Any] = dict(_session_shape().to_representation(session))
    if me is None and not inside:
        seen.update(dict.fromkeys(HIDDEN_FROM_STRANGERS))
        if not session.description_in_gate:
            seen["description"] = None
    return {**seen, "full": full, "me": me}


# Making a serializer's fields costs several times what using them does, so one of a kind serves all.


@functools.cache
def _participant_shape() -> ParticipantSerializer:
    return ParticipantSerializer()


@functools.cache
def _session_shape() -> _SessionRow:
    return _SessionRow()


class _SessionFields(serializers.Serializer):
    """What a host may set."""

    title = CleanNameField(max_length=TITLE_LENGTH, required=False)
    description = CleanNameField(max_length=DESCRIPTION_LENGTH, allow_blank=True, required=False)
    description_in_gate = serializers.BooleanField(required=False)
    access = serializers.ChoiceField(choices=Session.Access.choices, required=False)
    max_participants = serializers.IntegerField(min_value=1, max_value=MAX_PARTICIPANTS, required=False)
    expires_at = serializers.DateTimeField(allow_null=True, required=False)

    def validate_expires_at(self, moment: Any) -> Any:
        """An expiry lies ahead."""
        if moment is not None and moment <= timezone.now():
            raise serializers.ValidationError(_("Choose a time that is still to come."), code="past")
        return moment


class _CredentialField(serializers.ChoiceField):
    """How a guest's credential travels: in a cookie of our pages, or to hold in memory (embeds)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"choices": ["cookie", "bearer"], "default": "cookie", **options})


class SessionCreateSerializer(_SessionFields):
    """A new session and who makes it."""

    display_name = DisplayNameField(required=False)
    credential = _CredentialField()


class SessionChangeSerializer(_SessionFields):
    """Changes of a session; what is absent stays."""

    locked = serializers.BooleanField(required=False)


class JoinSerializer(serializers.Serializer):
    """The join gate's answer."""

    display_name = DisplayNameField(required=False)
    credential = _CredentialField()


class PlaceSerializer(serializers.Serializer):
    """A person's place in a session; `credential` only if it was asked for as a bearer."""

    session = SessionSerializer()
    participant = ParticipantSerializer()
    credential = serializers.CharField(allow_null=True)
    link = serializers.URLField()


class TokenSerializer(serializers.Serializer):
    """What a page says when it asks for a token."""

    after_loss = serializers.BooleanField(
        default=False, help_text="The room was not found, or lost: it is made anew."
    )


class JoinTokenSerializer(serializers.Serializer):
    """What a browser needs to reach LiveKit, once."""

    token = serializers.CharField()
    url = serializers.CharField()
    identity = serializers.CharField()
    expires_at = serializers.DateTimeField()


class PersonStatisticsSerializer(serializers.Serializer):
    """One person's share in a session; times are in seconds, `speaking_share` is of all that was spoken."""

    id = serializers.UUIDField(source="participant.pk")
    display_name = serializers.CharField(source="participant.display_name")
    kind = serializers.ChoiceField(choices=KINDS, source="participant.kind")
    role = serializers.ChoiceField(choices=Participant.Role.choices, source="participant.role")
    color = serializers.IntegerField(min_value=1, max_value=10, source="participant.color")
    first_joined_at = serializers.DateTimeField()
    last_left_at = serializers.DateTimeField(allow_null=True, help_text="null: is in the call now")
    joins = serializers.IntegerField()
    rejoins = serializers.IntegerField()
    reconnections = serializers.IntegerField()
    in_call_seconds = serializers.FloatField()
    screen_share_seconds = serializers.FloatField()
    spoken_seconds = serializers.FloatField()
    speaking_share = serializers.FloatField(min_value=0, max_value=1)


class OthersStatisticsSerializer(serializers.Serializer):
    """Those who are not listed, summed."""

    people = serializers.IntegerField()
    in_call_seconds = serializers.FloatField()
    screen_share_seconds = serializers.FloatField()
    spoken_seconds = serializers.FloatField()


class StatisticsSerializer(serializers.Serializer):
    """What a session was like.

    `seconds` runs from the first who came to the last who left. `joins` are all times that somebody
    came in, `rejoins` those that were not a person's first, `reconnections` those of them before which
    the connection was lost or another tab took over. At most 200 people are listed, those who stayed
    longest; `others` sums the rest. `complete` is false where so much happened that the end is left
    out. `extra` holds what other parts of Nonza know of the session, by name.
    """

    started_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    seconds = serializers.FloatField()
    people = serializers.IntegerField()
    users = serializers.IntegerField()
    guests = serializers.IntegerField()
    peak = serializers.IntegerField()
    joins = serializers.IntegerField()
    rejoins = serializers.IntegerField()
    reconnections = serializers.IntegerField()
    in_call_seconds = serializers.FloatField()
    screen_share_seconds = serializers.FloatField()
    spoken_seconds = serializers.FloatField()
    participants = PersonStatisticsSerializer(many=True)
    others = OthersStatisticsSerializer()
    complete = serializers.BooleanField()
    extra = serializers.DictField()
