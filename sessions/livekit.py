"""The one door to LiveKit: Nonza's verbs and types on this side, its SDK and its wire on the other."""

import functools
import logging
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

import httpx
from django.conf import settings
from google.protobuf.message import DecodeError, Message
from livekit import api
from livekit.protocol import models as wire_models
from livekit.protocol import room as wire
from livekit.protocol.webhook import WebhookEvent

from nonza.breaker import Breaker
from sessions.errors import LiveKitUnavailable, WebhookForged

logger = logging.getLogger(__name__)

# Together below the 3 s within which a person hears that calls are not available; a name may stand
# for two addresses, and each may be waited for.
TIMEOUT = httpx.Timeout(1.2, connect=0.7, pool=0.3)
PIECES_SECONDS = 1.5  # after this no further piece of an answer is waited for
SILENCE_SECONDS = 3  # so long a LiveKit that does not answer is not asked again
API_TOKEN_SECONDS = 60
OURS = "nonza"  # a room's metadata: others may use the same server
ROOM_OF_DOCTOR = "doctor-"  # begins the names of rooms in which `manage.py doctor` tries things
EMPTY_ROOM_SECONDS = 300
DEPARTURE_SECONDS = 20
WEBHOOK_BYTES = 256 * 1024
WEBHOOK_MINUTES = 10
PUBLISH_SOURCES = ["camera", "microphone", "screen_share", "screen_share_audio"]

Answer = TypeVar("Answer", bound=Message)
_breaker = Breaker(seconds=SILENCE_SECONDS)


class NoSuchRoom(Exception):
    """LiveKit does not know this room or this identity."""


class EventKind(StrEnum):
    """The news that Nonza acts on."""

    JOINED = "participant_joined"
    LEFT = "participant_left"
    ABORTED = "participant_connection_aborted"
    ROOM_FINISHED = "room_finished"
    SCREEN_SHARED = "track_published"  # other tracks are of no interest
    SCREEN_WITHDRAWN = "track_unpublished"
    OTHER = "other"


_OF_TRACKS = (EventKind.SCREEN_SHARED, EventKind.SCREEN_WITHDRAWN)


@dataclass(frozen=True)
class LiveKitEvent:
    """One webhook: `room` is a session's id as LiveKit wrote it, `identity` and `sid` a connection's.

    `track` is the shared screen's id, and empty in other news.
    """

    id: str
    kind: EventKind
    room: str
    identity: str
    sid: str
    at: datetime
    track: str = ""


@dataclass(frozen=True)
class Presence:
    """Somebody whom LiveKit has in a room, and the tracks of the screens they share."""

    identity: str
    sid: str
    joined_at: datetime
    screens: frozenset[str] = frozenset()


def join_token(*, room: UUID, identity: str, name: str) -> tuple[str, datetime]:
    """Return a token (JWT) for one join of one room, with the least grants, and when it expires."""
    lifetime = timedelta(seconds=settings.JOIN_TOKEN_SECONDS)
    grants = api.VideoGrants(
        room_join=True,
        room=str(room),
        can_publish=True,
        can_subscribe=True,
        can_publish_data=False,
        can_publish_sources=PUBLISH_SOURCES,
        can_update_own_metadata=False,
    )
    token = (
        api.AccessToken(settings.LIVEKIT_API_KEY, settings.LIVEKIT_API_SECRET)
        .with_identity(identity)
        .with_name(name)
        .with_grants(grants)
        .with_ttl(lifetime)
    )
    return token.to_jwt(), datetime.now(UTC) + lifetime


def make_room(room: UUID) -> None:
    """Make the room, or do nothing if it is there; raises LiveKitUnavailable."""
    request = wire.CreateRoomRequest(
        name=str(room),
        empty_timeout=EMPTY_ROOM_SECONDS,
        departure_timeout=DEPARTURE_SECONDS,
        metadata=OURS,
    )
    _call("CreateRoom", request, wire_models.Room(), api.VideoGrants(room_create=True))


def close_room(room: UUID) -> None:
    """Send everybody out and delete the room; an unknown room is closed already."""
    try:
        _call(
            "DeleteRoom",
            wire.DeleteRoomRequest(room=str(room)),
            wire.DeleteRoomResponse(),
            api.VideoGrants(room_create=True),
        )
    except NoSuchRoom:
        return


def remove(*, room: UUID, identity: str) -> None:
    """Disconnect one identity; one that is not there is removed already."""
    try:
        _call(
            "RemoveParticipant",
            wire.RoomParticipantIdentity(room=str(room), identity=identity),
            wire.RemoveParticipantResponse(),
            api.VideoGrants(room_admin=True, room=str(room)),
        )
    except NoSuchRoom:
        return


def rooms() -> list[UUID]:
    """Return the sessions that have a room, deleted ones too; rooms that others made are left out."""
    answer = _call(
        "ListRooms", wire.ListRoomsRequest(), wire.ListRoomsResponse(), api.VideoGrants(room_list=True)
    )
    return list(_session_ids(answer))


def people(room: UUID) -> list[Presence]:
    """Return the identities in a room; an unknown room has nobody in it."""
    try:
        answer = _call(
            "ListParticipants",
            wire.ListParticipantsRequest(room=str(room)),
            wire.ListParticipantsResponse(),
            api.VideoGrants(room_admin=True, room=str(room)),
        )
    except NoSuchRoom:
        return []
    return [
        Presence(person.identity, person.sid, _moment(person.joined_at), _screens(person))
        for person in answer.participants
        if person.state != wire_models.ParticipantInfo.DISCONNECTED
    ]


def read_webhook(body: bytes, authorization: str) -> LiveKitEvent:
    """Verify and read a webhook; raises WebhookForged. The header is the bare JWT, without Bearer."""
    try:
        verifier = api.TokenVerifier(settings.LIVEKIT_API_KEY, settings.LIVEKIT_API_SECRET)
        event = api.WebhookReceiver(verifier).receive(body.decode(), authorization)
    except Exception as error:  # the SDK raises bare Exception and whatever PyJWT raises
        logger.info("A webhook was refused: %s", error)
        raise WebhookForged from error
    at = _moment(event.created_at)
    if abs(datetime.now(UTC) - at) > timedelta(minutes=WEBHOOK_MINUTES) or not event.id:
        raise WebhookForged
    return _event(event, at)


def _event(event: WebhookEvent, at: datetime) -> LiveKitEvent:
    kind = EventKind(event.event) if event.event in set(EventKind) else EventKind.OTHER
    if kind in _OF_TRACKS and event.track.source != wire_models.SCREEN_SHARE:
        kind = EventKind.OTHER
    person = event.participant
    if kind is EventKind.OTHER:
        logger.debug("LiveKit tells of %s", event.event)
    track = event.track.sid if kind in _OF_TRACKS else ""
    return LiveKitEvent(event.id, kind, event.room.name, person.identity, person.sid, at, track)


def _screens(person: wire_models.ParticipantInfo) -> frozenset[str]:
    return frozenset(track.sid for track in person.tracks if track.source == wire_models.SCREEN_SHARE)


def _session_ids(answer: wire.ListRoomsResponse) -> Iterator[UUID]:
    return (UUID(room.name) for room in answer.rooms if room.metadata == OURS)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _call(method: str, request: Message, answer: Answer, grants: Any) -> Answer:
    """Speak Twirp (protobuf over HTTP) with LiveKit's room service, bounded in time."""
    if not _breaker.may_try():
        raise LiveKitUnavailable(f"{method}: it did not answer a moment ago")
    try:
        status, content = _post(method, request.SerializeToString(), grants)
        _breaker.note_answer()
        if status == httpx.codes.NOT_FOUND and b"not_found" in content:
            raise NoSuchRoom
        if status != httpx.codes.OK:
            raise httpx.HTTPError(f"status {status}")  # noqa: TRY301 -- one way out for all that is no answer
        answer.ParseFromString(content)
    except (httpx.HTTPError, DecodeError) as error:
        if isinstance(error, httpx.TransportError):
            _breaker.note_silence()
        message = f"{method}: {error or type(error).__name__}"
        logger.warning("LiveKit does not answer %s", message)
        raise LiveKitUnavailable(message) from error
    return answer


def _post(method: str, body: bytes, grants: Any) -> tuple[int, bytes]:
    token = (
        api.AccessToken(settings.LIVEKIT_API_KEY, settings.LIVEKIT_API_SECRET)
        .with_grants(grants)
        .with_ttl(timedelta(seconds=API_TOKEN_SECONDS))
        .to_jwt()
    )
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/protobuf"}
    path = f"/twirp/livekit.RoomService/{method}"
    pieces, deadline = [], time.monotonic() + PIECES_SECONDS
    with _client().stream("POST", path, content=body, headers=headers) as response:
        for piece in response.iter_bytes():
            pieces.append(piece)
            if time.monotonic() > deadline:
                raise httpx.ReadTimeout("it answers too slowly")
    return response.status_code, b"".join(pieces)


@functools.cache
def _client() -> httpx.Client:
    """Return this process's client, made lazily (and so after a fork), with its kept connections.

    Not one for each thread: an ASGI server gives every request a thread of its own, and making a
    client takes a tenth of a second.
    """
    return httpx.Client(base_url=settings.LIVEKIT_URL, timeout=TIMEOUT, trust_env=False)
