"""The app `spaces`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SpacesConfig(AppConfig):
    """Places with members."""

    name = "spaces"
    verbose_name = _("Spaces")

    def ready(self) -> None:
        """Listen to the app below."""
        from identity import signals  # noqa: PLC0415 -- app ready
        from spaces import receivers  # noqa: PLC0415 -- app ready

        signals.user_disabled.connect(receivers.on_user_disabled, dispatch_uid="spaces")
        signals.profile_changed.connect(receivers.on_profile_changed, dispatch_uid="spaces")
        logged_out = signals.user_logged_out_everywhere
        logged_out.connect(receivers.on_logged_out_everywhere, dispatch_uid="spaces")
