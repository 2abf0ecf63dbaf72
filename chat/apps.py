"""The app `chat`; Nonza works without it."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.utils.translation import gettext_lazy as _


class ChatConfig(AppConfig):
    """Messages in sessions and text channels."""

    name = "chat"
    verbose_name = _("Chat")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the sockets of a space carry what is written in it, and listen to the apps below."""
        from chat import receivers  # noqa: PLC0415 -- app ready
        from chat.services.log import STREAM, SpaceLogReader  # noqa: PLC0415 -- app ready
        from chat.services.session_store import SessionLogReader  # noqa: PLC0415 -- app ready
        from nonza.realtime import streams  # noqa: PLC0415 -- app ready
        from sessions import signals as of_sessions  # noqa: PLC0415 -- app ready
        from spaces import signals  # noqa: PLC0415 -- app ready

        streams.register(audience="space", name=STREAM, reader=SpaceLogReader())
        streams.register(audience="session", name=STREAM, reader=SessionLogReader())
        of_sessions.announced.connect(receivers.on_announced, dispatch_uid="chat")
        of_sessions.session_ended.connect(receivers.on_session_ended, dispatch_uid="chat")
        of_sessions.session_deleting.connect(receivers.on_session_deleting, dispatch_uid="chat")
        of_sessions.statistics_assembling.connect(receivers.on_statistics, dispatch_uid="chat")
        signals.membership_ended.connect(receivers.on_membership_ended, dispatch_uid="chat")
        signals.membership_changed.connect(receivers.on_membership_changed, dispatch_uid="chat")
        signals.channel_deleting.connect(receivers.on_channel_deleting, dispatch_uid="chat")
        signals.space_deleting.connect(receivers.on_space_deleting, dispatch_uid="chat")
        signals.sidebar_assembling.connect(receivers.on_sidebar_assembling, dispatch_uid="chat")
        signals.channel_page_assembling.connect(receivers.on_channel_page_assembling, dispatch_uid="chat")
        connection_created.connect(receivers.on_connection_created, dispatch_uid="chat")
