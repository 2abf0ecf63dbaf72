"""Ending sessions that are over, and deleting what is no longer kept."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import DatabaseError, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from identity.models import Guest
from nonza.periodic import GoOn, never_mind
from sessions.models import Participant, Session, SessionQuerySet, WebhookEvent
from sessions.services.sessions import delete_rows, end_session

logger = logging.getLogger(__name__)

Reason = Session.EndedReason
AT_ONCE = 500
WEBHOOK_HOURS = 48


def end_finished(go_on: GoOn = never_mind) -> None:
    """End sessions that are expired, empty, abandoned or (if the operator says so) too long.

    A call with people in it is cut by nothing but the operator's longest time. `go_on` is called
    before each.
    """
    now = timezone.now()
    for reason, sessions in _finished(now).items():
        for session in sessions[:AT_ONCE]:
            go_on()
            try:
                _end_if_still_in(sessions, session, reason)
            except DatabaseError:
                logger.exception("%s was not ended", session.slug)  # the others are


def purge_old(go_on: GoOn = never_mind) -> None:
    """Forget addresses and browsers, delete ended sessions, guests without one, and old events."""
    now = timezone.now()
    old = now - timedelta(days=settings.CLIENT_DATA_RETENTION_DAYS)
    for known in _batches(Participant.objects.filter(created_at__lt=old, client_ip__isnull=False), go_on):
        known.update(client_ip=None, user_agent="")
    kept_from = now - timedelta(days=settings.SESSION_RETENTION_DAYS)
    over = Session.objects.filter(status=Session.Status.ENDED, ended_at__lt=kept_from, space=None)
    while batch := list(over[:AT_ONCE]):
        for session in batch:
            go_on()
            delete_rows(session)
    events = WebhookEvent.objects.filter(created_at__lt=now - timedelta(hours=WEBHOOK_HOURS))
    has_place = Exists(Participant.objects.filter(guest=OuterRef("pk")))
    for rows in (events, Guest.objects.filter(~has_place, created_at__lt=kept_from)):
        for batch_of_rows in _batches(rows, go_on):
            batch_of_rows.delete()
    SessionStore.clear_expired()


def _batches(rows: QuerySet[Any], go_on: GoOn) -> Iterator[QuerySet[Any]]:
    """Yield the rows so many at once that no statement takes long; each must be done before the next."""
    while keys := list(rows.values_list("pk", flat=True)[:AT_ONCE]):
        go_on()
        yield rows.model._default_manager.filter(pk__in=keys)  # noqa: SLF001 -- Django's documented name


@transaction.atomic
def _end_if_still_in(finished: SessionQuerySet, session: Session, reason: Reason) -> None:
    """End a session unless somebody has come into it, or deleted it, since it was found."""
    locked = Session.objects.select_for_update().filter(pk=session.pk).first()
    if locked is not None and finished.filter(pk=session.pk).exists():
        end_session(session=locked, reason=reason)


def _finished(now: datetime) -> dict[Reason, SessionQuerySet]:
    alone = Session.objects.active().with_nobody_inside(now)
    empty, abandoned = Q(), Q()
    for kind, empty_for, abandoned_for in _lengths():
        empty |= kind & Q(empty_since__lte=now - empty_for)
        abandoned |= kind & Q(started_at=None, created_at__lte=now - abandoned_for)
    finished = {
        Reason.EXPIRED: alone.filter(expires_at__lte=now),
        Reason.EMPTY: alone.filter(empty),
        Reason.ABANDONED: alone.filter(abandoned),
    }
    if settings.MAX_SESSION_HOURS:
        longest = now - timedelta(hours=settings.MAX_SESSION_HOURS)
        finished[Reason.TOO_LONG] = Session.objects.active().filter(started_at__lte=longest)
    return finished


def _lengths() -> list[tuple[Q, timedelta, timedelta]]:
    """Return for each kind of session how long it may be empty, and how long nobody may come to it.

    One of a space that has an expiry is kept until then: its link stands in somebody's calendar.
    """
    of_none, of_channel = Q(space=None), Q(channel__isnull=False)
    of_space = Q(space__isnull=False, channel=None, expires_at=None)
    in_channel = timedelta(seconds=settings.EMPTY_CHANNEL_SECONDS)
    in_space = timedelta(hours=settings.EMPTY_SPACE_SESSION_HOURS)
    return [
        (
            of_none,
            timedelta(minutes=settings.EMPTY_SESSION_MINUTES),
            timedelta(hours=settings.ABANDONED_SESSION_HOURS),
        ),
        (of_channel, in_channel, in_channel),
        (of_space, in_space, in_space),
    ]
