"""What was written, in the admin: found by who, where and when; read only by opening one message."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chat.models import Message, Report
from chat.services.messages import remove_message
from chat.services.reports import answer_report
from identity.models import User
from nonza.errors import NonzaError
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


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):
    """Reported messages, those of sessions without a space too; read only by opening one report."""

    list_display = ("id", "space", "place", "author_name", "reporter_name", "state", "created_at")
    list_filter = ("state", "created_at", ("space", admin.EmptyFieldListFilter))
    search_fields = ("author_name", "reporter_name", "space__name", "session__slug", "message_id", "id")
    search_help_text = _("By people, space, session or id; the text is not searched.")
    list_select_related = ("space", "channel", "session")
    list_per_page = 50
    ordering = ("-created_at",)
    actions = ("dismiss", "delete_messages")
    fields = (
        "id", "state", "space", "channel", "session", "message_id", "author", "author_name", "text",
        "reporter", "reporter_name", "reason", "handled_by", "handled_at", "created_at",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description=_("place"))
    def place(self, report: Report) -> str:
        """Return the text channel or the session."""
        return str(report.channel or report.session or "")

    @admin.action(description=_("Dismiss"), permissions=["view"])
    def dismiss(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        """Say that there is nothing to do."""
        self._answer(request, queryset, Report.State.DISMISSED)

    @admin.action(description=_("Delete the messages"), permissions=["delete"])
    def delete_messages(self, request: HttpRequest, queryset: QuerySet[Report]) -> None:
        """Delete the messages as moderators would; the reports stay."""
        self._answer(request, queryset, Report.State.DELETED)

    def _answer(self, request: HttpRequest, queryset: QuerySet[Report], state: str) -> None:
        for report in list(queryset.select_related("channel", "session")):
            try:
                answer_report(report, actor=cast("User", request.user), state=state)
            except NonzaError as refusal:
                self.message_user(request, str(refusal.title), messages.ERROR)
                return

    def has_add_permission(self, request: HttpRequest) -> bool:
        """People report."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What somebody has reported stays as it was."""
        del request, obj
        return False
