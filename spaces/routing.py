"""Sockets of `spaces`."""

from typing import Any, cast

from django.urls import path

from spaces.consumers import SpaceConsumer, UserConsumer

websocket_urlpatterns = [
    path("ws/spaces/<uuid:space_id>/", cast("Any", SpaceConsumer.as_asgi())),
    path("ws/me/", cast("Any", UserConsumer.as_asgi())),
]
