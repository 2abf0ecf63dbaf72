"""All sockets, behind the check of their Origin."""

from typing import Any, cast

from channels.routing import URLRouter
from channels.security.websocket import OriginValidator
from django.conf import settings

from sessions.routing import websocket_urlpatterns as session_sockets
from spaces.routing import websocket_urlpatterns as space_sockets

# Without accounts there are neither spaces nor users.
patterns = [*session_sockets, *(space_sockets if settings.ACCOUNTS else [])]
_router = URLRouter(cast("Any", patterns))

sockets = OriginValidator(_router, settings.SOCKET_ORIGINS)
