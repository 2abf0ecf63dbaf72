"""What happens to every request: too late ones are refused, and every answer carries certain headers."""

import threading
import time
from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

from nonza.errors import unavailable

Answer = Callable[[HttpRequest], HttpResponse]

WAIT_SECONDS_AT_MOST = 3.0
WINDOW_SECONDS = 30.0
CLOCKS_APART_AT_MOST = 3600.0
LATE_IN_A_ROW_AT_MOST = 50
ALWAYS_ANSWERED = {"/healthz", "/readyz"}


class _Queue:
    """How long requests have waited for this process, by the moment that the proxy wrote on them.

    The proxy's clock may differ from ours, so the shortest wait of the last minute counts as none. If
    its clock steps, everybody seems late at once; a real queue does not: who is refused in it is
    answered so fast that the next ones are on time again.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._least = self._least_before = float("inf")
        self._since = time.monotonic()
        self._late_in_a_row = 0

    def is_late(self, mark: str) -> bool:
        """Say whether a request marked `t=<seconds since 1970>` has waited too long; False without a mark."""
        try:
            age = time.time() - float(mark.removeprefix("t="))
        except ValueError:
            return False
        if not abs(age) < CLOCKS_APART_AT_MOST:  # no clock of ours, or no number at all
            return False
        with self._lock:
            self._turn_over()
            self._least = min(age, self._least)
            if age - min(self._least, self._least_before) <= WAIT_SECONDS_AT_MOST:
                self._late_in_a_row = 0
                return False
            self._late_in_a_row += 1
            if self._late_in_a_row > LATE_IN_A_ROW_AT_MOST:
                self._least = self._least_before = age
                self._late_in_a_row = 0
            return True

    def _turn_over(self) -> None:
        now = time.monotonic()
        if now - self._since > WINDOW_SECONDS:
            self._least, self._least_before, self._since = float("inf"), self._least, now


_queue = _Queue()


@sync_and_async_middleware
def refuse_late(get_response: Callable) -> Callable:
    """Refuse what has waited so long that its sender has given up: then whoever asks now is served."""
    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> HttpResponse:
            return unavailable(request) if _is_late(request) else await _awaited(get_response(request))

        markcoroutinefunction(answer_async)
        return answer_async

    def answer(request: HttpRequest) -> HttpResponse:
        return unavailable(request) if _is_late(request) else get_response(request)

    return answer


def _is_late(request: HttpRequest) -> bool:
    if settings.TRUSTED_PROXIES == 0 or request.path in ALWAYS_ANSWERED:  # then anybody could write the mark
        return False
    return _queue.is_late(request.headers.get("X-Request-Start", ""))


@sync_and_async_middleware
def private_by_default(get_response: Callable) -> Callable:
    """Forbid shared caches to keep an answer, and name the devices our pages may use."""
    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> HttpResponse:
            return _with_headers(await _awaited(get_response(request)))

        markcoroutinefunction(answer_async)
        return answer_async

    def answer(request: HttpRequest) -> HttpResponse:
        return _with_headers(get_response(request))

    return answer


async def _awaited(response: Awaitable[HttpResponse]) -> HttpResponse:
    return await response


def _with_headers(response: HttpResponse) -> HttpResponse:
    response.headers.setdefault("Cache-Control", "no-store, private")
    response.headers.setdefault("Permissions-Policy", settings.PERMISSIONS_POLICY)
    return response
