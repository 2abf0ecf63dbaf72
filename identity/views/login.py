"""The pages of login."""

from http import HTTPStatus
from typing import Any

from allauth.account.internal.decorators import login_stage_required
from allauth.account.stages import LoginByCodeStage
from allauth.account.utils import get_next_redirect_url, passthrough_next_redirect_url
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST
from django.views.i18n import set_language as set_language_cookie

from identity.errors import MailNotSent
from identity.forms import EmailForm, LoginCodeForm
from identity.services.logins import CodeLogin, send_login_code
from nonza.errors import NonzaError, RateLimited

NEXT = "next"


@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Offer the ways to log in; send a code to the e-mail that was typed."""
    if request.user.is_authenticated:
        return redirect(get_next_redirect_url(request) or settings.LOGIN_REDIRECT_URL)
    if request.method != "POST" or not settings.EMAIL_LOGIN:
        return _login_page(request, EmailForm())
    form = EmailForm(request.POST)
    if not form.is_valid():
        return _login_page(request, form, HTTPStatus.BAD_REQUEST)
    try:
        send_login_code(request=request, email=form.cleaned_data["email"])
    except (RateLimited, MailNotSent) as refusal:
        form.add_error("email", _sentence(refusal))
        return _with_headers(_login_page(request, form, refusal.status), refusal)
    return redirect(passthrough_next_redirect_url(request, reverse("account_confirm_login_code"), NEXT))


@login_stage_required(stage=LoginByCodeStage.key, redirect_urlname="account_login")  # type: ignore[untyped-decorator]
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_code(request: HttpRequest) -> HttpResponse:
    """Take the code and log in."""
    process = CodeLogin.resume(request._login_stage)  # type: ignore[attr-defined]  # noqa: SLF001 -- allauth's
    if process is None:
        return redirect(f"{reverse('account_login')}?again=late")
    if request.method != "POST":
        return _code_page(request, process, LoginCodeForm(expected=process.code))
    form = LoginCodeForm(request.POST, expected=process.code)
    if form.is_valid():
        return process.finish(get_next_redirect_url(request))
    if not process.record_invalid_attempt():
        return redirect(f"{reverse('account_login')}?again=wrong")
    return _code_page(request, process, form, HTTPStatus.BAD_REQUEST)


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Speak another language: in this browser, and in the profile of whoever is logged in."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and language in dict(settings.LANGUAGES):
        request.user.language = language
        request.user.save(update_fields=["language", "updated_at"])
    return set_language_cookie(request)


def _login_page(request: HttpRequest, form: EmailForm, status: int = HTTPStatus.OK) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "email_login": settings.EMAIL_LOGIN,
        "google_login": settings.GOOGLE_LOGIN,
        "code_on_page": settings.LOGIN_CODE_ON_PAGE,
        "next": get_next_redirect_url(request) or "",
        "again": request.GET.get("again", ""),
    }
    return render(request, "account/login.html", context, status=status)


def _code_page(
    request: HttpRequest, process: CodeLogin, form: LoginCodeForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "form": form,
        "email": process.state["email"],
        "shown_code": process.code if settings.LOGIN_CODE_ON_PAGE else "",
        "next": get_next_redirect_url(request) or "",
    }
    return render(request, "account/confirm_login_code.html", context, status=status)


def _sentence(refusal: NonzaError) -> str:
    if refusal.retry_after is None:
        return str(refusal.detail or refusal.title)
    minutes = max(1, round(refusal.retry_after / 60))
    when = ngettext("You can go on in a minute.", "You can go on in %(count)s minutes.", minutes)
    return f"{_('Too many tries.')} {when % {'count': minutes}}"


def _with_headers(response: HttpResponse, refusal: NonzaError) -> HttpResponse:
    for name, value in refusal.headers().items():
        response.headers[name] = value
    return response
