"""Doorbells: ids in, a service called. Each may run twice."""

from typing import Any
from uuid import UUID

from celery import shared_task
from django.conf import settings

from nonza.periodic import alone


@shared_task
def tell_mentioned(message_id: str) -> None:
    """Tell whom a message mentions."""
    from chat.services.mentions import tell_mentioned as tell  # noqa: PLC0415 -- leaf

    tell(UUID(message_id))


@shared_task
def take_back_mentions(message_id: str) -> None:
    """Take back the news of a deleted message."""
    from chat.services.mentions import take_back_mentions as take_back  # noqa: PLC0415 -- leaf

    take_back(UUID(message_id))


@shared_task
def delete_files(names: list[str]) -> None:
    """Delete the files of what is gone."""
    from chat.services.attachments import delete_files as delete  # noqa: PLC0415 -- leaf

    delete(names)


@shared_task
def purge() -> None:
    """Delete what is no longer kept: old events of the logs, files that nobody sent, old reports."""
    from chat.services import attachments  # noqa: PLC0415 -- leaf
    from chat.services.log import purge_events  # noqa: PLC0415 -- leaf
    from chat.services.reports import purge_reports  # noqa: PLC0415 -- leaf

    schedule: Any = settings.CELERY_BEAT_SCHEDULE.values()
    every = next(entry["schedule"] for entry in schedule if entry["task"] == purge.name)
    with alone(purge.name, every=every) as go_on:
        if go_on is not None:
            purge_events(go_on)
            attachments.purge(go_on)
            purge_reports(go_on)
