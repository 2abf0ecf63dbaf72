"""The baseline of `join.py`: a bare Django view that makes the room and mints the same token.

No middleware, no database, no session, no Nonza but its door to LiveKit: what is left is the price of
Django itself, of one call of LiveKit's API over a kept connection, and of one signature.
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

from django.core.wsgi import get_wsgi_application  # noqa: E402 -- it reads the settings above
from django.http import HttpRequest, HttpResponse, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402

from sessions import livekit  # noqa: E402


def token(request: HttpRequest) -> HttpResponse:
    """Answer {token, identity, expires_at} for the room and the identity that the body names."""
    wanted = json.loads(request.body)
    room = UUID(wanted["room"])
    livekit.make_room(room)
    signed, expires_at = livekit.join_token(room=room, identity=wanted["identity"], name="Dana")
    return JsonResponse(
        {"token": signed, "identity": wanted["identity"], "expires_at": expires_at}, status=HTTPStatus.OK
    )


urlpatterns = [path("token/", token)]
application = get_wsgi_application()
