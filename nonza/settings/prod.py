"""Settings of production, which refuses to start on anything insecure."""

from nonza.env import env
from nonza.settings.base import *
from nonza.settings.guard import refuse_insecure

refuse_insecure(env)

SECURE_SSL_REDIRECT = False  # the proxy in front does it
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = True
SILENCED_SYSTEM_CHECKS = ["security.W008"]  # no SSL redirect here: see above
ADMIN_NEEDS_MFA = True
