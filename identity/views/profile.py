"""One's own page: name, picture, language, theme, Google, second factor, API tokens."""

from http import HTTPStatus
from typing import Any, cast
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.socialaccount.internal.flows.connect import disconnect
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from identity.forms import PictureForm, ProfileForm, TokenForm
from identity.models import ApiToken, User
from identity.services.avatars import change_avatar, remove_avatar
from identity.services.profiles import change_profile
from identity.services.tokens import create_token, revoke_token
from identity.services.users import log_out_everywhere
from nonza.errors import NonzaError

CONFIRMED = {"saved", "picture", "revoked", "disconnected"}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest) -> HttpResponse:
    """Show the page; save name, language and theme."""
    if request.method != "POST":
        return _page(request)
    form = ProfileForm(request.POST)
    if not form.is_valid():
        return _page(request, HTTPStatus.BAD_REQUEST, form=form)
    try:
        change_profile(actor=_me(request), fields=form.cleaned_data)
    except NonzaError as refusal:
        form.add_error("display_name", str(refusal.detail or refusal.title))
        return _page(request, refusal.status, form=form)
    return redirect("/profile/?done=saved")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change_picture(request: HttpRequest) -> HttpResponse:
    """Show a picture, or initials again; who loads the address anew is back on the page."""
    if request.method != "POST":
        return redirect("profile")
    if "remove" in request.POST:
        remove_avatar(actor=_me(request))
        return redirect("/profile/?done=picture")
    form = PictureForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, HTTPStatus.BAD_REQUEST, picture_form=form)
    try:
        change_avatar(actor=_me(request), picture=form.cleaned_data["avatar"])
    except NonzaError as refusal:
        form.add_error("avatar", str(refusal.detail or refusal.title))
        return _page(request, refusal.status, picture_form=form)
    return redirect("/profile/?done=picture")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add_token(request: HttpRequest) -> HttpResponse:
    """Make an API token; this answer alone shows its key, and loading it anew makes no other one."""
    if request.method != "POST":
        return redirect("profile")
    form = TokenForm(request.POST)
    if not form.is_valid():
        return _page(request, HTTPStatus.BAD_REQUEST, token_form=form)
    try:
        _token, key = create_token(
            actor=_me(request),
            name=form.cleaned_data["name"],
            scopes=form.cleaned_data["scopes"],
            expires_at=form.expires_at(),
        )
    except NonzaError as refusal:
        form.add_error(None, str(refusal.title))
        return _page(request, refusal.status, token_form=form)
    return _page(request, new_key=key)


@login_required
@require_POST
def drop_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Revoke an API token; one that is gone already is as good."""
    try:
        revoke_token(actor=_me(request), token_id=token_id)
    except NonzaError:
        return redirect("profile")
    return redirect("/profile/?done=revoked")


@login_required
@require_POST
def leave_everywhere(request: HttpRequest) -> HttpResponse:
    """End all login sessions, this one too."""
    log_out_everywhere(actor=_me(request))
    logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@login_required
@require_POST
def disconnect_google(request: HttpRequest) -> HttpResponse:
    """Part from Google, where one can log in by e-mail all the same."""
    account = SocialAccount.objects.filter(user=_me(request), provider="google").first()
    if account is not None and settings.EMAIL_LOGIN:
        disconnect(request, account)
    return redirect("/profile/?done=disconnected")


def _me(request: HttpRequest) -> User:
    return cast("User", request.user)


def _page(request: HttpRequest, status: int = HTTPStatus.OK, **given: Any) -> HttpResponse:
    user = _me(request)
    fields = {name: getattr(user, name) for name in ProfileForm.base_fields}
    done = request.GET.get("done", "")
    context = {
        "form": ProfileForm(initial=fields),
        "picture_form": PictureForm(),
        "token_form": TokenForm(initial={"days": "90", "scopes": ["read"]}),
        "tokens": ApiToken.objects.filter(user=user, revoked_at=None).order_by("-created_at", "id"),
        "now": timezone.now(),
        "at": "profile",
        "done": done if done in CONFIRMED else "",
        "google": SocialAccount.objects.filter(user=user, provider="google").first(),
        "google_login": settings.GOOGLE_LOGIN,
        "may_disconnect": settings.EMAIL_LOGIN,
        "second_factor": Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists(),
        **given,
    }
    return render(request, "identity/profile.html", context, status=status)
