"""A person's own news: kept, counted, told at once to all their pages, and forgotten in the end."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Count, QuerySet
from django.utils import timezone

from identity.models import User
from nonza.doorbell import ring
from nonza.periodic import GoOn, never_mind
from nonza.realtime import broadcast_on_commit, user_group
from spaces import tasks
from spaces.models import Invitation, Membership, Notification, Space
from spaces.serializers import notification_as_seen

AT_A_TIME = 500  # rows of one statement
# News that a person can switch off, space by space.
MUTABLE = {Notification.Kind.CALL_STARTED}


@transaction.atomic
def notify(
    *,
    users: Iterable[User],
    kind: str,
    content: dict[str, Any],
    space: Space | None = None,
    but: User | None = None,
) -> list[Notification]:
    """Keep news for each of these users, and push it to all their pages on commit.

    Whoever has muted the space is not told of calls. `but` knows it anyway: they did it.
    """
    told = [user for user in users if but is None or user.pk != but.pk]
    if space is not None and kind in MUTABLE:
        muted = set(space.memberships.filter(muted=True).values_list("user_id", flat=True))
        told = [user for user in told if user.pk not in muted]
    news = [Notification(user=user, kind=kind, content=content, space=space) for user in told]
    Notification.objects.bulk_create(news, batch_size=AT_A_TIME)
    unread = _unread_counts([user.pk for user in told])
    for notification in news:
        payload = {
            "notification": notification_as_seen(notification),
            "unread": unread.get(notification.user_id, 0),
        }
        broadcast_on_commit(user_group(notification.user_id), "notification.created", payload)
    return news


def notify_members_soon(
    *, space_id: UUID, kind: str, content: dict[str, Any], but: User | None = None
) -> None:
    """Let the worker tell all members of a space, once the transaction has committed.

    For what must not cost whoever causes it anything, like the start of a call.
    """
    ring(tasks.notify_members, str(space_id), kind, content, str(but.pk) if but else None)


def notify_members(*, space_id: UUID, kind: str, content: dict[str, Any], but_id: UUID | None) -> None:
    """Tell all members of a space, if there still is one; a task that runs again tells nobody twice."""
    space = Space.objects.filter(pk=space_id).first()
    if space is None:
        return
    same = Notification.objects.filter(space=space, kind=kind, content=content)
    knowing = {but_id, *same.values_list("user_id", flat=True)}
    members = [user for user in members_to_tell(space) if user.pk not in knowing]
    notify(users=members, kind=kind, content=content, space=space)


def content_about(space: Space, actor: User | None, **more: Any) -> dict[str, Any]:
    """Return what news of a space are told with: its name, and who did it."""
    about = {"space_id": str(space.pk), "space_name": space.name}
    if actor is not None:
        about |= {"user_id": str(actor.pk), "display_name": actor.called}
    return {**about, **more}


@transaction.atomic
def withdraw(news: QuerySet[Notification]) -> None:
    """Take back news that hold no more, and say how many each of their readers has left."""
    rows = list(news.values_list("pk", "user_id"))
    readers = sorted({user_id for _pk, user_id in rows})
    Notification.objects.filter(pk__in=[pk for pk, _user_id in rows]).delete()
    unread = _unread_counts(readers)
    for user_id in readers:
        left = {"unread": unread.get(user_id, 0)}
        broadcast_on_commit(user_group(user_id), "notifications.read", left)


def notifications_of(user: User) -> QuerySet[Notification]:
    """Return a person's news, the newest first."""
    return Notification.objects.filter(user=user).order_by("-created_at", "id")


def unread_count(user: User) -> int:
    """Return how many of a person's news are unread."""
    return Notification.objects.filter(user=user, read_at=None).count()


@transaction.atomic
def mark_read(*, actor: User, ids: Iterable[UUID] | None) -> int:
    """Mark these news of the actor's as read, or all (None); return how many are left unread."""
    unread = Notification.objects.filter(user=actor, read_at=None)
    chosen = unread if ids is None else unread.filter(pk__in=list(ids))
    now = timezone.now()
    changed = chosen.update(read_at=now, updated_at=now)
    left = unread_count(actor)
    if changed:
        broadcast_on_commit(user_group(actor.pk), "notifications.read", {"unread": left})
    return left


def purge_old(go_on: GoOn = never_mind) -> int:
    """Delete news, and invitations that let nobody in any more, after 90 days; return how many rows."""
    before = timezone.now() - timedelta(days=settings.NOTIFICATION_RETENTION_DAYS)
    news = Notification.objects.filter(created_at__lt=before)
    closed = Invitation.objects.filter(updated_at__lt=before).exclude(
        pk__in=Invitation.objects.open(timezone.now()).values("pk")
    )
    deleted = 0
    for rows in (news, closed):
        while ids := list(rows.values_list("pk", flat=True)[:AT_A_TIME]):
            deleted += rows.model.objects.filter(pk__in=ids).delete()[0]
            go_on()
    return deleted


def _unread_counts(user_ids: list[UUID]) -> dict[UUID, int]:
    counts: dict[UUID, int] = {}
    for start in range(0, len(user_ids), AT_A_TIME):
        unread = Notification.objects.filter(user__in=user_ids[start : start + AT_A_TIME], read_at=None)
        counts |= dict(unread.order_by().values_list("user_id").annotate(Count("pk")))
    return counts


def members_to_tell(space: Space) -> list[User]:
    """Return everybody in a space who can still read news."""
    members = Membership.objects.filter(space=space, user__is_active=True).select_related("user")
    return [membership.user for membership in members]
