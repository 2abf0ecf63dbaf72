"""How a request shows who sends it: login session, a guest's cookie, or a bearer."""

from collections.abc import Mapping
from http.cookies import CookieError
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, CSRFCheck
from rest_framework.request import Request

from identity.client_ip import client_ip
from identity.errors import TokenScopeMissing
from identity.models import ApiToken, User
from identity.rules import GuestCredential
from identity.services.guests import guest_cookie_name, shown_credential
from identity.services.tokens import PREFIX as TOKEN_PREFIX
from identity.services.tokens import token_of_key
from nonza.errors import CsrfFailed

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
GUEST_COOKIE_SECONDS = 7 * 24 * 3600
GUEST_COOKIES_AT_MOST = 30


class ActorAuthentication(BaseAuthentication):
    """`request.user` is the user or AnonymousUser; `request.auth` is the guest's credential or None.

    A guest's credential is bound to one session, so the cookie is looked up by the address's slug.
    Whoever shows a cookie must show the CSRF token on unsafe methods; a bearer need not.
    """

    def authenticate(self, request: Request) -> tuple[User | AnonymousUser, GuestCredential | None]:
        """Return who asks; raises CsrfFailed. A guest's credential is proved where it is used."""
        plain = request._request  # noqa: SLF001 -- DRF offers no other way to Django's own user
        bearer = _bearer(request)
        if bearer is not None and bearer.startswith(TOKEN_PREFIX) and settings.ACCOUNTS:
            return self._user_of_token(request, bearer), None
        if bearer is not None:
            return AnonymousUser(), shown_credential(bearer, is_bearer=True, ip=client_ip(plain))
        user = cast("User | AnonymousUser", getattr(plain, "user", AnonymousUser()))
        if not user.is_active or not settings.ACCOUNTS:
            user = AnonymousUser()
        guest = guest_of_cookie(plain, _scope(request))
        if user.is_authenticated or guest is not None:
            _enforce_csrf(plain)
        return user, guest

    def _user_of_token(self, request: Request, key: str) -> User:
        """Return whose API token it is; raises TokenScopeMissing if it does not open this view.

        A view says which scope it takes (`token_scope`), and takes none by itself. The scope `read` opens
        the safe methods of every view that takes one, and no other method.
        """
        token = token_of_key(key, ip=client_ip(request._request))  # noqa: SLF001 -- as above
        scope = getattr(request.parser_context["view"], "token_scope", None)
        wanted = {scope} - {None, ApiToken.Scope.READ}
        if scope is not None and request.method in SAFE_METHODS:
            wanted.add(ApiToken.Scope.READ)
        if not wanted & set(token.scopes):
            raise TokenScopeMissing(needed(scope))
        return token.user

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme in 401 answers."""
        del request
        return "Bearer"


class ActorScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """Describe the ways in OpenAPI."""

    target_class = "identity.authentication.ActorAuthentication"
    name = ["login", "guestBearer", "apiToken"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        """Return the OpenAPI security schemes."""
        del auto_schema
        return [
            {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME},
            {"type": "http", "scheme": "bearer", "description": "A guest's credential of one session."},
            {
                "type": "http",
                "scheme": "bearer",
                "description": "A personal API token (`nzp_…`). Its scope is `sessions` or `spaces`, as "
                "`x-token-scope` of the operation says; for reading, `read` will do.",
            },
        ]


def needed(scope: str | None) -> str:
    """Return the words for a program's author: which scope the operation wants."""
    if scope is None:
        return gettext("API tokens do not open this address.")
    return gettext("It takes the scope “%(scope)s”.") % {"scope": scope}


def guest_of_cookie(request: HttpRequest, scope: str) -> GuestCredential | None:
    """Return the guest's credential that the browser sent for this scope (a session's slug)."""
    credential = request.COOKIES.get(guest_cookie_name(scope)) if scope else None
    return shown_credential(credential, ip=client_ip(request)) if credential else None


def set_guest_cookie(response: HttpResponse, scope: str, credential: str, *, held: Mapping[str, str]) -> None:
    """Hand the credential to the browser, out of reach of scripts.

    `held` are the cookies that it sent, the oldest first; too many would outgrow a request's header.
    """
    others = [name for name in held if name.startswith(guest_cookie_name(""))]
    for oldest in others[: max(0, len(others) - GUEST_COOKIES_AT_MOST + 1)]:
        response.delete_cookie(oldest)
    response.set_cookie(
        guest_cookie_name(scope),
        credential,
        max_age=GUEST_COOKIE_SECONDS,
        secure=settings.SECURE_SITE,
        httponly=True,
        samesite="Lax",
    )


def _scope(request: Request) -> str:
    """The slug is in the address, or (for `tickets/`) in the address of the socket asked for."""
    context = request.parser_context
    view = context["view"]
    find = getattr(view, "guest_scope", None)
    return str(find(request) if find else context["kwargs"].get("slug", ""))


def _bearer(request: Request) -> str | None:
    kind, _, credential = request.headers.get("Authorization", "").partition(" ")
    return credential.strip() if kind.lower() == "bearer" else None


def _enforce_csrf(request: HttpRequest) -> None:
    def passed(_request: HttpRequest) -> HttpResponse:
        raise CookieError  # never called: the check answers before

    check = CSRFCheck(passed)
    check.process_request(request)
    if check.process_view(request, passed, (), {}):
        raise CsrfFailed
