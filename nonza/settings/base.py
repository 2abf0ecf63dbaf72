"""Settings that hold everywhere."""

import re

import dj_database_url
from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from nonza.env import ROOT, env
from nonza.redis_breaker import TIMEOUT_SECONDS, BreakerRetry

SECRET_KEY = env.secret_key.get_secret_value()
DEBUG = False
DEV_PAGES = False
BASE_URL = env.base_url
SECURE_SITE = BASE_URL.startswith("https://")
ALLOWED_HOSTS = env.allowed_hosts or [re.sub(r":\d+$", "", BASE_URL.split("://")[1])]

CHAT = env.chat
INSTALLED_APPS = [
    "daphne",
    "identity.apps.AdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "channels",
    "corsheaders",
    "csp",
    "django_vite",
    "drf_spectacular",
    "rest_framework",
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "allauth.mfa",
    "nonza",
    "identity",
    "spaces",
    "sessions",
    *(["chat"] if CHAT else []),
]

MIDDLEWARE = [
    "corsheaders.middleware.CorsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "nonza.middleware.private_by_default",
    "nonza.middleware.refuse_late",
    "identity.refusals.refuse_again",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "identity.middleware.ProfileLanguageMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "nonza.urls"
ASGI_APPLICATION = "nonza.asgi.application"
WSGI_APPLICATION = "nonza.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "spaces.views.context.shell",
            ],
        },
    },
]

# Data ---------------------------------------------------------------------

DATABASES = {"default": dj_database_url.parse(env.database_url, conn_max_age=600, conn_health_checks=True)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # One writer at a time, taken at BEGIN: a read-then-write transaction cannot fail half-way.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["ENGINE"] = "nonza.postgres"
    # Whoever waits holds a thread that others need: better a 503 that says when to come back.
    DATABASES["default"]["OPTIONS"] = {
        "options": "-c statement_timeout=10s -c lock_timeout=2s -c idle_in_transaction_session_timeout=15s",
        "connect_timeout": 3,
        "tcp_user_timeout": 10_000,  # a database host that vanished without a word (milliseconds)
    }

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "identity.User"

REDIS_URL = env.redis_url
CACHES = {
    "default": {
        "BACKEND": "django_redis.cache.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "nonza",
        "OPTIONS": {
            "SOCKET_CONNECT_TIMEOUT": TIMEOUT_SECONDS,
            "SOCKET_TIMEOUT": TIMEOUT_SECONDS,
            # A dead Redis must cost a page two seconds at most, once, and never the page itself.
            "CONNECTION_POOL_CLASS": "nonza.redis_breaker.BreakerPool",
            "IGNORE_EXCEPTIONS": True,
            # redis-py's own 100 connections would look like a dead Redis in a rush.
            "CONNECTION_POOL_KWARGS": {"max_connections": 1000, "retry": BreakerRetry()},
        },
    },
}
CACHE_SESSION_SECONDS = 6 * 3600

# Work in the background ---------------------------------------------------

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "global_keyprefix": "nonza:celery:",
    # Look for the tasks of killed workers every ten seconds, not every hundred.
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 240
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0.1}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"
# `expires`: after a pause the worker runs each periodic task once, not once for every missed beat.
CELERY_BEAT_SCHEDULE = {
    "show that beat is alive": {
        "task": "nonza.tasks.note_tick",
        "schedule": 10,
        "options": {"expires": 10},
    },
    "reconcile with LiveKit": {
        "task": "sessions.tasks.reconcile",
        "schedule": 10,
        "options": {"expires": 10},
    },
    "end sessions that are over": {
        "task": "sessions.tasks.end_finished_sessions",
        "schedule": 60,
        "options": {"expires": 60},
    },
    "purge what is no longer kept": {
        "task": "sessions.tasks.purge",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "purge login sessions": {
        "task": "identity.tasks.purge",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
    "purge old news": {
        "task": "spaces.tasks.purge",
        "schedule": 3600,
        "options": {"expires": 3600},
    },
}
if CHAT:
    CELERY_BEAT_SCHEDULE["purge what chat keeps no longer"] = {
        "task": "chat.tasks.purge",
        "schedule": 3600,
        "options": {"expires": 3600},
    }

# Accounts -----------------------------------------------------------------

ACCOUNTS = env.accounts
GOOGLE_LOGIN = ACCOUNTS and env.has_google()
GOOGLE_URL = env.google_url.rstrip("/")
EMAIL_LOGIN = ACCOUNTS and bool(env.email_url.get_secret_value())
LOGIN_CODE_ON_PAGE = False  # only `make run` without a mail server does that
ADMIN_NEEDS_MFA = False

LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "identity.adapters.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # who comes by a code or by Google has shown that it is theirs
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
SOCIALACCOUNT_ADAPTER = "identity.adapters.SocialAccountAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_PROVIDERS = {
    "google": {
        "SCOPE": ["openid", "profile", "email"],
        "AUTH_PARAMS": {"prompt": "select_account"},
        "OAUTH_PKCE_ENABLED": True,
        **env.google_provider(),
    },
}
MFA_ADAPTER = "identity.adapters.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Nonza"
MFA_TOTP_TOLERANCE = 1

_MAIL = env.mail_server()
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if _MAIL.host else 'dummy'}.EmailBackend"
EMAIL_HOST, EMAIL_PORT = _MAIL.host, _MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL = _MAIL.starttls, _MAIL.tls
DEFAULT_FROM_EMAIL = env.email_from
EMAIL_TIMEOUT = 5

# HTTP ---------------------------------------------------------------------

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["identity.authentication.ActorAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    # JSON alone: a form on a foreign site cannot send it without asking (CORS).
    "DEFAULT_PARSER_CLASSES": ["nonza.parsers.BoundedJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "nonza.schema.ProblemAwareSchema",
    "EXCEPTION_HANDLER": "nonza.errors.problem_response",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Nonza",
    "VERSION": "1",
    "DESCRIPTION": "Sessions, the people in them, and what they keep. Errors are problem+json with a `code`.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "SessionStatus": "sessions.models.Session.Status",
        "Access": "sessions.models.Session.Access",
        "ParticipantState": "sessions.models.Participant.State",
        "Role": "sessions.models.Participant.Role",
        "SpaceRole": "spaces.models.Membership.Role",
        "GrantedRole": "spaces.serializers.GRANTED",
        "SpaceMode": "spaces.models.Space.Mode",
        "ChannelType": "spaces.models.Channel.Type",
        "NotificationKind": "spaces.models.Notification.Kind",
        "InvitationState": "spaces.serializers.STATES",
        "ParticipantKind": "sessions.serializers.KINDS",
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

CORS_ALLOWED_ORIGINS = env.cors_origins
CORS_URLS_REGEX = r"^/api/"
CORS_ALLOW_HEADERS = ["accept", "authorization", "content-type", "idempotency-key"]
CORS_EXPOSE_HEADERS = ["retry-after"]

MEDIA_WS_ADDRESS = env.media_addresses()[1]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF, "blob:"],
        "connect-src": [
            SELF,
            BASE_URL.replace("http", "ws", 1),
            *env.media_origins(),
        ],
        "manifest-src": [SELF],
        "frame-ancestors": [NONE],
        # Chromium applies this to where a form's answer leads, too.
        "form-action": [SELF, *([GOOGLE_URL or "https://accounts.google.com"] if GOOGLE_LOGIN else [])],
        "base-uri": [NONE],
        "object-src": [NONE],
    },
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
PERMISSIONS_POLICY = "camera=(self), microphone=(self), display-capture=(self), autoplay=(self)"

CSRF_COOKIE_NAME = "__Host-csrftoken" if SECURE_SITE else "csrftoken"
SESSION_COOKIE_NAME = "__Host-login" if SECURE_SITE else "login"
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = SECURE_SITE
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS = [BASE_URL]
CSRF_FAILURE_VIEW = "nonza.errors.csrf_failure"

# Files --------------------------------------------------------------------

MEDIA_URL = "/media/"
MEDIA_ROOT = env.storage_folder()
STATIC_URL = "/static/"
STATIC_ROOT = ROOT / "static"
STATICFILES_DIRS = [ROOT / "frontend" / "dist"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
# These names carry a digest of the content, or the version of a library: they never change.
WHITENOISE_IMMUTABLE_FILE_TEST = r"/assets/[\w.-]+-[\w-]{8}\.\w+$|/vision-[\d.]+/\w+\.\w+$"
DJANGO_VITE = {"default": {"dev_mode": False, "manifest_path": ROOT / "frontend" / "dist" / "manifest.json"}}

# Words and time -----------------------------------------------------------

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("ru", _("Russian"))]
LOCALE_PATHS = [ROOT / "locale"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"redact": {"()": "nonza.logs.RedactSecrets"}},
    "formatters": {"line": {"format": "%(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["redact"]}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django.server": {"handlers": ["stderr"], "level": "WARNING", "propagate": False},
        "httpx": {"level": "WARNING"},
        # A line for every periodic task would bury the others.
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "celery.beat": {"level": "WARNING"},
        "daphne": {"level": "WARNING"},
    },
}

# Nonza --------------------------------------------------------------------

LIVEKIT_URL = env.livekit_http_url()
LIVEKIT_API_KEY = env.livekit_api_key
LIVEKIT_API_SECRET = env.livekit_api_secret.get_secret_value()
JOIN_TOKEN_SECONDS = env.join_token_seconds

BLUR_MODEL = env.blur_model
ANONYMOUS_SESSIONS = env.anonymous_sessions
CONTENT_FILTER = env.content_filter
CONTENT_FILTER_MODE = env.content_filter_mode
MAX_PARTICIPANTS = env.max_participants
MAX_SESSION_HOURS = env.max_session_hours
EMPTY_SESSION_MINUTES = env.empty_session_minutes
ABANDONED_SESSION_HOURS = env.abandoned_session_hours
EMPTY_CHANNEL_SECONDS = env.empty_channel_seconds
EMPTY_SPACE_SESSION_HOURS = env.empty_space_session_hours
SESSION_RETENTION_DAYS = env.session_retention_days
CLIENT_DATA_RETENTION_DAYS = env.client_data_retention_days
SPACES_PER_USER = env.spaces_per_user
INVITATIONS_PER_SPACE = env.invitations_per_space
CHANNELS_PER_SPACE = env.channels_per_space
ATTACHMENT_MAX_MB = env.attachment_max_mb
ATTACHMENT_REFUSED = {end.lower().lstrip(".") for end in env.attachment_refused}
NOTIFICATION_RETENTION_DAYS = env.notification_retention_days

RATES = {
    "create_guest": env.rate_create_guest,
    "create_user": env.rate_create_user,
    "join_ip": env.rate_join_ip,
    "join_session": env.rate_join_session,
    "token_participant": env.rate_token_participant,
    "session_participant": env.rate_session_participant,
    "session": env.rate_session,
    "unknown_ip": env.rate_unknown_ip,
    "user": env.rate_user,
    "create_space": env.rate_create_space,
    "create_invitation": env.rate_create_invitation,
    "create_channel": env.rate_create_channel,
    "report": env.rate_report,
    "login_code": env.rate_login_code,
    "upload": env.rate_upload,
    "message_person": env.rate_message_person,
    "message_place": env.rate_message_place,
    "message_ip": env.rate_message_ip,
    "search": env.rate_search,
    "typing": env.rate_typing,
}
TRUSTED_PROXIES = env.trusted_proxies
SOCKETS_PER_PARTICIPANT = env.sockets_per_participant
SOCKETS_PER_USER = env.sockets_per_user
SOCKETS_PER_IP = env.sockets_per_ip
DRAIN_SECONDS = env.drain_seconds
SOCKET_ORIGINS = [BASE_URL, *env.cors_origins]
