"""Doorbells: a service called. Each may run twice."""

from celery import shared_task


@shared_task
def purge() -> None:
    """Delete login sessions that are over."""
    from identity.services.logins import purge_login_sessions  # noqa: PLC0415 -- leaf

    purge_login_sessions()
