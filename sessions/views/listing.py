"""The sessions of a space: what is live, what was, and a form for a new one."""

from http import HTTPStatus
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from identity.models import User
from identity.rules import Actor
from nonza.errors import NonzaError
from sessions.api.places import client_of
from sessions.forms import SessionForm, with_problems
from sessions.models import Session
from sessions.services.channels import enter_channel
from sessions.services.listing import page_of, sessions_of
from sessions.services.sessions import create_session
from spaces.errors import SpaceNotFound
from spaces.models import Membership
from spaces.services.members import membership_of
from spaces.services.sidebar import sidebar_of
from spaces.views.context import active_membership_of, rights_of
from spaces.views.frame import PER_PAGE, SeeOther, for_users, sentence, with_headers


@for_users
def session_list(request: HttpRequest, user: User) -> HttpResponse:
    """Show the sessions of a space, the active one unless another is asked for, or start one in it."""
    membership = _membership(request, user)
    if membership is None:
        return redirect("welcome")
    if request.method != "POST":
        return _page(request, membership, SessionForm())
    form = SessionForm(request.POST)
    if not form.is_valid():
        return _page(request, membership, form, HTTPStatus.BAD_REQUEST)
    try:
        place = create_session(
            actor=Actor(user=user),
            display_name="",
            fields={**form.fields_of_session(), "space": membership.space_id},
            idempotency_key=form.cleaned_data["idempotency_key"],
            client=client_of(request),
        )
    except NonzaError as refusal:
        with_problems(form, refusal.errors, sentence(refusal))
        return with_headers(_page(request, membership, form, refusal.status), refusal)
    return SeeOther(reverse("session", args=[place.session.slug]))


@for_users
def channel_enter(request: HttpRequest, user: User, channel_id: UUID) -> HttpResponse:
    """Lead a member to the page of a channel's call, which is made if there is none."""
    if request.method != "POST":
        return redirect("channel", channel_id=channel_id)
    entry = enter_channel(actor=user, channel_id=channel_id, client=client_of(request))
    return SeeOther(reverse("session", args=[entry.place.session.slug]))


def _page(
    request: HttpRequest, membership: Membership, form: SessionForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    sidebar = sidebar_of(membership)
    over = sessions_of(membership).filter(status=Session.Status.ENDED)
    past = page_of(over, cursor=request.GET.get("cursor", ""), limit=PER_PAGE)
    context = {
        "sidebar": sidebar,
        "at": "sessions",
        "form": form,
        "live": sidebar.live,
        "past": past.cards,
        "next_cursor": past.next_cursor,
        **rights_of(membership),
    }
    return render(request, "sessions/sessions.html", context, status=status)


def _membership(request: HttpRequest, user: User) -> Membership | None:
    asked = request.GET.get("space", "")
    if not asked:
        return active_membership_of(user)
    try:
        return membership_of(actor=user, space_id=UUID(asked))
    except ValueError as wrong:
        raise SpaceNotFound from wrong
