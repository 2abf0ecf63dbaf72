"""Doorbells: ids in, a service called. Each may run twice."""

from uuid import UUID

from celery import shared_task


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
