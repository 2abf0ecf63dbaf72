"""The sessions of a space."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from identity.models import User
from spaces.errors import SpaceNotFound
from spaces.models import Membership
from spaces.services.members import membership_of
from spaces.services.sidebar import sidebar_of
from spaces.views.context import active_membership_of, rights_of
from spaces.views.frame import for_users


@for_users
def session_list(request: HttpRequest, user: User) -> HttpResponse:
    """Show the live sessions of a space, the active one unless another is asked for."""
    membership = _membership(request, user)
    if membership is None:
        return redirect("welcome")
    sidebar = sidebar_of(membership)
    context = {"sidebar": sidebar, "at": "sessions", "live": sidebar.live, **rights_of(membership)}
    return render(request, "sessions/sessions.html", context)


def _membership(request: HttpRequest, user: User) -> Membership | None:
    asked = request.GET.get("space", "")
    if not asked:
        return active_membership_of(user)
    try:
        return membership_of(actor=user, space_id=UUID(asked))
    except ValueError as wrong:
        raise SpaceNotFound from wrong
