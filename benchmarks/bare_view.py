"""The baselines of `join.py`: bare Django views that make the room and mint the same token.

No middleware, no database, no session. One view has Nonza's own door to LiveKit, whose connection is
kept: what is left is the price of Django, of one call and of one signature. The other one uses LiveKit's
SDK for Python as its documentation shows it, which is asynchronous and connects anew.
"""

import json
import os
from http import HTTPStatus
from uuid import UUID

from django.conf import settings

settings.configure(
    SECRET_KEY="a-key-for-benchmarks-only-0123456789",
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["*"],
    MIDDLEWARE=[],
    INSTALLED_APPS=[],
    USE_TZ=True,
    LIVEKIT_URL=os.environ["NONZA_LIVEKIT_URL"],
    LIVEKIT_API_KEY=os.environ["NONZA_LIVEKIT_API_KEY"],
    LIVEKIT_API_SECRET=os.environ["NONZA_LIVEKIT_API_SECRET"],
    JOIN_TOKEN_SECONDS=90,
    LOGGING_CONFIG=None,
)

from asgiref.sync import async_to_sync  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402 -- it reads the settings above
from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from livekit import api  # noqa: E402

from sessions import livekit  # noqa: E402


def token(request: HttpRequest) -> HttpResponse:
    """Answer {token, identity, expires_at} for the room and the identity that the body names."""
    wanted = json.loads(request.body)
    room = UUID(wanted["room"])
    livekit.make_room(room)
    return _signed(room, wanted["identity"])


def token_by_sdk(request: HttpRequest) -> HttpResponse:
    """Answer the same, the room made by LiveKit's SDK."""
    wanted = json.loads(request.body)
    async_to_sync(_make_room)(wanted["room"])
    return _signed(UUID(wanted["room"]), wanted["identity"])


async def _make_room(name: str) -> None:
    key, secret = settings.LIVEKIT_API_KEY, settings.LIVEKIT_API_SECRET
    async with api.LiveKitAPI(settings.LIVEKIT_URL, key, secret) as client:
        await client.room.create_room(api.CreateRoomRequest(name=name, empty_timeout=300))


def _signed(room: UUID, identity: str) -> HttpResponse:
    signed, expires_at = livekit.join_token(room=room, identity=identity, name="Dana")
    return JsonResponse(
        {"token": signed, "identity": identity, "expires_at": expires_at}, status=HTTPStatus.OK
    )


urlpatterns = [path("token/", token), path("token-by-sdk/", token_by_sdk)]
application = get_wsgi_application()
