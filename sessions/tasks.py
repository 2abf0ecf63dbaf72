"""Doorbells: ids in, a service called. Each may run twice."""

from contextlib import AbstractContextManager
from typing import Any
from uuid import UUID

from celery import Task, shared_task
from django.conf import settings

from nonza.doorbell import ring as ring  # noqa: PLC0414 -- services say `tasks.ring`
from nonza.periodic import GoOn, alone
from sessions import livekit
from sessions.errors import LiveKitUnavailable

RETRY: Any = {
    "autoretry_for": (LiveKitUnavailable,),
    "retry_backoff": 2,
    "retry_backoff_max": 60,
    "max_retries": 5,
}


@shared_task(**RETRY)  # type: ignore[untyped-decorator]
def close_room(session_id: str) -> None:
    """Close the room of a session that is over."""
    livekit.close_room(UUID(session_id))


@shared_task(**RETRY)  # type: ignore[untyped-decorator]
def remove_identity(session_id: str, identity: str) -> None:
    """Disconnect a connection that has ended for us."""
    livekit.remove(room=UUID(session_id), identity=identity)


@shared_task
def reconcile() -> None:
    """Make our rows and LiveKit's rooms agree."""
    from sessions.services.reconciliation import reconcile_all  # noqa: PLC0415 -- leaf

    with _alone(reconcile) as go_on:
        if go_on is not None:
            reconcile_all(go_on)


@shared_task
def end_finished_sessions() -> None:
    """End the sessions that are over."""
    from sessions.services.cleanup import end_finished  # noqa: PLC0415 -- leaf

    with _alone(end_finished_sessions) as go_on:
        if go_on is not None:
            end_finished(go_on)


@shared_task
def purge() -> None:
    """Delete what is no longer kept."""
    from sessions.services.cleanup import purge_old  # noqa: PLC0415 -- leaf

    with _alone(purge) as go_on:
        if go_on is not None:
            purge_old(go_on)


def _alone(task: Task) -> AbstractContextManager[GoOn | None]:
    schedule: Any = settings.CELERY_BEAT_SCHEDULE.values()
    every = next(entry["schedule"] for entry in schedule if entry["task"] == task.name)
    return alone(task.name, every=every)
