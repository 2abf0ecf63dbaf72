"""The app `spaces`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SpacesConfig(AppConfig):
    """Places with members."""

    name = "spaces"
    verbose_name = _("Spaces")

    def ready(self) -> None:
        """Listen to the app below."""
        from identity.signals import profile_changed, user_disabled  # noqa: PLC0415 -- app ready
        from spaces.receivers import on_profile_changed, on_user_disabled  # noqa: PLC0415 -- app ready

        user_disabled.connect(on_user_disabled, dispatch_uid="spaces")
        profile_changed.connect(on_profile_changed, dispatch_uid="spaces")
