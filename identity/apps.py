"""The app of people."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class IdentityConfig(AppConfig):
    name = "identity"
    verbose_name = _("people")
    default_auto_field = "django.db.models.BigAutoField"
    default = True

    def ready(self) -> None:
        """Hear of logins."""
        import identity.receivers  # noqa: F401, PLC0415 -- app ready


class AdminConfig(admin_apps.AdminConfig):
    """Django's admin, behind our own door."""

    default = False
    default_site = "identity.admin_site.AdminSite"
