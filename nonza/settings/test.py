"""Settings of the tests."""

from nonza.settings.base import *

SECRET_KEY = "a-key-for-tests-only-0123456789-0123456789-0123456789"  # noqa: S105 -- guards nothing
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
CELERY_TASK_ALWAYS_EAGER = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
SILENCED_SYSTEM_CHECKS = ["django_vite.W001"]  # the frontend need not be built for the back end's tests
