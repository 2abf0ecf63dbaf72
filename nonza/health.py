"""Is this process alive, and is it ready for people?"""

from http import HTTPStatus

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from nonza.clocks import skewed_clocks
from nonza.realtime import draining


@require_safe
def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that the process answers; no store is asked."""
    return JsonResponse({"status": "ok"})


@require_safe
def readyz(_request: HttpRequest) -> HttpResponse:
    """Say whether the database and Redis answer; 503 if one does not, or if this process is going to end.

    `clock_skew` names the stores whose clocks are too far from ours. That takes no process out of
    service: if it is the store's clock that is wrong, none would be left.
    """
    parts = {"database": _database_answers(), "redis": _redis_answers()}
    ready = all(parts.values()) and not draining.has_begun()
    body = {"status": "ok" if ready else "not ready", **parts, "clock_skew": skewed_clocks()}
    return JsonResponse(body, status=HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return False
    return True


def _redis_answers() -> bool:
    try:
        return bool(get_redis_connection("default").ping())
    except RedisError:
        return False
