"""What a session was like, and what the sessions of a space were like, as pages."""

from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from identity.models import User
from identity.rules import Actor
from nonza.errors import Invalid
from sessions.api.places import client_of
from sessions.services.limits import unknown_slug
from sessions.services.space_statistics import space_statistics
from sessions.services.standing import refuse_outsider, standing_of
from sessions.services.statistics import read_statistics
from spaces.services.members import membership_of
from spaces.services.sidebar import sidebar_of
from spaces.views.context import rights_of
from spaces.views.frame import for_users


@for_users
def session_statistics(request: HttpRequest, user: User, slug: str) -> HttpResponse:
    """Show the statistics of a session to who hosts it or keeps order in its space."""
    standing = standing_of(slug=slug, actor=Actor(user=user))
    if standing is None:
        raise unknown_slug(client_of(request).ip)
    session = standing.session
    if standing.me is not None:
        refuse_outsider(session, standing.me, standing.space_role)
    statistics = read_statistics(standing=standing)
    context = {"session": session, "statistics": statistics, "at": "sessions"}
    if standing.space_role is not None and session.space_id is not None:
        membership = membership_of(actor=user, space_id=session.space_id)
        context |= {"sidebar": sidebar_of(membership), **rights_of(membership)}
    return render(request, "sessions/statistics.html", context)


@for_users
def space_figures(request: HttpRequest, user: User, space_id: UUID) -> HttpResponse:
    """Show the statistics of a space to its owner and moderators."""
    membership = membership_of(actor=user, space_id=space_id)
    statistics = space_statistics(
        actor=user, space_id=space_id, first=_day(request, "from"), last=_day(request, "to")
    )
    highest = max((day.figures.minutes for day in statistics.days), default=0) or 1
    heights = [round(100 * day.figures.minutes / highest) for day in statistics.days]
    bars = [{"percent": height, "top": 100 - height} for height in heights]
    context = {
        "sidebar": sidebar_of(membership),
        "at": "statistics",
        "statistics": statistics,
        "bars": bars,
        **rights_of(membership),
    }
    return render(request, "sessions/space_statistics.html", context)


def _day(request: HttpRequest, name: str) -> date | None:
    text = request.GET.get(name, "")
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise Invalid.field(name, "invalid", _("Choose other days.")) from None
