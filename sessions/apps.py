"""The app of calls; its label differs from Django's own `sessions`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SessionsConfig(AppConfig):
    name = "sessions"
    label = "nonza_sessions"
    verbose_name = _("sessions")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Listen to the apps below."""
        from sessions import receivers  # noqa: F401, PLC0415 -- app ready
