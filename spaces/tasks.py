"""Doorbells: ids in, a service called. Each may run twice."""

from typing import Any
from uuid import UUID

from celery import shared_task
from django.conf import settings

from nonza.periodic import alone


@shared_task
def notify_members(space_id: str, kind: str, content: dict[str, Any], but_id: str | None) -> None:
    """Tell all members of a space what has happened."""
    from spaces.services.notifications import notify_members as tell  # noqa: PLC0415 -- leaf

    tell(space_id=UUID(space_id), kind=kind, content=content, but_id=UUID(but_id) if but_id else None)


@shared_task
def purge() -> None:
    """Delete news and closed invitations that are no longer kept."""
    from spaces.services.notifications import purge_old  # noqa: PLC0415 -- leaf

    schedule: Any = settings.CELERY_BEAT_SCHEDULE.values()
    every = next(entry["schedule"] for entry in schedule if entry["task"] == purge.name)
    with alone(purge.name, every=every) as go_on:
        if go_on is not None:
            purge_old(go_on)
