"""What the views of sessions share: who asks, and how a session and a place in it are answered."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from identity.authentication import set_guest_cookie
from identity.client_ip import client_ip
from identity.rules import current_actor
from sessions.models import Participant
from sessions.serializers import participant_as_seen, session_as_seen
from sessions.services.limits import limit_participant
from sessions.services.participants import Client, Place, participant_by_id
from sessions.services.places import place_of, standing_at
from sessions.services.sessions import SessionView
from sessions.services.standing import Standing


class SessionAPIView(APIView):
    """A view of sessions; programs need a token that is good for them."""

    token_scope = "sessions"  # noqa: S105 -- a scope's name


class ParticipantAPIView(SessionAPIView):
    """A view for people who have a place in the session."""

    limit: Callable[[Participant], None] | None = staticmethod(limit_participant)
    shows_me = True

    def my_place(self, request: Request, slug: str) -> Participant:
        """Return the asking participant; raises SessionNotFound to strangers, or CredentialRequired."""
        actor, ip = current_actor(request), client_of(request).ip
        participant = place_of(slug=slug, actor=actor, ip=ip, as_seen=self.shows_me)
        if self.limit is not None:
            self.limit(participant)
        return participant

    def my_standing(self, request: Request, slug: str) -> Standing:
        """Return what the asker is to the session; who keeps order in its space needs no place."""
        return standing_at(slug=slug, actor=current_actor(request), ip=client_of(request).ip)


def client_of(request: HttpRequest | Request) -> Client:
    """Return where the request came from."""
    plain = request._request if isinstance(request, Request) else request  # noqa: SLF001 -- client_ip reads Django's request
    return Client(ip=client_ip(plain), user_agent=plain.headers.get("User-Agent", ""))


def as_seen(view: SessionView) -> dict[str, Any]:
    """Return the session on the wire, as one person may see it."""
    me = participant_as_seen(view.me) if view.me else None
    return session_as_seen(view.session, full=view.full, me=me, inside=view.inside)


def place_response(request: Request, place: Place, delivery: str, status: int) -> Response:
    """Answer with a place; the credential goes into a cookie unless a bearer was asked for."""
    me = place.participant
    if not hasattr(me, "in_call"):
        me = participant_by_id(session=place.session, participant_id=me.pk)
    seen = participant_as_seen(me)
    body = {
        "session": session_as_seen(place.session, full=False, me=seen),
        "participant": seen,
        "credential": place.credential if delivery == "bearer" else None,
        "link": request.build_absolute_uri(reverse("session", args=[place.session.slug])),
    }
    response = Response(body, status=status)
    if place.credential and delivery == "cookie":
        set_guest_cookie(response, place.session.slug, place.credential, held=request.COOKIES)
    return response


def checked(shape: type[Any], sent: Any) -> dict[str, Any]:
    """Return what was sent, as this shape takes it; raises ValidationError."""
    form = shape(data=sent)
    form.is_valid(raise_exception=True)
    return dict(form.validated_data)
