"""What is written in text channels, what people think of it, and what they have read.

The chat of a session is not here: it lives in Redis for hours (`services/session_store.py`).
"""

import uuid
from collections.abc import Sequence
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from identity.models import DISPLAY_NAME_LENGTH, User
from sessions.models import Session
from spaces.models import Channel, Space

TEXT_LENGTH = 4000
EMOJI_LENGTH = 32
NAME_LENGTH = 255  # of a file
REASON_LENGTH = 500


class SpaceLog(models.Model):
    """Where the log of a space's text channels stands: whoever writes takes the next offset under its lock.

    The epoch changes if offsets begin anew; with the offset it names one moment of the log.
    """

    space = models.OneToOneField(Space, models.CASCADE, primary_key=True, related_name="+")
    epoch = models.UUIDField(default=uuid.uuid4, editable=False)
    offset = models.PositiveBigIntegerField(default=0, editable=False)

    class Meta:
        verbose_name = _("log of a space")
        verbose_name_plural = _("logs of spaces")

    def __str__(self) -> str:
        return f"{self.epoch}:{self.offset}"


class MessageQuerySet(models.QuerySet["Message"]):
    """Sets of messages."""

    def visible_to(self, user: User) -> Self:
        """Those in spaces that this user is a member of."""
        return self.filter(channel__space__memberships__user=user)

    def shown(self) -> Self:
        """With all that is told of them."""
        return self.select_related("author", "reply_to").prefetch_related("mentions", "attachments")

    def standing(self) -> Self:
        """Those that nobody has deleted."""
        return self.filter(deleted_at=None)


class Message(models.Model):
    """Something written in a text channel; deleted, it stays as a tombstone without its text."""

    class Kind(models.TextChoices):
        USER = "user", _("of a person")
        SYSTEM = "system", _("of the system")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="messages")
    # In the log of the space: the order of messages, dense over all of its events but not within a channel.
    offset = models.PositiveBigIntegerField(_("place in the log"), editable=False)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.USER)
    author = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("written by")
    )
    author_name = models.CharField(_("name when it was written"), max_length=DISPLAY_NAME_LENGTH, blank=True)
    # What the author's page calls it, so that what is sent twice is kept once.
    client_id = models.UUIDField(null=True, editable=False)
    text = models.TextField(_("text"), max_length=TEXT_LENGTH, blank=True)
    # Of a system message: what it says, for the page to put into words.
    code = models.CharField(_("code"), max_length=40, blank=True)
    params = models.JSONField(default=dict, blank=True)
    reply_to = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="replies")
    mentions_all = models.BooleanField(_("mentions all"), default=False)
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    deleted_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    pinned_at = models.DateTimeField(_("pinned"), null=True, blank=True)
    pinned_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = MessageQuerySet.as_manager()

    # Set where they have just been made, so that nobody asks the database for them.
    new_mentions: "Sequence[Mention] | None" = None
    new_attachments: "Sequence[Attachment] | None" = None

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        constraints = [
            models.UniqueConstraint(fields=["channel", "offset"], name="message_one_place"),
            models.UniqueConstraint(
                fields=["channel", "author", "client_id"], name="message_once_per_client_id"
            ),
            models.CheckConstraint(name="message_of_system_has_code", condition=Q(kind="user") | ~Q(code="")),
            models.CheckConstraint(
                name="message_deleted_has_no_text", condition=Q(deleted_at=None) | Q(text="")
            ),
        ]
        indexes = [
            models.Index(fields=["channel", "created_at"], name="message_by_time"),
            models.Index(
                fields=["channel", "-pinned_at"], condition=Q(pinned_at__isnull=False), name="message_pinned"
            ),
            models.Index(fields=["channel", "offset"], condition=Q(mentions_all=True), name="message_to_all"),
        ]

    def __str__(self) -> str:
        return str(self.pk)


class Mention(models.Model):
    """Somebody's name in a message."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="mentions")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    name = models.CharField(max_length=DISPLAY_NAME_LENGTH)  # as it stands in the text
    # The message's, so that what is unread is counted by one index.
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+")
    offset = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [models.UniqueConstraint(fields=["message", "user"], name="mention_once")]
        indexes = [models.Index(fields=["user", "channel", "offset"], name="mention_unread")]

    def __str__(self) -> str:
        return f"@{self.name}"


class Reaction(models.Model):
    """What somebody thinks of a message, by one emoji."""

    message = models.ForeignKey(Message, models.CASCADE, related_name="reactions")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    emoji = models.CharField(max_length=EMOJI_LENGTH)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("reaction")
        verbose_name_plural = _("reactions")
        constraints = [models.UniqueConstraint(fields=["message", "user", "emoji"], name="reaction_once")]

    def __str__(self) -> str:
        return self.emoji


class Attachment(models.Model):
    """A file in a text channel; until its message is sent only who brought it sees it."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+")
    message = models.ForeignKey(Message, models.CASCADE, null=True, blank=True, related_name="attachments")
    position = models.PositiveSmallIntegerField(default=0)
    uploaded_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size"))
    # Names in the storage, random; those of the picture are empty for other files.
    file = models.CharField(max_length=100, editable=False)
    preview = models.CharField(max_length=100, blank=True, editable=False)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ("position", "created_at")
        indexes = [models.Index(fields=["created_at"], condition=Q(message=None), name="attachment_unsent")]

    def __str__(self) -> str:
        return self.name


class ReadMark(models.Model):
    """How far somebody has read a channel."""

    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+")
    offset = models.PositiveBigIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("read mark")
        verbose_name_plural = _("read marks")
        constraints = [models.UniqueConstraint(fields=["user", "channel"], name="read_mark_once")]

    def __str__(self) -> str:
        return str(self.offset)


class LogEvent(models.Model):
    """One event of a space's log: what happened to which message; the message itself is read as it is now."""

    class Kind(models.TextChoices):
        CREATED = "message.created", _("written")
        CHANGED = "message.changed", _("changed")
        DELETED = "message.deleted", _("deleted")
        REACTION = "reaction.changed", _("reaction")

    space = models.ForeignKey(Space, models.CASCADE, related_name="+")
    offset = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    message = models.ForeignKey(Message, models.CASCADE, related_name="+")
    # Of a reaction: whose, which, and whether it was set or taken back.
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    emoji = models.CharField(max_length=EMOJI_LENGTH, blank=True)
    added = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = _("event of a log")
        verbose_name_plural = _("events of logs")
        constraints = [models.UniqueConstraint(fields=["space", "offset"], name="log_event_one_place")]

    def __str__(self) -> str:
        return f"{self.kind} {self.offset}"


class SessionTally(models.Model):
    """How much was written in a session that is over: its chat itself is gone after hours."""

    session = models.OneToOneField(Session, models.CASCADE, primary_key=True, related_name="+")
    messages = models.PositiveIntegerField(_("messages"), default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("tally of a session")
        verbose_name_plural = _("tallies of sessions")

    def __str__(self) -> str:
        return str(self.messages)


class Report(models.Model):
    """Somebody asks those who keep order to look at a message; it keeps the text as it was then."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        DISMISSED = "dismissed", _("nothing to do")
        DELETED = "deleted", _("message deleted")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    space = models.ForeignKey(Space, models.CASCADE, null=True, blank=True, related_name="+")
    channel = models.ForeignKey(Channel, models.SET_NULL, null=True, blank=True, related_name="+")
    session = models.ForeignKey(Session, models.SET_NULL, null=True, blank=True, related_name="+")
    # Of a text channel or of a session's chat; not a key: a session's messages are in no table.
    message_id = models.UUIDField(editable=False)
    author_name = models.CharField(_("written by"), max_length=DISPLAY_NAME_LENGTH)
    author = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    text = models.TextField(_("text"), max_length=TEXT_LENGTH)
    # Whose report: a user, or a participant; so that one person reports a message once.
    reporter_key = models.CharField(max_length=60, editable=False)
    reporter = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    reporter_name = models.CharField(_("reported by"), max_length=DISPLAY_NAME_LENGTH)
    reason = models.CharField(_("reason"), max_length=REASON_LENGTH, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    handled_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    handled_at = models.DateTimeField(_("handled"), null=True, blank=True)
    created_at = models.DateTimeField(_("reported"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        constraints = [
            models.UniqueConstraint(fields=["message_id", "reporter_key"], name="report_once_per_person")
        ]
        indexes = [models.Index(fields=["space", "state", "-created_at"], name="report_listing")]

    def __str__(self) -> str:
        return str(self.pk)
