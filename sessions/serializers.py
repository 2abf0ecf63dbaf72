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
        """Return a user's picture; others have initials on their pastel."""
        return _avatar_of(participant)


class FaceSerializer(serializers.Serializer):
    """Somebody in a call, as the members of its space see them."""

    participant_id = serializers.UUIDField()
    user_id = serializers.UUIDField(allow_null=True, help_text="null: a guest")
    display_name = serializers.CharField()
    color = serializers.IntegerField(min_value=1, max_value=10)
    avatar_url = serializers.CharField(allow_null=True)
    microphone_on = serializers.BooleanField()


def face_as_seen(participant: Participant) -> dict[str, Any]:
    """Return somebody in a call on the wire."""
    return {
        "participant_id": str(participant.pk),
        "user_id": str(participant.user_id) if participant.user_id else None,
        "display_name": participant.display_name,
        "color": participant.color,
        "avatar_url": _avatar_of(participant),
        "microphone_on": participant.microphone_on,
    }


class SpaceSessionSerializer(serializers.Serializer):
    """A session as the pages of its space show it.

    People of a live one are those in the call, of one that is over those who came; the first five are
    in `people`. `seconds` is for how long it has gone on.
    """

    id = serializers.UUIDField()
    slug = serializers.CharField()
    title = serializers.CharField()
    access = serializers.ChoiceField(choices=Session.Access.choices)
    status = serializers.ChoiceField(choices=Session.Status.choices)
    channel_id = serializers.UUIDField(allow_null=True)
    started_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(allow_null=True)
    expires_at = serializers.DateTimeField(allow_null=True)
    people_count = serializers.IntegerField()
    people = FaceSerializer(many=True)
    seconds = serializers.FloatField()


class SpaceSessionsSerializer(serializers.Serializer):
    """A page of a space's sessions."""

    next = serializers.CharField(allow_null=True, help_text="The `cursor` of the next page.")
    results = SpaceSessionSerializer(many=True)


class SessionListSerializer(serializers.Serializer):
    """Which sessions to list."""

    space = serializers.UUIDField(required=False)
    cursor = serializers.CharField(default="", allow_blank=True, max_length=200)
    limit = serializers.IntegerField(default=50, min_value=1)


class SessionSerializer(serializers.ModelSerializer):
    """A session. What only people with a place in it may know is null for strangers."""

    description = serializers.CharField(
        allow_null=True, read_only=True, help_text="Strangers read it only if the owner shows it in the gate."
    )
    full = serializers.BooleanField(read_only=True, help_text="Every seat is taken.")
    space_id = serializers.UUIDField(allow_null=True, read_only=True)
    channel_id = serializers.UUIDField(allow_null=True, read_only=True)
    me = ParticipantSerializer(allow_null=True, read_only=True)

    class Meta:
        model = Session
        fields: ClassVar = [
            "id", "slug", "title", "description", "access", "status", "ended_reason", "ended_at",
            "locked", "full", "max_participants", "expires_at", "description_in_gate", "started_at",
            "created_at", "updated_at", "space_id", "channel_id", "me",
        ]  # fmt: skip
        read_only_fields = fields
        extra_kwargs: ClassVar = {
            name: {"allow_null": True}
            for name in ("max_participants", "expires_at", "description_in_gate", "started_at")
        }


class _SessionRow(serializers.ModelSerializer):
    """What stands in a session's row."""

    space_id = serializers.UUIDField(allow_null=True, read_only=True)
    channel_id = serializers.UUIDField(allow_null=True, read_only=True)

    class Meta:
        model = Session
        fields: ClassVar = [name for name in SessionSerializer.Meta.fields if name not in {"full", "me"}]


HIDDEN_FROM_STRANGERS = (
    "max_participants", "expires_at", "description_in_gate", "started_at", "space_id", "channel_id",
)  # fmt: skip


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
    space = serializers.UUIDField(
        allow_null=True,
        required=False,
        help_text="Whose session it is: absent: of a user's active space; null: of none, as a guest's is.",
    )


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


class EnteringSerializer(JoinTokenSerializer):
    """What a browser needs to be in a channel's call."""

    session = SessionSerializer()
    participant = ParticipantSerializer()


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


def _avatar_of(participant: Participant) -> str | None:
    return participant.user.avatar_url if participant.user is not None else None


class FiguresSerializer(serializers.Serializer):
    """What happened in some stretch of time: `minutes` are of people in calls, `peak` is how many at once."""

    sessions = serializers.IntegerField()
    people = serializers.IntegerField()
    minutes = serializers.FloatField()
    peak = serializers.IntegerField()


class DayFiguresSerializer(serializers.Serializer):
    """One day's (UTC)."""

    day = serializers.DateField()
    sessions = serializers.IntegerField(source="figures.sessions")
    people = serializers.IntegerField(source="figures.people")
    minutes = serializers.FloatField(source="figures.minutes")
    peak = serializers.IntegerField(source="figures.peak")


class SessionFiguresSerializer(serializers.Serializer):
    """One session's, within the days that were asked for."""

    id = serializers.UUIDField(source="session.pk")
    slug = serializers.CharField(source="session.slug")
    title = serializers.CharField(source="session.title")
    channel_id = serializers.UUIDField(source="session.channel_id", allow_null=True)
    started_at = serializers.DateTimeField(source="session.started_at", allow_null=True)
    ended_at = serializers.DateTimeField(source="session.ended_at", allow_null=True)
    seconds = serializers.FloatField()
    people = serializers.IntegerField(source="figures.people")
    minutes = serializers.FloatField(source="figures.minutes")
    peak = serializers.IntegerField(source="figures.peak")


class SpaceStatisticsSerializer(serializers.Serializer):
    """What the sessions of a space were like from one day to another, both included.

    Whoever is in several sessions is one person; a guest is another one in each. At most 200 sessions are
    listed, the newest. `complete` is false where so much happened that the oldest is left out.
    """

    space_id = serializers.UUIDField(source="space.pk")
    totals = FiguresSerializer()
    days = DayFiguresSerializer(many=True)
    sessions = SessionFiguresSerializer(many=True)
    complete = serializers.BooleanField()

    def get_fields(self) -> dict[str, serializers.Field]:
        """Name the days `from` (a word of Python's) and `to`."""
        days = {
            "from": serializers.DateField(source="first"),
            "to": serializers.DateField(source="last"),
        }
        return {**days, **super().get_fields()}
