"""What was written, in the admin: found by who, where and when; read only by opening one message."""

from typing import Any, cast

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chat.models import Message
from chat.services.messages import remove_message
from identity.models import User
from spaces.models import Space


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin):
    """Messages of text channels; lists show none of their text, and nobody changes it."""

    list_display = ("id", "channel", "space", "author_name", "kind", "created_at", "edited_at", "deleted_at")
    list_filter = ("kind", "created_at", ("deleted_at", admin.EmptyFieldListFilter))
    search_fields = (
        "author_name",
        "author__email",
        "channel__name",
        "channel__space__name",
        "channel__id",
        "id",
    )
    search_help_text = _("By author, channel or id; the text is not searched.")
    list_select_related = ("channel__space",)
    list_per_page = 50
    show_full_result_count = False  # there may be millions
    ordering = ("-created_at",)
    fields = (
        "id", "channel", "author", "author_name", "kind", "text", "code", "params", "reply_to", "offset",
        "created_at", "edited_at", "pinned_at", "pinned_by", "deleted_at", "deleted_by",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description=_("space"))
    def space(self, message: Message) -> Space:
        """Return where its channel is."""
        return message.channel.space

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People write."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody puts words into somebody's mouth."""
        del request, obj
        return False

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Only what it says goes: a tombstone stays, as where a moderator deletes it."""
        del request
        return [str(message) for message in objs], {_("messages"): len(objs)}, set(), []

    def delete_model(self, request: HttpRequest, obj: Message) -> None:
        """Delete it as a moderator would."""
        remove_message(obj, actor=cast("User", request.user))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Message]) -> None:
        """Delete the chosen ones as moderators would."""
        for message in list(queryset.select_related("channel")):
            self.delete_model(request, message)
