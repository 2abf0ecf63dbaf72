"""Refusals: one base class, one shape on the wire (RFC 9457, application/problem+json)."""

import logging
import sys
from http import HTTPStatus
from secrets import SystemRandom
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from redis.exceptions import RedisError
from rest_framework import exceptions
from rest_framework.response import Response

logger = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
_random = SystemRandom()
STORE_FAULTS = (OperationalError, InterfaceError, RedisError)


class NonzaError(Exception):
    """A refusal. Subclasses set `code`, `status` and `title`; `detail` says more for this case.

    `retry_after` is in seconds; `errors` is a list of {pointer, code, detail} for single fields.
    """

    code = "internal_error"
    status: int = HTTPStatus.INTERNAL_SERVER_ERROR
    title: str | Promise = _("Something went wrong on our side. Try again in a moment.")

    def __init__(
        self,
        detail: str | Promise = "",
        *,
        retry_after: float | None = None,
        errors: list[dict[str, str]] | None = None,
    ) -> None:
        super().__init__(str(detail) or str(self.title))
        self.detail = detail
        self.retry_after = retry_after
        self.errors = errors or []

    def body(self) -> dict[str, Any]:
        """Return the members of the problem document."""
        body: dict[str, Any] = {
            "type": f"/problems/{self.code}",
            "code": self.code,
            "status": int(self.status),
            "title": str(self.title),
            "detail": str(self.detail),
        }
        if self.errors:
            body["errors"] = self.errors
        if self.retry_after is not None:
            body["retry_after"] = round(self.retry_after, 1)
        return body

    def headers(self) -> dict[str, str]:
        """Return the HTTP headers that belong to the problem."""
        headers = {}
        if self.retry_after is not None:
            headers["Retry-After"] = str(max(1, -int(-self.retry_after // 1)))
        if self.status == HTTPStatus.UNAUTHORIZED:
            headers["WWW-Authenticate"] = "Bearer"
        return headers


class Invalid(NonzaError):
    code = "invalid"
    status = HTTPStatus.BAD_REQUEST
    title = _("Some of this cannot be accepted.")

    @classmethod
    def field(cls, name: str, code: str, detail: str | Promise) -> "Invalid":
        """Return the refusal of one field."""
        return cls(errors=[{"pointer": f"/{name}", "code": code, "detail": str(detail)}])


class Malformed(NonzaError):
    code = "malformed"
    status = HTTPStatus.BAD_REQUEST
    title = _("The request could not be read.")


class TooLarge(NonzaError):
    code = "too_large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    title = _("The request is too large.")


class CredentialRequired(NonzaError):
    code = "credential_required"
    status = HTTPStatus.UNAUTHORIZED
    title = _("Join first.")


class NotAllowed(NonzaError):
    code = "not_allowed"
    status = HTTPStatus.FORBIDDEN
    title = _("You may not do this.")


class CsrfFailed(NonzaError):
    code = "csrf_failed"
    status = HTTPStatus.FORBIDDEN
    title = _("This page is out of date. Load it again.")


class NotFound(NonzaError):
    code = "not_found"
    status = HTTPStatus.NOT_FOUND
    title = _("There is nothing here.")


class MethodNotAllowed(NonzaError):
    code = "method_not_allowed"
    status = HTTPStatus.METHOD_NOT_ALLOWED
    title = _("This address does not do that.")


class NotAcceptable(NonzaError):
    code = "not_acceptable"
    status = HTTPStatus.NOT_ACCEPTABLE
    title = _("This address answers in JSON only.")


class UnsupportedMediaType(NonzaError):
    code = "unsupported_media_type"
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    title = _("Send JSON.")


class RateLimited(NonzaError):
    code = "rate_limited"
    status = HTTPStatus.TOO_MANY_REQUESTS
    title = _("Too many tries.")


class Unavailable(NonzaError):
    code = "unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = _("Nonza cannot do this at the moment. Try again soon.")


# What Django and DRF raise, and what it is for us; the nearest base class counts.
_REFUSALS: dict[type, type[NonzaError]] = {
    Http404: NotFound,
    PermissionDenied: NotAllowed,
    RequestDataTooBig: TooLarge,
    exceptions.ParseError: Malformed,
    exceptions.NotAuthenticated: CredentialRequired,
    exceptions.AuthenticationFailed: CredentialRequired,
    exceptions.PermissionDenied: NotAllowed,
    exceptions.NotFound: NotFound,
    exceptions.MethodNotAllowed: MethodNotAllowed,
    exceptions.NotAcceptable: NotAcceptable,
    exceptions.UnsupportedMediaType: UnsupportedMediaType,
    exceptions.Throttled: RateLimited,
    SuspiciousOperation: Malformed,
}


def problem_response(exc: Exception, _context: dict[str, Any]) -> Response | None:
    """Answer an exception of a view as problem+json; None leaves it to Django (500)."""
    problem = _as_problem(exc)
    if problem is None:
        return None
    return Response(
        problem.body(), status=problem.status, headers=problem.headers(), content_type=CONTENT_TYPE
    )


def problem_page(problem: NonzaError) -> HttpResponse:
    """Answer a refusal from a plain Django view as problem+json."""
    return JsonResponse(
        problem.body(), status=problem.status, headers=problem.headers(), content_type=CONTENT_TYPE
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django itself refuses: a problem below /api/, a page elsewhere."""
    if request.path.startswith("/api/"):
        return problem_page(Malformed())
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an unknown address: a problem below /api/, a page elsewhere."""
    del exception
    if request.path.startswith("/api/"):
        return problem_page(NotFound())
    return render(request, "404.html", status=HTTPStatus.NOT_FOUND)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours, or of a store's: a problem below /api/, a page elsewhere."""
    if isinstance(sys.exc_info()[1], STORE_FAULTS):
        return unavailable(request)
    if request.path.startswith("/api/"):
        return problem_page(NonzaError())
    return render(request, "500.html", status=HTTPStatus.INTERNAL_SERVER_ERROR)


def unavailable(request: HttpRequest) -> HttpResponse:
    """Ask to come back soon: a problem below /api/, elsewhere a page that tries again by itself."""
    problem = Unavailable(retry_after=come_back_after())
    if request.path.startswith("/api/"):
        return problem_page(problem)
    # Only a page that was merely read may be asked for again.
    context = {"again_after": round(problem.retry_after or 0) + 3 if request.method in {"GET", "HEAD"} else 0}
    response = render(request, "503.html", context, status=problem.status)
    for name, value in problem.headers().items():
        response.headers[name] = value
    return response


def come_back_after(least: float = 2.0) -> float:
    """Return the seconds to wait: not the same for everybody, or they would all come back at once."""
    return _random.uniform(least, least + 3)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose CSRF token is missing or stale."""
    logger.info("CSRF refused: %s", reason)
    return render(request, "403_csrf.html", status=HTTPStatus.FORBIDDEN)


def _as_problem(exc: Exception) -> NonzaError | None:
    if isinstance(exc, NonzaError):
        return exc
    if isinstance(exc, exceptions.ValidationError):
        return Invalid(errors=_field_errors(exc.get_full_details()))
    if isinstance(exc, STORE_FAULTS):
        logger.error("A store does not answer: %s", exc)
        return Unavailable(retry_after=come_back_after())
    refusal = next((_REFUSALS[kind] for kind in type(exc).__mro__ if kind in _REFUSALS), None)
    return refusal() if refusal else None


def _field_errors(details: Any, pointer: str = "") -> list[dict[str, str]]:
    """Flatten DRF's nested details ({field: [{message, code}]}) into pointers (RFC 6901)."""
    if isinstance(details, dict) and "message" in details and "code" in details:
        return [{"pointer": pointer, "code": details["code"], "detail": str(details["message"])}]
    if isinstance(details, dict):
        found = [_field_errors(value, f"{pointer}/{name}") for name, value in details.items()]
    else:
        found = [_field_errors(value, pointer) for value in details]
    return [error for errors in found for error in errors]
