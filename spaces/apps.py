"""The app `spaces`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SpacesConfig(AppConfig):
    """Places with members."""

    name = "spaces"
    verbose_name = _("Spaces")
