"""What all pages of logged-in people share: who may see them, and how a refusal looks."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods

from identity.models import User
from nonza.blur import allow_blur
from nonza.errors import CredentialRequired, NonzaError

Parameters = ParamSpec("Parameters")
View = Callable[Concatenate[HttpRequest, User, Parameters], HttpResponse]
Page = Callable[Concatenate[HttpRequest, Parameters], HttpResponse]
PER_PAGE = 30


class SeeOther(HttpResponseRedirect):
    """Where to look after a form has done its work; the browser asks with GET."""

    status_code = HTTPStatus.SEE_OTHER


def for_users(view: View[Parameters]) -> Page[Parameters]:
    """Let logged-in people see a page, lead others to the login, and show refusals as pages."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Parameters.args, **options: Parameters.kwargs) -> HttpResponse:
        if not settings.ACCOUNTS:
            raise Http404
        if not isinstance(request.user, User):
            return redirect_to_login(request.get_full_path())
        try:
            return view(request, request.user, *args, **options)
        except CredentialRequired:
            return redirect_to_login(request.get_full_path())
        except NonzaError as refusal:
            return refusal_page(request, refusal)

    return require_http_methods(["GET", "HEAD", "POST"])(ensure_csrf_cookie(allow_blur(answer)))


def refusal_page(request: HttpRequest, refusal: NonzaError) -> HttpResponse:
    """Answer what may not be, or is not there."""
    if refusal.status == HTTPStatus.NOT_FOUND:
        return with_headers(render(request, "404.html", status=refusal.status), refusal)
    context = {"sentence": sentence(refusal)}
    return with_headers(render(request, "spaces/refused.html", context, status=refusal.status), refusal)


def with_headers(response: HttpResponse, refusal: NonzaError) -> HttpResponse:
    """Return the response with what the refusal says in headers."""
    for name, value in refusal.headers().items():
        response.headers[name] = value
    return response


def sentence(refusal: NonzaError) -> str:
    """Return what a person reads about it."""
    first = refusal.errors[0]["detail"] if refusal.errors else ""
    return str(refusal.detail or first or refusal.title)


def done(request: HttpRequest, words: Any, where: str) -> HttpResponse:
    """Lead on, and say in a toast what has been done."""
    messages.success(request, str(words))
    return SeeOther(where)


def page_number(request: HttpRequest) -> int:
    """Return the page of a list that is asked for, from 1 on."""
    asked = request.GET.get("page", "1")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 6 else 1  # noqa: PLR2004 -- no deeper


def slice_of(rows: Any, number: int) -> tuple[list[Any], dict[str, int | None]]:
    """Return one page of a list, and the numbers of those before and after it; nothing is counted."""
    start = (number - 1) * PER_PAGE
    found = list(rows[start : start + PER_PAGE + 1])
    after = number + 1 if len(found) > PER_PAGE else None
    return found[:PER_PAGE], {"before": number - 1 or None, "after": after}
