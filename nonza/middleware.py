"""Headers that every answer carries unless its view said otherwise."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import sync_and_async_middleware

Answer = Callable[[HttpRequest], HttpResponse]


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
