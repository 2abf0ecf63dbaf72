"""All sockets, behind the check of their Origin."""

from typing import Any, cast

from channels.routing import URLRouter
from channels.security.websocket import OriginValidator
from django.conf import settings

from sessions.routing import websocket_urlpatterns as session_sockets

_router = URLRouter(cast("Any", [*session_sockets]))

sockets = OriginValidator(_router, settings.SOCKET_ORIGINS)
