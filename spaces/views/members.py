"""Who is in a space: find them, change their role, remove them, hand the space over."""

from http import HTTPStatus
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from identity.models import User
from nonza.errors import NonzaError
from nonza.names import clean
from spaces.errors import MemberNotFound
from spaces.models import Membership
from spaces.rules import can_remove
from spaces.services.members import change_role, hand_over, members_of, membership_of, remove_member
from spaces.services.sidebar import sidebar_of
from spaces.views.context import rights_of
from spaces.views.frame import done, for_users, page_number, sentence, slice_of, with_headers

QUERY_LENGTH = 80


@for_users
def members(request: HttpRequest, user: User, space_id: UUID) -> HttpResponse:
    """Show the members of a space, and do what a row of theirs offers."""
    membership = membership_of(actor=user, space_id=space_id)
    if request.method != "POST":
        return _page(request, membership)
    try:
        words = _act(request, user, membership)
    except NonzaError as refusal:
        return with_headers(_page(request, membership, refusal.status, sentence(refusal)), refusal)
    return done(request, words, _here(request, membership))


def _act(request: HttpRequest, user: User, membership: Membership) -> str:
    """Do what was asked for; return the sentence that says so."""
    space_id, member_id = membership.space_id, _member_id(request)
    action = request.POST.get("action", "")
    if action == "remove":
        remove_member(actor=user, space_id=space_id, member_id=member_id)
        return _("Removed from the space")
    if action == "hand_over":
        hand_over(actor=user, space_id=space_id, member_id=member_id)
        return _("The space has a new owner. You are a moderator now.")
    change_role(actor=user, space_id=space_id, member_id=member_id, role=request.POST.get("role", ""))
    return _("Role changed")


def _member_id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("member", ""))
    except ValueError as wrong:
        raise MemberNotFound from wrong


def _page(
    request: HttpRequest, membership: Membership, status: int = HTTPStatus.OK, problem: str = ""
) -> HttpResponse:
    query, number = _query(request), page_number(request)
    sidebar = sidebar_of(membership)
    found, pages = slice_of(members_of(membership.space, query), number)
    rights = rights_of(membership)
    rows = [
        {
            "member": other,
            "key": str(other.pk),
            "is_me": other.user_id == membership.user_id,
            "online": str(other.user_id) in sidebar.online,
            "removable": can_remove(membership, other),
            "changeable": rights["owns"] and other.role != Membership.Role.OWNER,
        }
        for other in found
    ]
    context = {
        "sidebar": sidebar,
        "at": "members",
        "rows": rows,
        "query": query,
        "pages": pages,
        "kept": f"&{urlencode({'q': query})}" if query else "",
        "roles": [(role.value, role.label) for role in (Membership.Role.MODERATOR, Membership.Role.MEMBER)],
        "problem": problem,
        **rights,
    }
    return render(request, "spaces/members.html", context, status=status)


def _query(request: HttpRequest) -> str:
    return clean(request.GET.get("q", "")[:QUERY_LENGTH])


def _here(request: HttpRequest, membership: Membership) -> str:
    address = reverse("space-members", args=[membership.space_id])
    asked = {"q": _query(request), "page": page_number(request)}
    kept = {name: value for name, value in asked.items() if value not in {"", 1}}
    return f"{address}?{urlencode(kept)}" if kept else address
