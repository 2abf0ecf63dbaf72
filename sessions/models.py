"""Sessions, the people in them, and their connections to LiveKit."""

import secrets
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Self
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from identity.models import DISPLAY_NAME_LENGTH, Guest, User, pastel
from identity.rules import Actor
from nonza.content_filter import Rules
from spaces.models import Channel, Membership, Space

SLUG_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # 32 symbols, no l, o, 0, 1
SLUG_GROUP, SLUG_GROUPS = 4, 3  # 12 symbols, 60 bits
SEAT_SECONDS = 60
MOMENT_DIGITS, RANDOM_BYTES = 12, 4  # of an identity: hexadecimal milliseconds since 1970, then chance
MAX_PARTICIPANTS = 200
GAPS_AT_MOST = 200
TITLE_LENGTH, DESCRIPTION_LENGTH = 120, 1000


def new_slug() -> str:
    """Return a code like qmvt-hzke-wrpd from the system's random source."""
    groups = (
        "".join(secrets.choice(SLUG_ALPHABET) for _position in range(SLUG_GROUP))
        for _group in range(SLUG_GROUPS)
    )
    return "-".join(groups)


def seat_end(now: datetime) -> datetime:
    """Return until when a seat is held that is taken or lost now."""
    return now + timedelta(seconds=SEAT_SECONDS)


class SessionQuerySet(models.QuerySet["Session"]):
    """Sets of sessions."""

    def active(self) -> Self:
        """Those that have not ended."""
        return self.filter(status=Session.Status.ACTIVE)

    def with_role_of(self, user: User) -> Self:
        """Annotate `space_role`: this user's role in the session's space, None if they are no member."""
        mine = Membership.objects.filter(space=OuterRef("space"), user=user)
        return self.annotate(space_role=Subquery(mine.values("role")[:1]))

    def with_nobody_inside(self, now: datetime) -> Self:
        """Those in which nobody is connected, and nobody holds a seat to connect or come back to."""
        in_call = Connection.objects.in_call().filter(participant__session=OuterRef("pk"))
        seated = Participant.objects.seated(now).filter(session=OuterRef("pk"))
        return self.exclude(Exists(in_call)).exclude(Exists(seated))


class Session(models.Model):
    """One call."""

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        ENDED = "ended", _("ended")

    class EndedReason(models.TextChoices):
        HOST_ENDED = "host_ended", _("ended by a host")
        EMPTY = "empty", _("everybody had left")
        ABANDONED = "abandoned", _("nobody came")
        EXPIRED = "expired", _("its time was over")
        TOO_LONG = "too_long", _("the longest time allowed was over")

    class Access(models.TextChoices):
        OPEN = "open", _("anyone with the link")
        LOBBY = "lobby", _("members at once, others knock")
        MEMBERS = "members", _("members of the space")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    slug = models.CharField(_("code"), max_length=32, unique=True, default=new_slug, editable=False)
    title = models.CharField(_("title"), max_length=TITLE_LENGTH)
    description = models.CharField(_("description"), max_length=DESCRIPTION_LENGTH, blank=True)
    description_in_gate = models.BooleanField(_("show the description in the join gate"), default=False)
    # Of no space are those that guests made. A channel has at most one that is active.
    space = models.ForeignKey(
        Space, models.CASCADE, null=True, blank=True, related_name="sessions", verbose_name=_("space")
    )
    channel = models.ForeignKey(
        Channel, models.SET_NULL, null=True, blank=True, related_name="sessions", verbose_name=_("channel")
    )
    access = models.CharField(_("access"), max_length=8, choices=Access.choices, default=Access.OPEN)
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.ACTIVE)
    ended_reason = models.CharField(_("why it ended"), max_length=16, choices=EndedReason.choices, blank=True)
    locked = models.BooleanField(_("locked"), default=False)
    max_participants = models.PositiveSmallIntegerField(_("maximum"), default=10)
    created_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("made by")
    )
    creation_key_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001 -- NULL: made without a key
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    started_at = models.DateTimeField(_("first joined"), null=True, blank=True, editable=False)
    empty_since = models.DateTimeField(_("empty since"), null=True, blank=True, editable=False)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = SessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            models.CheckConstraint(
                name="session_ended_has_time_and_reason",
                condition=Q(status="active", ended_at__isnull=True, ended_reason="")
                | (Q(status="ended", ended_at__isnull=False) & ~Q(ended_reason="")),
            ),
            models.CheckConstraint(
                name="session_maximum_within_limits",
                condition=Q(max_participants__gte=1, max_participants__lte=MAX_PARTICIPANTS),
            ),
            models.CheckConstraint(name="session_has_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="session_of_channel_is_of_space", condition=Q(channel=None) | Q(space__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["channel"], condition=Q(status="active"), name="session_one_active_in_channel"
            ),
        ]
        indexes = [
            models.Index(fields=["status", "expires_at"], name="session_status_expiry"),
            models.Index(fields=["status", "empty_since"], name="session_status_empty"),
            models.Index(fields=["status", "ended_at"], name="session_status_ended"),
            models.Index(fields=["space", "status", "-created_at", "id"], name="session_of_space"),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.slug})"

    @property
    def filter_rules(self) -> list[Rules]:
        """What nobody shall read here, beside what holds everywhere."""
        return self.space.filter_rules if self.space else []

    @property
    def is_live(self) -> bool:
        """Say whether people can be in it: active, and not past its expiry."""
        return self.status == self.Status.ACTIVE and not self.is_expired

    @property
    def is_expired(self) -> bool:
        """Say whether its time is over; who is in it may stay: a call is never cut."""
        return self.expires_at is not None and self.expires_at <= timezone.now()


class ParticipantQuerySet(models.QuerySet["Participant"]):
    """Sets of participants."""

    def of(self, actor: Actor) -> Self:
        """Those who are this actor."""
        if not actor.is_known:
            return self.none()
        mine = Q()
        if actor.user is not None:
            mine |= Q(user=actor.user)
        if actor.guest is not None:
            mine |= Q(guest__credential_hash=actor.guest.hash)
        return self.filter(mine)

    def with_presence(self) -> Self:
        """Annotate `in_call`: whether they have an open connection."""
        return self.annotate(in_call=_is_in_call())

    def with_space_role(self) -> Self:
        """Annotate `space_role`: their role in the session's space, None for who is no member."""
        theirs = Membership.objects.filter(space=OuterRef("session__space"), user=OuterRef("user"))
        return self.annotate(space_role=Subquery(theirs.values("role")[:1]))

    def seated(self, now: datetime) -> Self:
        """Those who hold a seat: admitted, and connected or within the time a seat is held."""
        return self.filter(Q(seat_held_until__gt=now) | _is_in_call(), state=Participant.State.ADMITTED)

    def with_lapsed_seat(self, now: datetime) -> Self:
        """Those who are admitted, but have lost the seat: nobody came (back) to it in time."""
        return self.with_presence().filter(
            Q(seat_held_until__lte=now) | Q(seat_held_until=None),
            in_call=False,
            state=Participant.State.ADMITTED,
        )


def _is_in_call() -> Exists:
    return Exists(Connection.objects.in_call().filter(participant=OuterRef("pk")))


class Participant(models.Model):
    """One person in one session; a person never has two rows in it.

    A host who made the session and has not come in yet stands as `left`.
    """

    class Role(models.TextChoices):
        HOST = "host", _("host")
        COHOST = "cohost", _("cohost")
        PARTICIPANT = "participant", _("participant")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        ADMITTED = "admitted", _("admitted")
        DENIED = "denied", _("denied")
        LEFT = "left", _("left")
        REMOVED = "removed", _("removed")
        BANNED = "banned", _("banned")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    session = models.ForeignKey(Session, models.CASCADE, related_name="participants")
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True, related_name="+")
    guest = models.ForeignKey(Guest, models.CASCADE, null=True, blank=True, related_name="+")
    display_name = models.CharField(_("name"), max_length=DISPLAY_NAME_LENGTH)
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.PARTICIPANT)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.LEFT)
    microphone_on = models.BooleanField(_("microphone on"), default=False)
    seat_held_until = models.DateTimeField(_("seat held until"), null=True, blank=True)
    # Of the newest token: with it they may come into the room, with an older one no more.
    identity = models.CharField(max_length=80, blank=True, editable=False)
    joined_at = models.DateTimeField(_("first joined"), null=True, blank=True)
    # Since when they are here, over all connections; None again once they have left.
    came_in_at = models.DateTimeField(null=True, editable=False)
    # As their own page says with its heartbeats: how long they spoke, and until when that is counted
    # (since 1970). Both in ms, so that the database can add them up by itself.
    spoken_ms = models.PositiveBigIntegerField(_("spoken (ms)"), default=0, editable=False)
    spoken_until_ms = models.PositiveBigIntegerField(default=0, editable=False)
    client_ip = models.GenericIPAddressField(_("address"), null=True, blank=True)
    user_agent = models.CharField(_("browser"), max_length=512, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant")
        verbose_name_plural = _("participants")
        constraints = [
            models.CheckConstraint(
                name="participant_is_user_or_guest",
                condition=Q(user__isnull=False, guest__isnull=True)
                | Q(user__isnull=True, guest__isnull=False),
            ),
            models.UniqueConstraint(fields=["session", "user"], name="participant_once_per_user"),
            models.UniqueConstraint(fields=["guest"], name="participant_once_per_guest"),
            models.UniqueConstraint(
                fields=["session"], condition=Q(role="host"), name="participant_one_host"
            ),
            models.CheckConstraint(name="participant_has_name", condition=~Q(display_name="")),
        ]
        indexes = [
            models.Index(fields=["session", "created_at", "id"], name="participant_listing"),
            models.Index(fields=["session"], condition=Q(state="admitted"), name="participant_admitted"),
            models.Index(
                fields=["created_at"], condition=Q(client_ip__isnull=False), name="participant_client"
            ),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def kind(self) -> str:
        """`user` or `guest`."""
        return "user" if self.user_id else "guest"

    @property
    def color(self) -> int:
        """The pastel of this person (1 to 10); a guest's is the participant id's."""
        return self.user.color if self.user else pastel(str(self.id))

    def hold_seat(self, now: datetime) -> None:
        """Keep the seat for a minute from now; the caller saves."""
        self.seat_held_until = seat_end(now)


class ConnectionQuerySet(models.QuerySet["Connection"]):
    """Sets of connections."""

    def in_call(self) -> Self:
        """Those that LiveKit has seen join and not leave."""
        return self.filter(left_at__isnull=True)


class Connection(models.Model):
    """One stay of a participant in LiveKit's room, made when LiveKit tells of it.

    An identity that LiveKit loses and finds again is the same stay, with an interruption. One whose
    leave was told before its join has no `joined_at`: it is kept so that the late join changes nothing.
    """

    class LeftReason(models.TextChoices):
        LEFT = "left", _("left")
        LOST = "lost", _("connection lost")
        TAKEN_OVER = "taken_over", _("taken over by another tab")
        ENDED = "ended", _("session ended")
        REMOVED = "removed", _("removed")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="connections")
    identity = models.CharField(max_length=80, unique=True)
    livekit_sid = models.CharField(max_length=64, unique=True)
    joined_at = models.DateTimeField(_("joined"), null=True, blank=True)
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    left_reason = models.CharField(_("why it ended"), max_length=16, choices=LeftReason.choices, blank=True)
    interruptions = models.PositiveSmallIntegerField(_("interruptions"), default=0)
    # [from, until] (ISO 8601) of each time that LiveKit had lost this identity.
    gaps = models.JSONField(default=list, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    objects = ConnectionQuerySet.as_manager()

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        constraints = [
            models.CheckConstraint(
                name="connection_left_has_reason",
                condition=Q(left_at__isnull=True, left_reason="")
                | (Q(left_at__isnull=False) & ~Q(left_reason="")),
            ),
            models.CheckConstraint(
                name="connection_open_has_joined",
                condition=Q(joined_at__isnull=False) | Q(left_at__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["participant"], condition=Q(left_at__isnull=True), name="connection_one_open"
            ),
            models.CheckConstraint(
                name="connection_leaves_after_joining",
                condition=Q(joined_at__isnull=True)
                | Q(left_at__isnull=True)
                | Q(left_at__gte=F("joined_at")),
            ),
        ]
        indexes = [
            models.Index(fields=["created_at"], name="connection_created"),
        ]

    def __str__(self) -> str:
        return self.identity

    @property
    def may_resume(self) -> bool:
        """Say whether LiveKit may find it again: it is open, or was lost and nothing else ended it."""
        return self.left_at is None or self.left_reason == self.LeftReason.LOST

    @property
    def began_at(self) -> datetime | None:
        """When LiveKit let it in for the last time."""
        return datetime.fromisoformat(self.gaps[-1][1]) if self.gaps else self.joined_at

    def is_newer_than(self, at: datetime) -> bool:
        """Say whether LiveKit let it in after this moment: news of an older stay changes nothing."""
        began_at = self.began_at
        return began_at is not None and began_at > at

    def note_gap(self, *, until: datetime) -> None:
        """Note that LiveKit had lost it until now; without news of a leave, for no time."""
        gap = [(self.left_at or until).isoformat(), until.isoformat()]
        self.interruptions += 1
        if len(self.gaps) < GAPS_AT_MOST:
            self.gaps.append(gap)
        else:  # a network that comes and goes all day: the last gap swallows the stay before it
            self.gaps[-1][1] = gap[1]


def new_identity(participant: Participant) -> str:
    """Return a LiveKit identity for one join: the participant, the moment (ms), then something random.

    Of two identities of a participant the newer one is the greater string, also if two clocks differ:
    one that replaces another is made to follow it.
    """
    moment = time.time_ns() // 1_000_000
    last = minted_at(participant.identity)
    if last is not None:
        moment = max(moment, int(last.timestamp() * 1000) + 1)
    return f"{participant.pk}.{moment:0{MOMENT_DIGITS}x}{secrets.token_hex(RANDOM_BYTES)}"


def minted_at(identity: str) -> datetime | None:
    """Return when this identity was made, or None if it does not say."""
    rest = identity.partition(".")[2]
    if len(rest) != MOMENT_DIGITS + 2 * RANDOM_BYTES:
        return None
    try:
        return datetime.fromtimestamp(int(rest[:MOMENT_DIGITS], 16) / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def participant_id_of(identity: str) -> UUID | None:
    """Return whose a LiveKit identity is, or None if it is none of ours (`…#…` is a second door)."""
    participant_id, _dot, random = identity.partition(".")
    return as_uuid(participant_id) if random.isalnum() else None


def as_uuid(text: str) -> UUID | None:
    """Return the UUID that a name on LiveKit is, or None if others gave that name."""
    try:
        return UUID(text)
    except ValueError:
        return None


class ScreenShare(models.Model):
    """A shared screen, as LiveKit tells; it counts no longer than the connection that shows it."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="screen_shares")
    identity = models.CharField(max_length=80)
    track_sid = models.CharField(max_length=64)
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("shared screen")
        verbose_name_plural = _("shared screens")
        constraints = [
            models.UniqueConstraint(fields=["identity", "track_sid"], name="screen_share_once_per_track"),
            models.CheckConstraint(
                name="screen_share_ends_after_its_start",
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("started_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.track_sid


class WebhookEvent(models.Model):
    """An event of LiveKit that was handled; its id is kept so that it is not handled twice."""

    id = models.CharField(primary_key=True, max_length=64)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    def __str__(self) -> str:
        return self.id
