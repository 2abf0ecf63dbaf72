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
ALWAYS_ANSWERED = {"/healthz", "/readyz"}


class _Queue:
    """How long requests have waited for this process, by the moment that the proxy wrote on them.

    The proxy's clock may differ from ours, so the shortest wait of all counts as none.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._least, self._at = float("inf"), 0.0

    def wait(self, mark: str) -> float:
        """Return the seconds that a request marked `t=<seconds since 1970>` has waited; 0 without a mark."""
        try:
            age = time.time() - float(mark.removeprefix("t="))
        except ValueError:
            return 0.0
        now = time.monotonic()
        with self._lock:
            drift = (now - self._at) / 100 if self._at else 0.0  # clocks may part, slowly
            self._least, self._at = min(age, self._least + drift), now
            return age - self._least


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
    waited = _queue.wait(request.headers.get("X-Request-Start", ""))
    return waited > WAIT_SECONDS_AT_MOST and request.path not in ALWAYS_ANSWERED


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
