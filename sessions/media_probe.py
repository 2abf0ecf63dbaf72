"""Looks at the media server as a browser would: joins a room, and asks each place it is told of."""

import asyncio
import contextlib
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

import httpx
from django.conf import settings
from google.protobuf.message import DecodeError
from livekit import api
from livekit.protocol import room as wire
from livekit.protocol import rtc
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import InvalidStatus, WebSocketException

from nonza.doctor.stun import Candidate, Credentials, answers_ice, turn_allocates
from sessions.livekit import ROOM_OF_DOCTOR

PATIENCE = httpx.Timeout(4.0, connect=2.0)
SIGNAL_SECONDS = 11.0
AT_MOST = 12  # places that are asked
# After the server's answer its candidates come at once; who has to ask a STUN server takes a little longer.
CANDIDATE_SECONDS = 2.5
ROOM_SECONDS = 60  # if nobody deletes it, the room is gone after that

# The least that makes a peer connection: one data channel. Nothing is sent over it: any fingerprint does.
_OFFER = """\
v=0
o=- 1 1 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=ice-ufrag:{ufrag}
a=ice-pwd:{password}
a=ice-options:trickle
a=fingerprint:sha-256 {fingerprint}
a=setup:actpass
a=mid:0
a=sctp-port:5000
""".replace("\n", "\r\n")


class ProbeFailed(Exception):
    """The media server could not be looked at; `status` is HTTP's, or 0 where nothing answered."""

    def __init__(self, words: str, status: int = 0) -> None:
        super().__init__(words)
        self.status = status


@dataclass
class Signal:
    """What a browser is told when it joins."""

    version: str
    turn: dict[str, bool]  # each relay's address, and whether it grants one
    stun: list[str]
    candidates: dict[Candidate, bool]  # each place for media, and whether it answers from here


@contextlib.contextmanager
def room_of_our_own() -> Iterator[str]:
    """A room that is nobody's session, deleted at the end; raises ProbeFailed."""
    name = f"{ROOM_OF_DOCTOR}{secrets.token_hex(8)}"
    request = wire.CreateRoomRequest(name=name, empty_timeout=ROOM_SECONDS, departure_timeout=1)
    ask("CreateRoom", request.SerializeToString(), api.VideoGrants(room_create=True))
    try:
        yield name
    finally:
        with contextlib.suppress(ProbeFailed):
            gone = wire.DeleteRoomRequest(room=name)
            ask("DeleteRoom", gone.SerializeToString(), api.VideoGrants(room_create=True))


def ask(method: str, body: bytes, grants: api.VideoGrants) -> httpx.Response:
    """Call LiveKit's room service; raises ProbeFailed for anything but 200."""
    headers = {"Authorization": f"Bearer {_token(grants)}", "Content-Type": "application/protobuf"}
    try:
        answer = httpx.post(
            f"{settings.LIVEKIT_URL.rstrip('/')}/twirp/livekit.RoomService/{method}",
            content=body,
            headers=headers,
            timeout=PATIENCE,
            trust_env=False,
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ProbeFailed(str(error) or type(error).__name__) from error
    if answer.status_code != HTTPStatus.OK:
        raise ProbeFailed(f"{method} was answered with {answer.status_code}", answer.status_code)
    return answer


def clock_offset() -> float | None:
    """Return by how many seconds LiveKit's clock is ahead of ours, roughly; None if it says none."""
    request = wire.ListRoomsRequest()
    answer = ask("ListRooms", request.SerializeToString(), api.VideoGrants(room_list=True))
    return offset_of(answer.headers.get("Date", ""))


def offset_of(date: str) -> float | None:
    """Return by how many seconds an HTTP date is ahead of our clock."""
    try:
        told = parsedate_to_datetime(date)
    except ValueError:
        return None
    # It is cut to whole seconds: on average it is half a second behind.
    return (told - datetime.now(UTC)).total_seconds() + 0.5


def makes_rooms_by_itself() -> bool:
    """Say whether a token for a room that nobody made would open one (`auto_create`)."""
    token = _join_token(f"{ROOM_OF_DOCTOR}{secrets.token_hex(8)}")
    try:
        answer = httpx.get(
            f"{settings.LIVEKIT_URL.rstrip('/')}/rtc/validate",
            params={"access_token": token},
            timeout=PATIENCE,
            trust_env=False,
        )
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ProbeFailed(str(error) or type(error).__name__) from error
    return answer.status_code == HTTPStatus.OK


def signal(room: str, address: str) -> Signal:
    """Join a room at this address as a browser would, and ask each place named; raises ProbeFailed."""
    try:
        return asyncio.run(asyncio.wait_for(_signal(room, address), SIGNAL_SECONDS))
    except (OSError, TimeoutError, WebSocketException, DecodeError, ValueError) as error:
        status = error.response.status_code if isinstance(error, InvalidStatus) else 0
        raise ProbeFailed(str(error) or "no answer in time", status) from error


async def _signal(room: str, address: str) -> Signal:
    query = f"access_token={_join_token(room)}&protocol=15&auto_subscribe=0&sdk=other"
    own_ufrag, own_password = secrets.token_hex(4), secrets.token_hex(16)
    fingerprint = ":".join(f"{byte:02X}" for byte in secrets.token_bytes(32))
    offer = _OFFER.format(ufrag=own_ufrag, password=own_password, fingerprint=fingerprint)
    async with connect(f"{address.rstrip('/')}/rtc?{query}", proxy=None, open_timeout=4) as socket:
        join = (await _next(socket)).join
        await socket.send(
            rtc.SignalRequest(offer=rtc.SessionDescription(type="offer", sdp=offer)).SerializeToString()
        )
        sdp, lines = await _answer_and_candidates(socket)
        credentials = Credentials(_field(sdp, "ice-ufrag"), _field(sdp, "ice-pwd"), own_ufrag)
        found = [one for one in map(Candidate.parse, dict.fromkeys(lines)) if one is not None][:AT_MOST]
        relays = [
            (url, server.username, server.credential)
            for server in join.ice_servers
            for url in server.urls
            if url.startswith("turn")
        ][:AT_MOST]
        # While the socket is open: with it, the server would forget us.
        answers = await asyncio.gather(
            *(asyncio.to_thread(answers_ice, candidate, credentials) for candidate in found),
            *(asyncio.to_thread(turn_allocates, *relay) for relay in relays),
        )
        await socket.send(rtc.SignalRequest(leave=rtc.LeaveRequest()).SerializeToString())
    return Signal(
        version=join.server_info.version or join.server_version,
        turn=dict(zip([url for url, _name, _word in relays], answers[len(found) :], strict=True)),
        stun=[url for server in join.ice_servers for url in server.urls if url.startswith("stun")],
        candidates=dict(zip(found, answers, strict=False)),
    )


async def _answer_and_candidates(socket: ClientConnection) -> tuple[str, list[str]]:
    sdp, lines = "", list[str]()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CANDIDATE_SECONDS) as limit:
            while True:
                news = await _next(socket)
                if news.WhichOneof("message") == "answer":
                    sdp = news.answer.sdp
                    lines += [line for line in sdp.splitlines() if line.startswith("a=candidate:")]
                    limit.reschedule(asyncio.get_running_loop().time() + CANDIDATE_SECONDS)
                elif news.WhichOneof("message") == "trickle" and news.trickle.target == rtc.PUBLISHER:
                    lines.append(json.loads(news.trickle.candidateInit or "{}").get("candidate", ""))
                    if news.trickle.final:  # and is one itself
                        break
    return sdp, lines


async def _next(socket: ClientConnection) -> rtc.SignalResponse:
    frame = await socket.recv(decode=False)
    response = rtc.SignalResponse()
    response.ParseFromString(frame)
    return response


def _field(sdp: str, name: str) -> str:
    return next((line.split(":", 1)[1] for line in sdp.splitlines() if line.startswith(f"a={name}:")), "")


def _join_token(room: str) -> str:
    return _token(api.VideoGrants(room_join=True, room=room, hidden=True, can_publish_data=False))


def _token(grants: api.VideoGrants) -> str:
    return (
        api.AccessToken(settings.LIVEKIT_API_KEY, settings.LIVEKIT_API_SECRET)
        .with_identity(f"doctor-{secrets.token_hex(4)}")
        .with_grants(grants)
        .with_ttl(timedelta(seconds=60))
        .to_jwt()
    )
