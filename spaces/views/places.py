"""The pages of a space itself: the first one, a new one, the overview, its settings."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from identity.models import User
from identity.rules import is_own_page
from nonza.errors import Invalid, NonzaError
from spaces.forms import FilterForm, SpaceForm, add_refusal
from spaces.models import Membership
from spaces.rules import is_owner, modes_offered
from spaces.services.filtering import change_filter
from spaces.services.members import leave_space, membership_of, mute_space
from spaces.services.sidebar import sidebar_of
from spaces.services.spaces import (
    activate_space,
    active_space_of,
    change_mode,
    change_space,
    create_space,
    delete_space,
)
from spaces.views.context import here_of, rights_of
from spaces.views.frame import SeeOther, done, for_users, sentence, with_headers


@for_users
def welcome(request: HttpRequest, user: User) -> HttpResponse:
    """Let who has just logged in for the first time make their first space, and go on where they wanted."""
    if active_space_of(user) is not None:
        return redirect("front")
    name = _("%(name)s’s space") % {"name": user.display_name} if user.display_name else ""
    return _making(request, user, "spaces/welcome.html", {"name": name})


@for_users
def new_space(request: HttpRequest, user: User) -> HttpResponse:
    """Make another space, and go there."""
    if active_space_of(user) is None:
        return redirect("welcome")
    return _making(request, user, "spaces/new.html", {})


def _making(request: HttpRequest, user: User, template: str, initial: dict[str, str]) -> HttpResponse:
    modes = modes_offered()
    if request.method != "POST":
        form = SpaceForm(initial={"mode": modes[0], **initial}, modes=modes)
        return render(request, template, {"form": form})
    form = SpaceForm(request.POST, modes=modes)
    if form.is_valid():
        fields = {**form.cleaned_data, "mode": form.cleaned_data.get("mode") or modes[0]}
        try:
            space = create_space(actor=user, **fields)
        except NonzaError as refusal:
            add_refusal(form, refusal)
            return with_headers(render(request, template, {"form": form}, status=refusal.status), refusal)
        wanted = request.GET.get("next", "")
        return SeeOther(wanted if is_own_page(wanted) else reverse("space", args=[space.pk]))
    return render(request, template, {"form": form}, status=HTTPStatus.BAD_REQUEST)


@for_users
def activate(request: HttpRequest, user: User) -> HttpResponse:
    """Go to another space of one's own."""
    try:
        space_id = UUID(request.POST.get("space", ""))
    except ValueError as wrong:
        raise Invalid.field("space", "invalid", _("There is no such space.")) from wrong
    activate_space(actor=user, space_id=space_id)
    return SeeOther(reverse("space", args=[space_id]))


@for_users
def overview(request: HttpRequest, user: User, space_id: UUID) -> HttpResponse:
    """Show a space: its channels, what is live, who is here."""
    sidebar = sidebar_of(membership_of(actor=user, space_id=space_id))
    context = {"sidebar": sidebar, "at": "space", **here_of(sidebar), **rights_of(sidebar.membership)}
    return render(request, "spaces/space.html", context)


@for_users
def space_settings(request: HttpRequest, user: User, space_id: UUID) -> HttpResponse:
    """Show and change what a space is called and does; leave it; delete it."""
    membership = membership_of(actor=user, space_id=space_id)
    if request.method != "POST":
        return _settings_page(request, membership, _form_of(membership))
    act = _SETTINGS_ACTS.get(request.POST.get("action", ""), _save)
    try:
        return act(request, user, membership)
    except NonzaError as refusal:
        response = _settings_page(
            request, membership, _form_of(membership), refusal.status, problem=sentence(refusal)
        )
        return with_headers(response, refusal)


def _save(request: HttpRequest, user: User, membership: Membership) -> HttpResponse:
    space = membership.space
    owns = is_owner(membership)
    form = _form_of(membership, request.POST)
    if not form.is_valid():
        return _settings_page(request, membership, form, HTTPStatus.BAD_REQUEST)
    wanted = form.cleaned_data
    fields = {name: wanted[name] for name in ("name", "description") if wanted[name] != getattr(space, name)}
    if not owns:
        fields.pop("name", None)
    try:
        if fields:
            change_space(actor=user, space_id=space.pk, fields=fields)
        if owns and wanted.get("mode") and wanted["mode"] != space.mode:
            change_mode(actor=user, space_id=space.pk, mode=wanted["mode"])
    except Invalid as refusal:
        add_refusal(form, refusal)
        return _settings_page(request, membership, form, refusal.status)
    return done(request, _("Saved"), reverse("space-settings", args=[space.pk]))


def _delete(request: HttpRequest, user: User, membership: Membership) -> HttpResponse:
    name = membership.space.name
    delete_space(actor=user, space_id=membership.space_id)
    return done(request, _("%(space)s is deleted.") % {"space": name}, reverse("front"))


def _leave(request: HttpRequest, user: User, membership: Membership) -> HttpResponse:
    name = membership.space.name
    leave_space(actor=user, space_id=membership.space_id)
    return done(request, _("You have left %(space)s.") % {"space": name}, reverse("front"))


def _mute(request: HttpRequest, user: User, membership: Membership) -> HttpResponse:
    muted = request.POST.get("muted") == "on"
    mute_space(actor=user, space_id=membership.space_id, muted=muted)
    words = _("No more news of calls from here") if muted else _("News of calls from here come again")
    return done(request, words, reverse("space-settings", args=[membership.space_id]))


def _filter(request: HttpRequest, user: User, membership: Membership) -> HttpResponse:
    words = FilterForm(request.POST)
    lines, mode = (request.POST.get(name, "") for name in ("content_filter", "content_filter_mode"))
    try:
        change_filter(actor=user, space_id=membership.space_id, lines=lines, mode=mode)
    except Invalid as refusal:
        words.is_valid()
        add_refusal(words, refusal)
        return _settings_page(request, membership, _form_of(membership), refusal.status, words=words)
    return done(request, _("Saved"), reverse("space-settings", args=[membership.space_id]))


_SETTINGS_ACTS = {"save": _save, "delete": _delete, "leave": _leave, "mute": _mute, "filter": _filter}


def _form_of(membership: Membership, posted: Any = None) -> SpaceForm:
    space = membership.space
    current = {"name": space.name, "description": space.description, "mode": space.mode}
    if posted is not None:
        # What one may not change is not sent, and stays.
        posted = {**current, **{name: posted[name] for name in current if name in posted}}
    return SpaceForm(posted, initial=current, modes=modes_offered())


def _settings_page(
    request: HttpRequest,
    membership: Membership,
    form: SpaceForm,
    status: int = HTTPStatus.OK,
    problem: str = "",
    words: FilterForm | None = None,
) -> HttpResponse:
    sidebar = sidebar_of(membership)
    space = membership.space
    filtered = {name: getattr(space, name) for name in ("content_filter", "content_filter_mode")}
    context = {
        "sidebar": sidebar,
        "at": "settings",
        "form": form,
        "problem": problem,
        "words_form": words or FilterForm(initial=filtered),
        **rights_of(sidebar.membership),
    }
    return render(request, "spaces/settings.html", context, status=status)
