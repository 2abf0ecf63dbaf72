"""The pages of channels: one of them, and the list that moderators order."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from identity.models import User
from nonza.errors import NonzaError
from spaces.errors import ChannelNotFound
from spaces.forms import ChannelChangeForm, ChannelForm, add_refusal
from spaces.models import Channel, Membership
from spaces.rules import channel_types_offered
from spaces.services.channels import (
    change_channel,
    channel_for,
    create_channel,
    delete_channel,
    move_channel,
    page_extras,
)
from spaces.services.members import membership_of
from spaces.services.sidebar import sidebar_of
from spaces.views.context import here_of, rights_of
from spaces.views.frame import SeeOther, done, for_users, sentence, with_headers

POSITION_DIGITS = 9


@for_users
def channel_page(request: HttpRequest, user: User, channel_id: UUID) -> HttpResponse:
    """Show what is in a channel: who is in the call and the way in, or what is written; and its settings."""
    channel, membership = channel_for(actor=user, channel_id=channel_id)
    if request.method != "POST":
        return _channel_page(request, channel, membership, _change_form(channel))
    if request.POST.get("action") == "delete":
        delete_channel(actor=user, channel_id=channel_id)
        words = _("The channel %(name)s is deleted.") % {"name": channel.name}
        return done(request, words, reverse("space", args=[channel.space_id]))
    form = _change_form(channel, request.POST)
    if not form.is_valid():
        return _channel_page(request, channel, membership, form, HTTPStatus.BAD_REQUEST)
    try:
        change_channel(actor=user, channel_id=channel_id, fields=_fields(form, channel))
    except NonzaError as refusal:
        add_refusal(form, refusal)
        return with_headers(_channel_page(request, channel, membership, form, refusal.status), refusal)
    return done(request, _("Saved"), reverse("channel", args=[channel_id]))


@for_users
def channels(request: HttpRequest, user: User, space_id: UUID) -> HttpResponse:
    """Show the channels of a space to be made, ordered and deleted."""
    membership = membership_of(actor=user, space_id=space_id)
    if request.method != "POST":
        return _list_page(request, membership, _new_form(request.GET.get("type", "")))
    if request.POST.get("action", "create") == "create":
        return _create(request, user, membership)
    try:
        return _act(request, user, membership)
    except NonzaError as refusal:
        page = _list_page(request, membership, _new_form(), refusal.status, sentence(refusal))
        return with_headers(page, refusal)


def _create(request: HttpRequest, user: User, membership: Membership) -> HttpResponse:
    form = ChannelForm(request.POST, types=channel_types_offered())
    if not form.is_valid():
        return _list_page(request, membership, form, HTTPStatus.BAD_REQUEST)
    wanted = form.cleaned_data
    try:
        channel = create_channel(
            actor=user,
            space_id=membership.space_id,
            type=wanted["type"],
            name=wanted["name"],
            topic=wanted["topic"],
            max_participants=wanted["max_participants"],
        )
    except NonzaError as refusal:
        add_refusal(form, refusal)
        return with_headers(_list_page(request, membership, form, refusal.status), refusal)
    words = _("The channel %(name)s is there.") % {"name": channel.name}
    return done(request, words, reverse("space-channels", args=[membership.space_id]))


def _act(request: HttpRequest, user: User, membership: Membership) -> HttpResponse:
    """Move or delete one channel of the list."""
    here = reverse("space-channels", args=[membership.space_id])
    channel_id = _channel_id(request)
    if request.POST.get("action") == "delete":
        delete_channel(actor=user, channel_id=channel_id)
        return done(request, _("The channel is deleted."), here)
    position = request.POST.get("position", "")
    if position.isdecimal() and len(position) <= POSITION_DIGITS:
        move_channel(actor=user, channel_id=channel_id, position=int(position))
    return SeeOther(here)


def _channel_id(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("channel", ""))
    except ValueError as wrong:
        raise ChannelNotFound from wrong


def _change_form(channel: Channel, posted: Any = None) -> ChannelChangeForm:
    current = {name: getattr(channel, name) for name in ("name", "topic", "max_participants")}
    return ChannelChangeForm(posted, initial=current)


def _new_form(kind: str = "") -> ChannelForm:
    types = channel_types_offered()
    return ChannelForm(initial={"type": kind if kind in types else types[0]}, types=types)


def _fields(form: ChannelChangeForm, channel: Channel) -> dict[str, Any]:
    wanted = {**form.cleaned_data}
    wanted["max_participants"] = wanted["max_participants"] or channel.max_participants
    return {name: value for name, value in wanted.items() if value != getattr(channel, name)}


def _channel_page(
    request: HttpRequest,
    channel: Channel,
    membership: Membership,
    form: ChannelChangeForm,
    status: int = HTTPStatus.OK,
) -> HttpResponse:
    sidebar, rights = sidebar_of(membership), rights_of(membership)
    context = {
        "sidebar": sidebar,
        "at": "channel",
        "channel": channel,
        "shown_channel": channel,
        "form": form,
        **rights,
    }
    wants_settings = request.method == "POST" or "settings" in request.GET
    if channel.holds_calls or (wants_settings and rights["moderates"]):
        return render(request, "spaces/channel.html", context, status=status)
    context |= {"channel_extras": page_extras(membership, channel), **here_of(sidebar)}
    return render(request, "spaces/text_channel.html", context, status=status)


def _list_page(
    request: HttpRequest,
    membership: Membership,
    form: ChannelForm,
    status: int = HTTPStatus.OK,
    problem: str = "",
) -> HttpResponse:
    sidebar = sidebar_of(membership)
    last = len(sidebar.channels) - 1
    rows = [
        {
            "channel": channel,
            "key": str(channel.pk),
            "place": place,
            "up": max(0, place - 1),
            "down": min(last, place + 1),
        }
        for place, channel in enumerate(sidebar.channels)
    ]
    context = {
        "sidebar": sidebar,
        "at": "channels",
        "rows": rows,
        "last": last,
        "form": form,
        "problem": problem,
        **rights_of(membership),
    }
    return render(request, "spaces/channels.html", context, status=status)
