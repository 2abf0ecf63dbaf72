"""Reports: somebody asks those who keep order to look at a message, of a text channel or of a session."""

from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from chat.errors import MessageNotFound, ReportNotFound
from chat.models import REASON_LENGTH, Message, Report
from chat.services import session_chat
from chat.services.doors import Door, desk_of, door_of
from chat.services.messages import remove_message
from identity.models import User
from nonza.names import clean
from nonza.periodic import GoOn, never_mind
from nonza.rate_limits import buckets, consume
from sessions.models import Participant
from spaces.errors import NotModerator
from spaces.models import Membership, Notification, Space
from spaces.rules import can_moderate
from spaces.services.members import membership_of
from spaces.services.notifications import notify

State = Report.State
KEPT = timedelta(days=365)
AT_ONCE = 500


class Reporter(NamedTuple):
    """Who reports; `key` is the same whenever they do."""

    key: str
    name: str
    user: User | None


def report_in_channel(
    *, actor: User, channel_id: UUID, message_id: UUID, reason: str = ""
) -> tuple[Report, bool]:
    """Report a message of a text channel; return the report, and whether it is new.

    Raises ChannelNotFound, ChannelWithoutMessages, MessageNotFound, RateLimited.
    """
    door = door_of(actor=actor, channel_id=channel_id)
    channel = door.channel
    found = Message.objects.standing().select_related("author").filter(channel=channel, pk=message_id)
    message = found.exclude(kind=Message.Kind.SYSTEM).first()
    if message is None:
        raise MessageNotFound
    report = Report(
        space=channel.space,
        channel=channel,
        message_id=message_id,
        author=message.author,
        author_name=message.author_name,
        text=message.text,
    )
    return _keep(report, Reporter(f"user:{actor.pk}", actor.called, actor), reason, door)


def report_in_session(*, participant: Participant, message_id: UUID, reason: str = "") -> tuple[Report, bool]:
    """Report a message of a session; return the report, and whether it is new.

    Raises ChatClosed, MessageNotFound, RateLimited, ChatUnavailable.
    """
    session = participant.session
    message = session_chat.message_for_report(participant=participant, message_id=message_id)
    report = Report(
        space_id=session.space_id,
        session=session,
        message_id=message_id,
        author=User.objects.filter(pk=message["author"]["user_id"]).first(),
        author_name=message["author"]["display_name"],
        text=message["text"],
    )
    # A guest who logs in keeps the place, so it is the place that counts.
    key = f"participant:{participant.pk}"
    return _keep(report, Reporter(key, participant.display_name, participant.user), reason)


def reports_of(*, actor: User, space_id: UUID, open_only: bool = False) -> QuerySet[Report]:
    """Return the reports in a space, the newest first, for those who keep order there.

    Raises SpaceNotFound, NotModerator.
    """
    _check(membership_of(actor=actor, space_id=space_id))
    shown = Report.objects.filter(space=space_id).select_related("channel", "session", "handled_by")
    if open_only:
        shown = shown.filter(state=State.OPEN)
    return shown.order_by("-created_at", "id")


def handle_report(*, actor: User, space_id: UUID, report_id: UUID, state: str) -> Report:
    """Say that there is nothing to do, or delete the message; other reports of it are answered with this one.

    Raises SpaceNotFound, NotModerator, ReportNotFound, ChatUnavailable.
    """
    _check(membership_of(actor=actor, space_id=space_id))
    found = Report.objects.filter(space=space_id, pk=report_id)
    report = found.select_related("channel", "session", "handled_by").first()
    if report is None:
        raise ReportNotFound
    return answer_report(report, actor=actor, state=state)


@transaction.atomic
def answer_report(report: Report, *, actor: User, state: str) -> Report:
    """Do so, whoever may decide that; raises ChatUnavailable."""
    if report.state in {state, State.DELETED}:  # what is deleted does not come back
        return report
    if state == State.DELETED:
        _delete_reported(report, actor=actor)
    same = Report.objects.filter(message_id=report.message_id).exclude(state=State.DELETED)
    if state == State.DISMISSED:
        same = same.filter(state=State.OPEN)
    now = timezone.now()
    same.update(state=state, handled_by=actor, handled_at=now, updated_at=now)
    report.state, report.handled_by, report.handled_at = state, actor, now
    return report


def purge_reports(go_on: GoOn = never_mind) -> None:
    """Forget reports after a year, with the texts that they keep."""
    old = Report.objects.filter(created_at__lt=timezone.now() - KEPT)
    while ids := list(old.values_list("pk", flat=True)[:AT_ONCE]):
        Report.objects.filter(pk__in=ids).delete()
        go_on()


def _check(membership: Membership) -> None:
    if not can_moderate(membership):
        raise NotModerator


@transaction.atomic
def _keep(report: Report, reporter: Reporter, reason: str, door: Door | None = None) -> tuple[Report, bool]:
    """Keep a report unless this person has reported the message before, and tell those who keep order."""
    before = Report.objects.filter(message_id=report.message_id, reporter_key=reporter.key).first()
    if before is not None:
        return before, False
    consume(*buckets(f"report:{reporter.key}", settings.RATES["report"]))
    if door is not None:
        desk_of(door)  # the reports in a space that is being deleted are deleted with it
    known = Report.objects.filter(message_id=report.message_id, state=State.OPEN).exists()
    kept, is_new = Report.objects.get_or_create(
        message_id=report.message_id,
        reporter_key=reporter.key,
        defaults={
            **{name: getattr(report, name) for name in ("space", "channel", "session", "author")},
            "author_name": report.author_name,
            "text": report.text,
            "reporter": reporter.user,
            "reporter_name": reporter.name,
            "reason": clean(reason)[:REASON_LENGTH],
        },
    )
    if is_new and not known and report.space is not None:
        _tell(report.space, kept, reporter)
    return kept, is_new


def _tell(space: Space, report: Report, reporter: Reporter) -> None:
    """Tell those who keep order in the space; one message is told of once until somebody has looked."""
    keeping = (Membership.Role.OWNER, Membership.Role.MODERATOR)
    users = User.objects.filter(memberships__space=space, memberships__role__in=keeping, is_active=True)
    place = report.channel.name if report.channel else report.session.title if report.session else ""
    content = {
        "space_id": str(space.pk),
        "space_name": space.name,
        "user_id": str(reporter.user.pk) if reporter.user else None,
        "display_name": reporter.name,
        "report_id": str(report.pk),
        "place": place,
    }
    notify(users=users, kind=Notification.Kind.REPORTED, content=content, space=space, but=reporter.user)


def _delete_reported(report: Report, *, actor: User) -> None:
    """Delete the message that a report is about; it may be gone already. Raises ChatUnavailable."""
    if report.session is not None:
        session_chat.remove_message(session=report.session, message_id=report.message_id)
        return
    message = Message.objects.select_related("channel").filter(pk=report.message_id).first()
    if message is not None:
        remove_message(message, actor=actor)
