"""A person's news from all their spaces."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from identity.models import User
from spaces.models import Notification
from spaces.services.notifications import mark_read, notifications_of
from spaces.views.frame import SeeOther, for_users, page_number, slice_of

Kind = Notification.Kind
ICONS = {
    Kind.ADDED: "user-plus",
    Kind.RENAMED: "pencil",
    Kind.MODE_CHANGED: "sliders-horizontal",
    Kind.DELETED: "trash-2",
    Kind.REMOVED: "user-minus",
    Kind.ROLE_CHANGED: "users-round",
    Kind.INVITATION_ACCEPTED: "user-plus",
    Kind.CALL_STARTED: "volume-2",
    Kind.MENTIONED: "at-sign",
    Kind.REPORTED: "triangle-alert",
}


@for_users
def news(request: HttpRequest, user: User) -> HttpResponse:
    """Show a person's news, newest first; mark one or all as read."""
    if request.method == "POST":
        mark_read(actor=user, ids=_chosen(request))
        return SeeOther(reverse("notifications"))
    rows, pages = slice_of(notifications_of(user), page_number(request))
    shown = [{"news": row, "icon": ICONS.get(Kind(row.kind), "bell")} for row in rows]
    context = {"rows": shown, "pages": pages, "at": "notifications", "unread_here": any(_unread(rows))}
    return render(request, "spaces/notifications.html", context, status=HTTPStatus.OK)


def _unread(rows: list[Notification]) -> list[bool]:
    return [row.read_at is None for row in rows]


def _chosen(request: HttpRequest) -> list[UUID] | None:
    """Return the one that was pressed; None for all."""
    try:
        return [UUID(request.POST["id"])]
    except (KeyError, ValueError):
        return None
