"""Shapes of `chat` on the wire: one shape of a message, whichever store it comes from."""

from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from chat.models import EMOJI_LENGTH, REASON_LENGTH, Attachment, Message, Report
from identity.models import User, pastel
from spaces.serializers import PersonSerializer

QUOTE_LENGTH = 140  # of the message that is replied to
PAGE, PAGE_AT_MOST = 50, 200
OFFSET_AT_MOST = 2**53 - 1  # what a browser counts exactly
MENTIONS_AT_MOST, ATTACHMENTS_AT_MOST = 50, 10  # of one message

# What a message has if nothing else is said: both stores fill in what they know.
_BLANK: dict[str, Any] = {
    "kind": "user",
    "client_id": None,
    "channel_id": None,
    "author": None,
    "text": "",
    "code": "",
    "params": {},
    "reply_to": None,
    "mentions": [],
    "mentions_all": False,
    "attachments": [],
    "pinned_at": None,
    "edited_at": None,
    "deleted_at": None,
}


def message_shape(**known: Any) -> dict[str, Any]:
    """Return a message on the wire: what is known of it, and the rest as it is where nothing is.

    `id`, `offset` and `created_at` must be known. Reactions are added where they are told (over HTTP).
    """
    return {**_BLANK, **known}


def time_as_seen(moment: datetime | None) -> str | None:
    """Return a time as all of the API writes it."""
    return moment.isoformat().replace("+00:00", "Z") if moment else None


def author_shape(
    *,
    display_name: str,
    user: User | None = None,
    participant_id: str | None = None,
    color: int | None = None,
) -> dict[str, Any]:
    """Return who wrote a message: called as when it was sent, and looking as they do now.

    Of somebody whose account is gone the name is left, and a colour made from it.
    """
    if color is None:
        color = user.color if user else pastel(display_name)
    return {
        "user_id": str(user.pk) if user else None,
        "participant_id": participant_id,
        "display_name": display_name,
        "color": color,
        "avatar_url": user.avatar_url if user else None,
    }


def quote_shape(*, id: str, display_name: str, text: str, deleted: bool) -> dict[str, Any]:  # noqa: A002 -- the field's name
    """Return the message that another one replies to, cut short."""
    return {"id": id, "display_name": display_name, "text": text[:QUOTE_LENGTH], "deleted": deleted}


def message_as_seen(message: Message) -> dict[str, Any]:
    """Return a message of a text channel (`shown`) on the wire, the same for every member, without reactions.

    Of a deleted one nothing that it said is left.
    """
    stands = message.deleted_at is None
    of_person = message.kind == Message.Kind.USER
    mentions = message.mentions.all() if message.new_mentions is None else message.new_mentions
    files = message.attachments.all() if message.new_attachments is None else message.new_attachments
    replied = message.reply_to if stands else None
    return message_shape(
        id=str(message.pk),
        offset=message.offset,
        kind=message.kind,
        client_id=str(message.client_id) if message.client_id else None,
        channel_id=str(message.channel_id),
        author=author_shape(display_name=message.author_name, user=message.author) if of_person else None,
        text=message.text,
        code=message.code,
        params=message.params,
        reply_to=quote_shape(
            id=str(replied.pk),
            display_name=replied.author_name,
            text=replied.text,
            deleted=replied.deleted_at is not None,
        )
        if replied
        else None,
        mentions=[{"user_id": str(one.user_id), "display_name": one.name} for one in mentions if stands],
        mentions_all=message.mentions_all and stands,
        attachments=[attachment_as_seen(file) for file in files if stands],
        pinned_at=time_as_seen(message.pinned_at),
        edited_at=time_as_seen(message.edited_at),
        deleted_at=time_as_seen(message.deleted_at),
        created_at=time_as_seen(message.created_at),
    )


def attachment_as_seen(attachment: Attachment) -> dict[str, Any]:
    """Return a file on the wire; both addresses serve it to members of the space alone."""
    return {
        "id": str(attachment.pk),
        "name": attachment.name,
        "content_type": attachment.content_type,
        "size": attachment.size,
        "url": f"/attachments/{attachment.pk}/{quote(attachment.name, safe='')}",
        "preview_url": f"/attachments/{attachment.pk}/preview" if attachment.preview else None,
        "width": attachment.width,
        "height": attachment.height,
    }


# What is read, for the schema ---------------------------------------------


class AuthorSerializer(serializers.Serializer):
    """Who wrote a message."""

    user_id = serializers.UUIDField(allow_null=True, help_text="null: a guest, or an account that is gone.")
    participant_id = serializers.UUIDField(allow_null=True, help_text="In the chat of a session.")
    display_name = serializers.CharField(help_text="As it was when the message was sent.")
    color = serializers.IntegerField(min_value=1, max_value=10)
    avatar_url = serializers.CharField(allow_null=True)


class QuoteSerializer(serializers.Serializer):
    """The message that another one replies to."""

    id = serializers.UUIDField()
    display_name = serializers.CharField()
    text = serializers.CharField(help_text="The first 140 characters.")
    deleted = serializers.BooleanField()


class MentionSerializer(serializers.Serializer):
    """Whose name stands in a message."""

    user_id = serializers.UUIDField()
    display_name = serializers.CharField(help_text="As it stands in the text.")


class ReactionSerializer(serializers.Serializer):
    """How many have reacted by one emoji."""

    emoji = serializers.CharField()
    count = serializers.IntegerField()
    mine = serializers.BooleanField()
    names = serializers.ListField(child=serializers.CharField(), help_text="Of the first ten.")


class AttachmentSerializer(serializers.Serializer):
    """A file."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    url = serializers.CharField()
    preview_url = serializers.CharField(allow_null=True, help_text="null: no picture.")
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)


class MessageSerializer(serializers.Serializer):
    """Something written, in a text channel or in a session."""

    id = serializers.UUIDField()
    offset = serializers.IntegerField(help_text="Its place in the log; messages are in this order.")
    kind = serializers.ChoiceField(choices=Message.Kind.choices)
    client_id = serializers.UUIDField(allow_null=True, help_text="What its author's page calls it.")
    channel_id = serializers.UUIDField(allow_null=True, help_text="null: in the chat of a session.")
    author = AuthorSerializer(allow_null=True, help_text="null: the system.")
    text = serializers.CharField(allow_blank=True, help_text="Empty once it is deleted.")
    code = serializers.CharField(allow_blank=True, help_text="Of the system: what it says.")
    params = serializers.DictField(help_text="Of the system: whom or what it speaks of.")
    reply_to = QuoteSerializer(allow_null=True)
    mentions = MentionSerializer(many=True)
    mentions_all = serializers.BooleanField()
    reactions = ReactionSerializer(many=True)
    attachments = AttachmentSerializer(many=True)
    pinned_at = serializers.DateTimeField(allow_null=True)
    edited_at = serializers.DateTimeField(allow_null=True)
    deleted_at = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class SessionMessagePageSerializer(serializers.Serializer):
    """Messages in their order, and where the log stood when they were read."""

    results = MessageSerializer(many=True)
    epoch = serializers.CharField()
    offset = serializers.IntegerField(help_text="Where the log stands: listen from here on.")
    has_before = serializers.BooleanField()
    has_after = serializers.BooleanField()


class MessagePageSerializer(SessionMessagePageSerializer):
    """The same of a text channel, and how far one has read it."""

    read_offset = serializers.IntegerField(allow_null=True, help_text="null: never.")
    first_unread_id = serializers.UUIDField(allow_null=True)


class PinsSerializer(serializers.Serializer):
    """The pinned messages of a channel, the last one first."""

    results = MessageSerializer(many=True)


class ReactionStateSerializer(serializers.Serializer):
    """One emoji below a message."""

    emoji = serializers.CharField()
    count = serializers.IntegerField()
    mine = serializers.BooleanField()


class ReadMarkStateSerializer(serializers.Serializer):
    """How far one has read a channel."""

    offset = serializers.IntegerField()
    mentions = serializers.IntegerField(help_text="Unread messages that mention one.")


class MentionableSerializer(serializers.Serializer):
    """Whom one may mention."""

    results = PersonSerializer(many=True)
    all = serializers.BooleanField(help_text="Whether `@all` counts when one writes it.")


class FoundChannelSerializer(serializers.Serializer):
    """Where a message was found."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class ExcerptPartSerializer(serializers.Serializer):
    """A part of an excerpt: plain text."""

    text = serializers.CharField()
    is_hit = serializers.BooleanField(help_text="Whether it is what was looked for.")


class FoundSerializer(serializers.Serializer):
    """A message that was found."""

    message = MessageSerializer()
    channel = FoundChannelSerializer()
    excerpt = ExcerptPartSerializer(many=True, help_text="What stands around the first hit.")


# What is asked for --------------------------------------------------------


class TextField(serializers.CharField):
    """A text that the service cleans and measures: what DRF would refuse in it is left out there."""

    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, allow_blank=True, **options)
        self.validators = []


class HistorySerializer(serializers.Serializer):
    """Which messages of a session: the last ones, or those around one place."""

    limit = serializers.IntegerField(min_value=1, max_value=PAGE_AT_MOST, default=PAGE)
    before = serializers.IntegerField(
        min_value=0, max_value=OFFSET_AT_MOST, required=False, help_text="Before this offset."
    )
    after = serializers.IntegerField(
        min_value=0, max_value=OFFSET_AT_MOST, required=False, help_text="After this offset."
    )
    since = serializers.DateTimeField(required=False, help_text="From this moment on.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse more than one place."""
        places = [name for name in attrs if name != "limit"]
        if len(places) > 1:
            one = serializers.ErrorDetail(str(_("Name one of before, after, since and around.")), "invalid")
            raise serializers.ValidationError({places[1]: one})
        return attrs


class ChannelHistorySerializer(HistorySerializer):
    """Which messages of a text channel."""

    around = serializers.UUIDField(required=False, help_text="A message: it and its neighbours.")


class MessageSendSerializer(serializers.Serializer):
    """A new message in the chat of a session."""

    client_id = serializers.UUIDField(help_text="Made by the page; what is sent twice is kept once.")
    text = TextField(default="")
    reply_to = serializers.UUIDField(allow_null=True, default=None, help_text="The id of a message.")


class ChannelMessageSendSerializer(MessageSendSerializer):
    """A new message in a text channel."""

    mentions = serializers.ListField(
        child=serializers.UUIDField(), max_length=MENTIONS_AT_MOST, default=list, help_text="Users."
    )
    attachments = serializers.ListField(
        child=serializers.UUIDField(), default=list, help_text="Files that were uploaded, in their order."
    )


class MessageEditSerializer(serializers.Serializer):
    """The new text of a message."""

    text = TextField()


class EmojiSerializer(serializers.Serializer):
    """One emoji."""

    emoji = serializers.CharField(max_length=EMOJI_LENGTH)


class ReadMarkSerializer(serializers.Serializer):
    """How far one has read."""

    offset = serializers.IntegerField(min_value=0, max_value=2**62)


class FileSerializer(serializers.Serializer):
    """A file to be sent with a message."""

    file = serializers.FileField(allow_empty_file=True)


class SearchSerializer(serializers.Serializer):
    """What is looked for; of everything that is named, all must hold."""

    q = TextField(
        default="",
        help_text='Words, "phrases", and -words that must not be there; the first 200 characters count.',
    )
    channel = serializers.UUIDField(required=False)
    author = serializers.UUIDField(required=False, help_text="A user.")
    has = serializers.ChoiceField(choices=["file"], required=False)


# Reports ------------------------------------------------------------------


class ReportSendSerializer(serializers.Serializer):
    """Why somebody should look at a message."""

    reason = serializers.CharField(max_length=REASON_LENGTH, allow_blank=True, default="")


class MyReportSerializer(serializers.ModelSerializer):
    """What who has reported a message is told."""

    class Meta:
        model = Report
        fields: ClassVar = ["id", "message_id", "created_at"]
        read_only_fields = fields


class ReportedPlaceSerializer(serializers.Serializer):
    """The text channel of a reported message."""

    id = serializers.UUIDField()
    name = serializers.CharField()


class ReportedSessionSerializer(serializers.Serializer):
    """The session of a reported message."""

    slug = serializers.CharField()
    title = serializers.CharField()


class ReportSerializer(serializers.ModelSerializer):
    """A report, as those who keep order see it."""

    channel = ReportedPlaceSerializer(allow_null=True, read_only=True)
    session = ReportedSessionSerializer(allow_null=True, read_only=True)
    text = serializers.CharField(help_text="As it was when it was reported.", read_only=True)
    handled_by = serializers.CharField(
        source="handled_by.called", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = Report
        fields: ClassVar = [
            "id", "message_id", "channel", "session", "author_name", "text", "reporter_name", "reason",
            "state", "handled_by", "handled_at", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields = fields


class ReportHandleSerializer(serializers.Serializer):
    """What becomes of a report."""

    state = serializers.ChoiceField(choices=[Report.State.DISMISSED, Report.State.DELETED])
