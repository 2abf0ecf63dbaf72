"""Settings of a worker and a beat for which minutes are seconds; else those of the stack."""

from nonza.settings.dev import *  # noqa: F403

CELERY_BROKER_TRANSPORT_OPTIONS |= {"visibility_timeout": 4, "unacked_restore_interval": 1}  # noqa: F405
RECONCILE_SECONDS = 2
CELERY_BEAT_SCHEDULE["reconcile with LiveKit"] |= {  # noqa: F405
    "schedule": RECONCILE_SECONDS,
    "options": {"expires": RECONCILE_SECONDS},
}
