"""Sessions, participants and connections in the admin: search, filters, who is live."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from sessions.models import Connection, Participant, ScreenShare, Session
from sessions.services.sessions import announce_change, end_and_delete, end_session
from sessions.services.space_statistics import range_of_days, statistics_of_space
from sessions.services.statistics import statistics_of
from spaces.models import Space


class YesNoFilter(admin.SimpleListFilter):
    """Keeps the rows of which `condition` is true, or those of which it is not."""

    condition: Q
    answers = (_("yes"), _("no"))

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer both answers."""
        del request, model_admin
        return list(zip(("yes", "no"), self.answers, strict=True))

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the rows of the chosen answer."""
        del request
        if self.value() == "yes":
            return queryset.filter(self.condition)
        return queryset.exclude(self.condition) if self.value() == "no" else queryset


class LiveFilter(YesNoFilter):
    """Sessions in which somebody is in the call now."""

    title = _("live")
    parameter_name = "live"
    condition = Q(people_in_call__gt=0)
    answers = (_("somebody is in the call"), _("nobody is in the call"))


class WhereFilter(admin.SimpleListFilter):
    """Sessions of channels, of spaces beside their channels, and of nobody's space."""

    title = _("belongs to")
    parameter_name = "where"
    _conditions = {
        "channel": Q(channel__isnull=False),
        "space": Q(space__isnull=False, channel=None),
        "none": Q(space=None),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        """Offer the three kinds."""
        del request, model_admin
        return [("channel", _("a channel")), ("space", _("a space")), ("none", _("no space"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Keep the sessions of the chosen kind."""
        del request
        condition = self._conditions.get(self.value() or "")
        return queryset.filter(condition) if condition else queryset


class ReadOnlyInline(admin.TabularInline):
    """Rows that are looked at, never changed, here."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows are made by joining."""
        del request, obj
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows change as people act."""
        del request, obj
        return False


class ParticipantInline(ReadOnlyInline):
    model = Participant
    fields = readonly_fields = ("display_name", "role", "state", "joined_at", "microphone_on")


class ConnectionInline(ReadOnlyInline):
    model = Connection
    fields = readonly_fields = (
        "identity", "livekit_sid", "created_at", "joined_at", "left_at", "left_reason",
    )  # fmt: skip


@admin.register(Session)
class SessionAdmin(admin.ModelAdmin):
    """Calls."""

    list_display = (
        "title", "slug", "space", "channel", "status", "people", "came", "length", "access", "locked",
        "created_at", "ended_at",
    )  # fmt: skip
    list_filter = (LiveFilter, WhereFilter, "status", "ended_reason", "access", "locked", "created_at")
    list_select_related = ("space", "channel")
    search_fields = (
        "slug", "title", "id", "space__name", "space__id", "channel__name", "participants__display_name",
        "participants__user__email",
    )  # fmt: skip
    date_hierarchy = "created_at"
    readonly_fields = (
        "slug", "space", "channel", "space_figures", "status", "ended_reason", "created_by", "started_at",
        "empty_since", "ended_at", "created_at", "updated_at", "statistics",
    )  # fmt: skip
    inlines = (ParticipantInline,)
    actions = ("end_for_all",)
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Session]:
        """Count who is in each call."""
        in_call = Q(
            participants__connections__joined_at__isnull=False,
            participants__connections__left_at__isnull=True,
        )
        return (  # type: ignore[no-any-return]
            super()
            .get_queryset(request)
            .annotate(
                people_in_call=Count("participants", filter=in_call, distinct=True),
                people_who_came=Count(
                    "participants", filter=Q(participants__joined_at__isnull=False), distinct=True
                ),
            )
        )

    @admin.display(description=_("in the call"), ordering="people_in_call")
    def people(self, session: Session) -> int:
        """Return how many are in the call now."""
        return int(session.people_in_call)  # type: ignore[attr-defined]

    @admin.display(description=_("came"), ordering="people_who_came")
    def came(self, session: Session) -> int:
        """Return how many have been in the call at all."""
        return int(session.people_who_came)  # type: ignore[attr-defined]

    @admin.display(description=_("length"))
    def length(self, session: Session) -> str:
        """Return how long it has lasted, from the first join to now or to its end."""
        if session.started_at is None:
            return ""
        return _clock(((session.ended_at or timezone.now()) - session.started_at).total_seconds())

    @admin.display(description=_("statistics"))
    def statistics(self, session: Session) -> str:
        """Return what the hosts of the session are told too."""
        told = statistics_of(session)
        people = [
            {
                "name": person.participant.display_name,
                "in_call": _clock(person.in_call_seconds),
                "joins": person.joins,
                "reconnections": person.reconnections,
                "shared": _clock(person.screen_share_seconds),
                "spoken": _clock(person.spoken_seconds),
                "percent": round(person.speaking_share * 100),
            }
            for person in told.participants
        ]
        context = {
            "statistics": told,
            "people": people,
            "length": _clock(told.seconds),
            "shared": _clock(told.screen_share_seconds),
        }
        return render_to_string("sessions/admin/statistics.html", context)

    @admin.display(description=_("statistics of the space"))
    def space_figures(self, session: Session) -> str:
        """Return the way to what all sessions of its space were like."""
        if session.space_id is None:
            return ""
        address = reverse("admin:space-statistics", args=[session.space_id])
        return format_html('<a href="{}">{}</a>', address, session.space)

    def get_urls(self) -> list[URLPattern]:
        """Add the statistics of a space, which only the app above the spaces knows."""
        view = self.admin_site.admin_view(self.space_statistics)
        mine = path("spaces/<uuid:space_id>/statistics/", view, name="space-statistics")
        return [mine, *super().get_urls()]

    def space_statistics(self, request: HttpRequest, space_id: UUID) -> HttpResponse:
        """Show what the sessions of a space were like in the last thirty days."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        space = get_object_or_404(Space, pk=space_id)
        context = {
            **self.admin_site.each_context(request),
            "title": space.name,
            "statistics": statistics_of_space(space, *range_of_days(None, None)),
        }
        return render(request, "sessions/admin/space_statistics.html", context)

    @admin.action(description=_("End for all"))
    def end_for_all(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        """End the chosen sessions as a host would."""
        del request
        for session in queryset.filter(status=Session.Status.ACTIVE):
            end_session(session=session, reason=Session.EndedReason.HOST_ENDED)

    def save_model(self, request: HttpRequest, obj: Session, form: Any, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        """Save what was changed here and nothing else, and let the gate and everybody inside see it."""
        del request, change
        obj.save(update_fields=[*form.changed_data, "updated_at"])
        announce_change(obj)

    def delete_model(self, request: HttpRequest, obj: Session) -> None:
        """Delete as a host would: nobody stays in a call without a session."""
        del request
        end_and_delete(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Session]) -> None:
        """Delete the chosen sessions as a host would."""
        for session in queryset:
            self.delete_model(request, session)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Sessions are started by people."""
        del request
        return False


class InCallFilter(YesNoFilter):
    """Participants who are in the call now."""

    title = _("in the call")
    parameter_name = "in_call"
    condition = Q(in_call=True)


@admin.register(Participant)
class ParticipantAdmin(admin.ModelAdmin):
    """People in calls; address and browser are for admins only."""

    list_display = ("display_name", "session", "role", "state", "is_in_call", "client_ip", "created_at")
    list_filter = (InCallFilter, "state", "role", "created_at")
    search_fields = ("display_name", "id", "session__slug", "session__title", "user__email", "client_ip")
    list_select_related = ("session",)
    inlines = (ConnectionInline,)
    list_per_page = 50

    def get_queryset(self, request: HttpRequest) -> QuerySet[Participant]:
        """Say who is in the call."""
        return super().get_queryset(request).with_presence()  # type: ignore[attr-defined, no-any-return]

    @admin.display(description=_("in the call"), boolean=True)
    def is_in_call(self, participant: Participant) -> bool:
        """Return whether they are in the call now."""
        return bool(participant.in_call)  # type: ignore[attr-defined]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Participants are made by joining."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Participants change as they act."""
        del request, obj
        return False


class OpenFilter(YesNoFilter):
    """Connections that have not ended."""

    title = _("open")
    parameter_name = "open"
    condition = Q(left_at__isnull=True)


@admin.register(Connection)
class ConnectionAdmin(admin.ModelAdmin):
    """Joins of LiveKit."""

    list_display = ("participant", "session", "created_at", "joined_at", "left_at", "left_reason")
    list_filter = (OpenFilter, "left_reason", "created_at")
    search_fields = ("identity", "livekit_sid", "participant__display_name", "participant__session__slug")
    list_select_related = ("participant__session",)
    list_per_page = 50

    @admin.display(description=_("session"))
    def session(self, connection: Connection) -> Session:
        """Return the session it belongs to."""
        return connection.participant.session

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Connections are made with tokens."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Connections change as LiveKit tells."""
        del request, obj
        return False


@admin.register(ScreenShare)
class ScreenShareAdmin(admin.ModelAdmin):
    """Screens that were shared."""

    list_display = ("participant", "started_at", "ended_at", "track_sid")
    list_filter = ("started_at",)
    search_fields = ("track_sid", "identity", "participant__display_name", "participant__session__slug")
    list_select_related = ("participant",)
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        """LiveKit tells of them."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """They change as LiveKit tells."""
        del request, obj
        return False


def _clock(seconds: float) -> str:
    """Return a length of time like 1:05:09."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
