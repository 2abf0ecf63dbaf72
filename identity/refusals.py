"""Who was asked to come back later is refused until then without another look: so a flood costs little."""

import hashlib
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from http import HTTPStatus
from typing import NamedTuple

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

from identity.client_ip import client_ip

REMEMBERED_AT_MOST = 10_000


class _Refusal(NamedTuple):
    """What was answered, and until when (monotonic seconds) it stands."""

    content: bytes
    content_type: str
    until: float


class Refusals:
    """The refusals of this process that still stand; of too many the oldest are forgotten."""

    def __init__(self) -> None:
        self._standing: OrderedDict[bytes, _Refusal] = OrderedDict()
        self._lock = threading.Lock()

    def answer(self, request: HttpRequest) -> HttpResponse | None:
        """Return the refusal of the same request of the same sender, while it stands."""
        key = _key(request)
        with self._lock:
            refusal = self._standing.get(key)
            if refusal is None:
                return None
            left = refusal.until - time.monotonic()
            if left <= 0:
                del self._standing[key]
                return None
        answer = HttpResponse(
            refusal.content, status=HTTPStatus.TOO_MANY_REQUESTS, content_type=refusal.content_type
        )
        answer["Retry-After"] = str(math.ceil(left))
        return answer

    def note(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Remember a refusal that says for how long it stands."""
        seconds = response.headers.get("Retry-After", "")
        if response.status_code == HTTPStatus.TOO_MANY_REQUESTS and seconds.isdecimal():
            until = time.monotonic() + int(seconds)
            refusal = _Refusal(response.content, response.headers["Content-Type"], until)
            with self._lock:
                self._standing[_key(request)] = refusal
                while len(self._standing) > REMEMBERED_AT_MOST:
                    self._standing.popitem(last=False)
        return response

    def forget(self) -> None:
        """Refuse nobody without a look."""
        with self._lock:
            self._standing.clear()


refusals = Refusals()


@sync_and_async_middleware
def refuse_again(get_response: Callable) -> Callable:
    """Answer who asks again too soon before anything else is done for them."""
    if iscoroutinefunction(get_response):

        async def answer_async(request: HttpRequest) -> HttpResponse:
            refusal = refusals.answer(request)
            return refusal or refusals.note(request, await get_response(request))

        markcoroutinefunction(answer_async)
        return answer_async

    def answer(request: HttpRequest) -> HttpResponse:
        return refusals.answer(request) or refusals.note(request, get_response(request))

    return answer


def _key(request: HttpRequest) -> bytes:
    """Return what the sender and the request are known by; nothing of it is kept as it is."""
    headers = request.headers
    shown = (headers.get("Authorization", ""), headers.get("Cookie", ""))
    parts = (client_ip(request), request.method or "", request.path, *shown)
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=16).digest()
