"""Sockets of `sessions`."""

from typing import Any, cast

from django.urls import path

from sessions.consumers import SessionConsumer

websocket_urlpatterns = [
    path("ws/sessions/<str:slug>/", cast("Any", SessionConsumer.as_asgi())),
]
