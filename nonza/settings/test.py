"""Settings of the tests."""

from nonza.env import STATE
from nonza.settings.base import *

SECRET_KEY = "a-key-for-tests-only-0123456789-0123456789-0123456789"  # noqa: S105 -- guards nothing
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
CELERY_TASK_ALWAYS_EAGER = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True
DATABASES["default"]["CONN_MAX_AGE"] = 0  # threads of tests leave no connection behind
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"]["TEST"] = {"NAME": STATE / "test.sqlite3"}  # a file: threads share it
SILENCED_SYSTEM_CHECKS = ["django_vite.W001"]  # the frontend need not be built for the back end's tests
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
EMAIL_LOGIN = True
