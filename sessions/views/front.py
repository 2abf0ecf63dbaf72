"""The front page, and the page of a session."""

from functools import partial
from http import HTTPStatus
from typing import Any, cast

from csp.constants import WASM_UNSAFE_EVAL
from csp.decorators import csp_update
from django.apps import apps
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_safe

from identity.authentication import guest_of_cookie, set_guest_cookie
from identity.models import User
from identity.rules import Actor
from nonza.blur import model_address
from nonza.errors import NonzaError
from sessions.api.places import as_seen, client_of
from sessions.forms import CodeForm, StartForm, new_idempotency_key, with_problems
from sessions.models import Participant, Session
from sessions.services.sessions import SessionView, create_session, read_session
from sessions.services.standing import refusal_of_end
from spaces.services.spaces import active_space_of


@ensure_csrf_cookie
@require_http_methods(["GET", "HEAD", "POST"])
def front(request: HttpRequest) -> HttpResponse:
    """Show the front page, or start a session and go to its gate; who is logged in goes to their space."""
    if request.method != "POST":
        if settings.ACCOUNTS and isinstance(request.user, User):
            space = active_space_of(request.user)
            return redirect("space", space.pk) if space else redirect("welcome")
        return _front_page(request, StartForm(), CodeForm())
    form = StartForm(request.POST)
    if not form.is_valid():
        return _front_page(request, form, CodeForm(), HTTPStatus.BAD_REQUEST)
    try:
        place = create_session(
            actor=_actor(request, ""),
            display_name=form.cleaned_data["display_name"],
            fields={},
            idempotency_key=form.cleaned_data["idempotency_key"],
            client=client_of(request),
        )
    except NonzaError as refusal:
        form = with_problems(form, refusal.errors, _sentence(refusal))  # type: ignore[assignment]
        response = _front_page(request, form, CodeForm(), refusal.status)
        return _with_headers(response, refusal)
    response = redirect("session", slug=place.session.slug)
    if place.credential:
        set_guest_cookie(response, place.session.slug, place.credential, held=request.COOKIES)
    return response


@require_safe
def join_by_code(request: HttpRequest) -> HttpResponse:
    """Go to the session of a code or link."""
    form = CodeForm(request.GET)
    if not form.is_valid():
        return _front_page(request, StartForm(), form, HTTPStatus.BAD_REQUEST)
    return redirect("session", slug=form.cleaned_data["code"])


@ensure_csrf_cookie
@require_safe
def session_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a session: gate, call and end pages are one page that React draws."""
    blur = model_address()
    if blur is None:
        return _session_page(request, slug, blur)
    # Blur runs as WebAssembly, which a strict policy forbids everywhere else.
    allow = csp_update({"script-src": [WASM_UNSAFE_EVAL]})
    return cast("HttpResponse", allow(partial(_session_page, slug=slug, blur=blur))(request))


def _session_page(request: HttpRequest, slug: str, blur: str | None) -> HttpResponse:
    actor = _actor(request, slug)
    view, problem = None, None
    try:
        view = read_session(slug=slug, actor=actor, ip=client_of(request).ip)
        problem = _over(view)
    except NonzaError as refusal:
        problem = refusal
    status = HTTPStatus.OK if view or problem is None else problem.status
    config = {**_config(request, slug, view, problem), "blur_model": blur}
    context = {"config": config, "title": view.session.title if view else ""}
    response = render(request, "sessions/session.html", context, status=status)
    # The link is the key of the door: it goes to no other site.
    response.headers["Referrer-Policy"] = "same-origin"
    return _with_headers(response, problem) if problem else response


@require_safe
def call_redirect(request: HttpRequest, slug: str) -> HttpResponse:
    """Lead old links of the form /call/… to the session."""
    del request
    return redirect("session", slug=slug, permanent=True)


def _front_page(
    request: HttpRequest, form: StartForm, code_form: CodeForm, status: int = HTTPStatus.OK
) -> HttpResponse:
    context = {
        "form": form,
        "code_form": code_form,
        "idempotency_key": new_idempotency_key(),
        "anonymous_sessions": settings.ANONYMOUS_SESSIONS or _actor(request, "").user is not None,
    }
    return render(request, "sessions/front.html", context, status=status)


def _config(
    request: HttpRequest, slug: str, view: SessionView | None, problem: NonzaError | None
) -> dict[str, Any]:
    me = view.me if view else None
    name = me.display_name if me else getattr(request.user, "called", "")
    return {
        "language": (get_language() or settings.LANGUAGE_CODE)[:2],
        "slug": slug,
        "link": request.build_absolute_uri(reverse("session", args=[slug])),
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "api": "/api/v1/",
        "display_name": name,
        "session": as_seen(view) if view else None,
        "problem": problem.body() if problem else None,
        "media_available": bool(settings.LIVEKIT_API_SECRET),
        "chat": apps.is_installed("chat"),
    }


def _over(view: SessionView) -> NonzaError | None:
    """Return the refusal that whoever has a place in a session that is over should read."""
    session, me = view.session, view.me
    is_inside = me is not None and me.state == Participant.State.ADMITTED
    if session.status == Session.Status.ACTIVE and is_inside:
        return None
    return refusal_of_end(session)


def _actor(request: HttpRequest, slug: str) -> Actor:
    known = settings.ACCOUNTS and isinstance(request.user, User) and request.user.is_active
    user = request.user if known else None
    return Actor(user=cast("User | None", user), guest=guest_of_cookie(request, slug))


def _sentence(refusal: NonzaError) -> str:
    return str(refusal.detail or refusal.title)


def _with_headers(response: HttpResponse, refusal: NonzaError) -> HttpResponse:
    for name, value in refusal.headers().items():
        response.headers[name] = value
    return response
