"""The Celery application: doorbells between the web and the worker."""

import logging
import os
from typing import Any

from celery import Celery
from kombu.transport import redis as broker

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nonza.settings.dev")

logger = logging.getLogger(__name__)


class PatientQoS(broker.QoS):
    """Lets a worker live through a Redis that goes while a task runs.

    Closing its connection kombu gives back what is not acknowledged. With Redis away that ends in an
    AttributeError, which ended the worker. Nothing is lost: it comes back after the visibility timeout.
    """

    def restore_unacked_once(self, stderr: Any = None) -> None:
        """Give back what is not acknowledged, if there is somebody to give it to."""
        try:
            super().restore_unacked_once(stderr)
        except Exception as error:  # noqa: BLE001 -- whatever is wrong with the broker, the worker goes on
            logger.warning("What was not acknowledged waits for the visibility timeout: %r", error)


broker.Channel.QoS = PatientQoS

app = Celery("nonza")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
