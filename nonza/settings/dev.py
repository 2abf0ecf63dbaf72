"""Settings of `make run`: this machine, embedded parts."""

from nonza.env import env
from nonza.settings.base import *

DEBUG = env.debug
DEV_PAGES = True
ALLOWED_HOSTS = [*ALLOWED_HOSTS, "localhost", "127.0.0.1", "[::1]", ".localhost"]
WHITENOISE_USE_FINDERS = True
CORS_ALLOWED_ORIGIN_REGEXES = [r"^http://localhost(:\d+)?$"]
_PORT = BASE_URL.rpartition(":")[2]
SOCKET_ORIGINS = [*SOCKET_ORIGINS, f"http://localhost:{_PORT}", f"http://127.0.0.1:{_PORT}"]
del STATIC_ROOT  # noqa: F821 -- from the base; files are served from where they are built
# Nobody needs a mail server on their own machine: the page shows the code, and says so.
EMAIL_LOGIN = EMAIL_LOGIN or (ACCOUNTS and not GOOGLE_LOGIN)
LOGIN_CODE_ON_PAGE = EMAIL_LOGIN and not env.email_url.get_secret_value()
