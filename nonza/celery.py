"""The Celery application: doorbells between the web and the worker."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nonza.settings.dev")

app = Celery("nonza")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
