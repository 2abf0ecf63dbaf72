"""The page on which those who keep order in a space look at reported messages."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from chat.errors import ReportNotFound
from chat.models import Report
from chat.services.reports import handle_report, reports_of
from identity.models import User
from nonza.errors import NonzaError
from spaces.models import Membership
from spaces.services.members import membership_of
from spaces.services.sidebar import sidebar_of
from spaces.views.context import rights_of
from spaces.views.frame import done, for_users, page_number, sentence, slice_of, with_headers

_ACTS = {"dismiss": Report.State.DISMISSED, "delete": Report.State.DELETED}


@for_users
def reports(request: HttpRequest, user: User, space_id: UUID) -> HttpResponse:
    """Show the reports of a space, those to look at or all; dismiss one, or delete the message."""
    membership = membership_of(actor=user, space_id=space_id)
    if request.method != "POST":
        return _page(request, membership)
    state = _ACTS.get(request.POST.get("action", ""), Report.State.DISMISSED)
    try:
        handle_report(actor=user, space_id=space_id, report_id=_report_id(request), state=state)
    except NonzaError as refusal:
        if refusal.status != HTTPStatus.SERVICE_UNAVAILABLE:
            raise
        return with_headers(_page(request, membership, sentence(refusal), refusal.status), refusal)
    words = _("The message is deleted.") if state == Report.State.DELETED else _("The report is dismissed.")
    return done(request, words, reverse("space-reports", args=[space_id]))


def _report_id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("report", ""))
    except ValueError as wrong:
        raise ReportNotFound from wrong


def _page(
    request: HttpRequest, membership: Membership, problem: str = "", status: int = HTTPStatus.OK
) -> HttpResponse:
    shows_all = request.GET.get("show") == "all"
    listed = reports_of(actor=membership.user, space_id=membership.space_id, open_only=not shows_all)
    rows, pages = slice_of(listed, page_number(request))
    for row in rows:
        row.anchor = str(row.pk)
    context = {
        "sidebar": sidebar_of(membership),
        "at": "reports",
        "rows": rows,
        "pages": pages,
        "kept": "&show=all" if shows_all else "",
        "shows_all": shows_all,
        "problem": problem,
        **rights_of(membership),
    }
    return render(request, "chat/reports.html", context, status=status)
