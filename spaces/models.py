"""Spaces, who is a member of them, how one becomes one, their channels, and a person's news."""

import secrets
import uuid
from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Case, Count, F, OuterRef, Q, Subquery, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from identity.models import User
from nonza.content_filter import MASK, PATTERN_LENGTH, PATTERNS_AT_MOST, REFUSE, Rules

NAME_LENGTH, DESCRIPTION_LENGTH, TOPIC_LENGTH, NOTE_LENGTH = 80, 500, 250, 80
MAX_PARTICIPANTS = 200
FILTER_LENGTH = PATTERNS_AT_MOST * (PATTERN_LENGTH + 1)
INVITATION_BYTES = 18  # of chance: 144 bits, 24 letters of an address


def new_invitation_token() -> str:
    """Return what makes an invitation's link a key, from the system's random source."""
    return secrets.token_urlsafe(INVITATION_BYTES)


class SpaceQuerySet(models.QuerySet["Space"]):
    """Sets of spaces."""

    def visible_to(self, user: User) -> Self:
        """Those that this user is a member of; to everybody else they do not exist."""
        return self.filter(memberships__user=user)

    def described_to(self, user: User) -> Self:
        """The same with what is this user's own: `role`, `muted`, `active`, and `members_count`."""
        everybody = Membership.objects.filter(space=OuterRef("pk")).order_by().values("space")
        return self.visible_to(user).annotate(
            role=F("memberships__role"),
            muted=F("memberships__muted"),
            active=Case(When(pk=user.active_space_id, then=True), default=False),
            members_count=Subquery(everybody.annotate(count=Count("pk")).values("count")),
        )


class Space(models.Model):
    """A place with members."""

    class Mode(models.TextChoices):
        SESSIONS_ONLY = "sessions_only", _("sessions")
        SESSIONS_AND_TASKS = "sessions_and_tasks", _("sessions and tasks")

    class FilterMode(models.TextChoices):
        MASK = MASK, _("dots are put in their place")
        REFUSE = REFUSE, _("what has one is not taken")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    description = models.CharField(_("description"), max_length=DESCRIPTION_LENGTH, blank=True)
    mode = models.CharField(_("mode"), max_length=20, choices=Mode.choices, default=Mode.SESSIONS_ONLY)
    # What nobody shall read here: a pattern in each line (nonza/content_filter.py).
    content_filter = models.TextField(_("words to filter"), max_length=FILTER_LENGTH, blank=True)
    content_filter_mode = models.CharField(
        _("what becomes of them"), max_length=8, choices=FilterMode.choices, default=FilterMode.MASK
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = SpaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("space")
        verbose_name_plural = _("spaces")
        constraints = [models.CheckConstraint(name="space_has_name", condition=~Q(name=""))]

    def __str__(self) -> str:
        return self.name

    @property
    def filter_rules(self) -> list[Rules]:
        """What nobody shall read here, beside what holds everywhere."""
        return [Rules(self.content_filter, self.content_filter_mode)] if self.content_filter else []


class Membership(models.Model):
    """A user in a space."""

    class Role(models.TextChoices):
        OWNER = "owner", _("owner")
        MODERATOR = "moderator", _("moderator")
        MEMBER = "member", _("member")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    space = models.ForeignKey(Space, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.MEMBER)
    muted = models.BooleanField(_("no news from here"), default=False)
    last_seen_at = models.DateTimeField(_("last here"), null=True, blank=True)
    created_at = models.DateTimeField(_("joined"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(fields=["space", "user"], name="membership_once_per_user"),
            models.UniqueConstraint(fields=["space"], condition=Q(role="owner"), name="membership_one_owner"),
        ]
        indexes = [
            models.Index(fields=["space", "created_at", "id"], name="membership_listing"),
            models.Index(fields=["user", "created_at", "id"], name="membership_of_user"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.space}"


class InvitationQuerySet(models.QuerySet["Invitation"]):
    """Sets of invitations."""

    def open(self, now: datetime) -> Self:
        """Those that still let somebody in."""
        in_time = Q(expires_at=None) | Q(expires_at__gt=now)
        unused = Q(max_uses=None) | Q(uses__lt=F("max_uses"))
        return self.filter(in_time, unused, revoked_at=None)


class Invitation(models.Model):
    """A link into a space."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    space = models.ForeignKey(Space, models.CASCADE, related_name="invitations")
    token = models.CharField(max_length=64, unique=True, default=new_invitation_token, editable=False)
    role = models.CharField(
        _("role"), max_length=12, choices=Membership.Role.choices, default=Membership.Role.MEMBER
    )
    note = models.CharField(_("note"), max_length=NOTE_LENGTH, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    max_uses = models.PositiveIntegerField(_("maximum uses"), null=True, blank=True)
    uses = models.PositiveIntegerField(_("uses"), default=0, editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("made by")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                name="invitation_within_uses", condition=Q(max_uses=None) | Q(uses__lte=F("max_uses"))
            ),
            models.CheckConstraint(name="invitation_makes_no_owner", condition=~Q(role="owner")),
        ]
        indexes = [models.Index(fields=["space", "-created_at", "id"], name="invitation_listing")]

    def __str__(self) -> str:
        return f"{self.space} ({self.role})"

    @property
    def state(self) -> str:
        """`open`, `revoked`, `expired` or `used_up`."""
        if self.revoked_at is not None:
            return "revoked"
        if self.expires_at is not None and self.expires_at <= timezone.now():
            return "expired"
        if self.max_uses is not None and self.uses >= self.max_uses:
            return "used_up"
        return "open"


class Channel(models.Model):
    """A standing place in a space: to write in, or to talk in."""

    class Type(models.TextChoices):
        TEXT = "text", _("text")
        VOICE = "voice", _("voice")
        VIDEO = "video", _("video")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    space = models.ForeignKey(Space, models.CASCADE, related_name="channels")
    type = models.CharField(_("type"), max_length=8, choices=Type.choices)
    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    topic = models.CharField(_("topic"), max_length=TOPIC_LENGTH, blank=True)
    max_participants = models.PositiveSmallIntegerField(_("maximum"), default=10)
    position = models.PositiveIntegerField(_("place in the list"), default=0)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ("position", "created_at", "id")
        constraints = [
            models.CheckConstraint(name="channel_has_name", condition=~Q(name="")),
            models.CheckConstraint(
                name="channel_maximum_within_limits",
                condition=Q(max_participants__gte=1, max_participants__lte=MAX_PARTICIPANTS),
            ),
        ]
        indexes = [models.Index(fields=["space", "position", "created_at", "id"], name="channel_listing")]

    def __str__(self) -> str:
        return self.name

    @property
    def holds_calls(self) -> bool:
        """Say whether one enters it to talk."""
        return self.type in {self.Type.VOICE, self.Type.VIDEO}


class Notification(models.Model):
    """News for one person; `content` is what its kind needs to be told, and outlives what it tells of."""

    class Kind(models.TextChoices):
        ADDED = "space.added", _("added to a space")
        RENAMED = "space.renamed", _("space renamed")
        MODE_CHANGED = "space.mode_changed", _("space’s mode changed")
        DELETED = "space.deleted", _("space deleted")
        REMOVED = "space.removed", _("removed from a space")
        ROLE_CHANGED = "space.role_changed", _("role changed")
        INVITATION_ACCEPTED = "invitation.accepted", _("invitation accepted")
        CALL_STARTED = "call.started", _("call started")
        MENTIONED = "message.mentioned", _("mention of the reader")
        REPORTED = "message.reported", _("message reported")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="notifications")
    space = models.ForeignKey(Space, models.SET_NULL, null=True, blank=True, related_name="+")
    kind = models.CharField(_("kind"), max_length=32, choices=Kind.choices)
    content = models.JSONField(_("content"), default=dict)
    read_at = models.DateTimeField(_("read"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("notification")
        verbose_name_plural = _("notifications")
        indexes = [
            models.Index(fields=["user", "-created_at", "id"], name="notification_listing"),
            models.Index(fields=["user"], condition=Q(read_at=None), name="notification_unread"),
            models.Index(fields=["created_at"], name="notification_created"),
        ]

    def __str__(self) -> str:
        return self.kind
