"""A LiveKit at the wire that misbehaves on command: its room service, its `/rtc` door and its webhooks.

It answers as livekit-server 1.13.5 does (`test_wire_livekit.py` asks both the same questions), with
`auto_create: false`. Media there is none: who has been let in at `/rtc` counts as connected at once,
and a socket that closes is a person who has left.
"""

import asyncio
import itertools
import secrets
import threading
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Self

from aiohttp import web
from google.protobuf import json_format
from google.protobuf.message import Message
from livekit import api
from livekit.protocol import models, room, rtc
from livekit.protocol.webhook import WebhookEvent

from tests.faults.wire_news import WAITS, News
from tests.faults.wire_rooms import Inside, Refused, Room, TwirpError, allow

ROOMS = "/twirp/livekit.RoomService/"
SECONDS_TO_ACT = 10
EMPTY_SECONDS, DEPARTURE_SECONDS = 300, 20


class WireLiveKit:
    """The fake server, in a thread of its own. Its public methods may be called from any thread."""

    def __init__(
        self,
        *,
        key: str,
        secret: str,
        webhook: str = "http://127.0.0.1:1/",
        waits: tuple[float, ...] = WAITS,
        port: int = 0,
    ) -> None:
        self.news = News(webhook, key, secret, waits=waits)
        self.calls: Counter[str] = Counter()
        self.waiting = 0  # requests that hang
        self.removed: list[str] = []  # identities, each time that one was sent away
        self.finished: list[str] = []  # rooms, each time that one was closed
        self.port = port
        self._key, self._secret = key, secret
        self._rooms: dict[str, Room] = {}
        self._numbers = itertools.count(1)
        self._status = 0  # what everything is answered with, if anything
        self._delay = 0.0
        self._free = asyncio.Event()  # unset: requests hang
        self._may_answer = asyncio.Event()  # unset: they take effect and are not answered
        self._runner: web.AppRunner | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="wire-livekit", daemon=True)

    # Life ---------------------------------------------------------------

    def __enter__(self) -> Self:
        self._thread.start()
        self._act(self._open)
        return self

    def __exit__(self, *_error: object) -> None:
        self._act(self._end)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    # Switches -----------------------------------------------------------

    def work(self) -> None:
        """End all misbehaviour."""
        self._act(self._work)

    def refuse(self) -> None:
        """Accept no connection, and cut those there are; rooms stay."""
        self._act(self._close)

    def hang(self) -> None:
        """Accept connections and requests, and answer none."""
        self._loop.call_soon_threadsafe(self._free.clear)

    def keep_silent(self) -> None:
        """Do what is asked, and answer nothing."""
        self._loop.call_soon_threadsafe(self._may_answer.clear)

    def answer(self, status: int) -> None:
        """Answer everything with this status."""
        self._status = status

    def slow_down(self, seconds: float) -> None:
        """Answer everything that much later."""
        self._delay = seconds

    def forget(self) -> None:
        """Be killed and started again: no room is left, nobody is in one, and no webhook says so."""
        self._act(self._forget)

    # Truth --------------------------------------------------------------

    def rooms(self) -> list[str]:
        return self._act(self._in_loop(lambda: list(self._rooms)))

    def people(self, name: object) -> dict[str, str]:
        """Return who is in a room: the sid of each identity."""
        return self._act(self._in_loop(lambda: self._people(str(name))))

    # What people do -----------------------------------------------------

    def join(self, token: str) -> models.ParticipantInfo:
        """Come in with a token; raises Refused as `/rtc` would."""

        async def come_in() -> models.ParticipantInfo:
            return (await self._come_in(token)).info

        return self._act(come_in)

    def leave(self, identity: str) -> None:
        """Be gone from whatever room this identity is in."""
        self._act(self._in_loop(lambda: self._leave(identity)))

    def publish(self, identity: str, source: str = "MICROPHONE") -> None:
        self._act(self._in_loop(lambda: self._publish(identity, source)))

    # The loop's side ----------------------------------------------------

    def _act(self, work: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        return asyncio.run_coroutine_threadsafe(work(), self._loop).result(SECONDS_TO_ACT)

    @staticmethod
    def _in_loop(work: Callable[[], Any]) -> Callable[[], Coroutine[Any, Any, Any]]:
        async def run() -> Any:
            return work()

        return run

    async def _open(self) -> None:
        self._free.set()
        self._may_answer.set()
        app = web.Application(middlewares=[self._misbehave])
        app.router.add_get("/", self._health)
        app.router.add_get("/rtc", self._rtc)
        app.router.add_get("/rtc/validate", self._validate)
        app.router.add_post(ROOMS + "{method}", self._twirp)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()
        self.port = self._runner.addresses[0][1]

    async def _close(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _work(self) -> None:
        self._status, self._delay = 0, 0.0
        self._free.set()
        self._may_answer.set()
        if self._runner is None:
            await self._open()

    async def _end(self) -> None:
        await self._forget()
        await self.news.stop()
        await self._close()

    async def _forget(self) -> None:
        rooms, self._rooms = self._rooms, {}
        self.news.forget()
        for known in rooms.values():
            if known.closing is not None:
                known.closing.cancel()
            for person in known.people.values():
                if person.socket is not None:
                    await person.socket.close()

    @web.middleware
    async def _misbehave(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        self.calls[request.path.rpartition("/")[2]] += 1
        self.waiting += 1
        try:
            await self._free.wait()
        finally:
            self.waiting -= 1
        if self._delay:
            await asyncio.sleep(self._delay)
        if self._status:
            return web.Response(status=self._status)
        try:
            answer = await handler(request)
        except TwirpError as error:
            answer = web.json_response({"code": error.code, "msg": str(error)}, status=error.status)
        except Refused as refused:
            answer = web.Response(status=refused.status)
        await self._may_answer.wait()
        return answer

    async def _health(self, _request: web.Request) -> web.Response:
        return web.Response(text="OK")

    # The room service ---------------------------------------------------

    async def _twirp(self, request: web.Request) -> web.Response:
        grants = self._grants(request.headers.get("Authorization", "").removeprefix("Bearer "))
        shapes: dict[str, tuple[Callable[[], Message], Callable[[Any, api.VideoGrants], Message]]] = {
            "CreateRoom": (room.CreateRoomRequest, self._create_room),
            "DeleteRoom": (room.DeleteRoomRequest, self._delete_room),
            "ListRooms": (room.ListRoomsRequest, self._list_rooms),
            "ListParticipants": (room.ListParticipantsRequest, self._list_participants),
            "RemoveParticipant": (room.RoomParticipantIdentity, self._remove_participant),
        }
        method = request.match_info["method"]
        if method not in shapes:
            raise TwirpError(404, "bad_route", f"no handler for path {request.path!r}")
        shape, work = shapes[method]
        question, body = shape(), await request.read()
        as_json = request.content_type == "application/json"
        if as_json:
            json_format.Parse(body or b"{}", question)
        else:
            question.ParseFromString(body)
        answer = work(question, grants)
        if as_json:
            return web.json_response(json_format.MessageToDict(answer))
        return web.Response(body=answer.SerializeToString(), content_type="application/protobuf")

    def _grants(self, token: str) -> api.VideoGrants:
        """Return what the token allows; a minute past its end it still does."""
        if not token:
            return api.VideoGrants()
        try:
            return api.TokenVerifier(self._key, self._secret).verify(token).video or api.VideoGrants()
        except Exception as error:
            raise Refused(401) from error

    def _create_room(self, question: Any, grants: api.VideoGrants) -> Message:
        allow(grants.room_create)
        known = self._rooms.get(question.name)
        if known is None:
            info = models.Room(
                sid=f"RM_{secrets.token_hex(6)}",
                name=question.name,
                metadata=question.metadata,
                empty_timeout=question.empty_timeout or EMPTY_SECONDS,
                departure_timeout=question.departure_timeout or DEPARTURE_SECONDS,
                creation_time=int(time.time()),
            )
            known = self._rooms[question.name] = Room(info)
            self._tell("room_started", known)
            self._close_if_empty_after(known, info.empty_timeout)
        return known.info

    def _delete_room(self, question: Any, grants: api.VideoGrants) -> Message:
        allow(grants.room_create)
        known = self._rooms.get(question.room)
        if known is None:
            raise TwirpError(404, "not_found", "requested room does not exist")
        self._finish(known)
        return room.DeleteRoomResponse()

    def _list_rooms(self, question: Any, grants: api.VideoGrants) -> Message:
        allow(grants.room_list)
        wanted = set(question.names)
        chosen = [known.info for known in self._rooms.values() if not wanted or known.info.name in wanted]
        return room.ListRoomsResponse(rooms=chosen)

    def _list_participants(self, question: Any, grants: api.VideoGrants) -> Message:
        allow(grants.room_admin and grants.room == question.room)
        known = self._rooms.get(question.room)
        inside = [person.info for person in known.people.values()] if known else []
        return room.ListParticipantsResponse(participants=inside)

    def _remove_participant(self, question: Any, grants: api.VideoGrants) -> Message:
        allow(grants.room_admin and grants.room == question.room)
        known = self._rooms.get(question.room)
        if known is None or question.identity not in known.people:
            raise TwirpError(404, "not_found", "participant does not exist")
        self.removed.append(question.identity)
        self._go(known, question.identity)
        return room.RemoveParticipantResponse()

    # The door -----------------------------------------------------------

    async def _validate(self, request: web.Request) -> web.Response:
        self._room_for(request.query.get("access_token", ""))
        return web.Response(text="success")

    async def _rtc(self, request: web.Request) -> web.StreamResponse:
        self._room_for(request.query.get("access_token", ""))
        socket = web.WebSocketResponse()
        if not socket.can_prepare(request).ok:
            raise Refused(404)
        await socket.prepare(request)
        person = await self._come_in(request.query["access_token"])
        person.socket = socket
        answer = rtc.SignalResponse(join=rtc.JoinResponse(participant=person.info))
        await socket.send_bytes(answer.SerializeToString())
        async for _message in socket:
            pass
        known = next((known for known in self._rooms.values() if person in known.people.values()), None)
        if known is not None:
            self._go(known, person.info.identity)
        return socket

    def _room_for(self, token: str) -> tuple[Room, api.access_token.Claims]:
        if not token:
            raise Refused(401)
        grants = self._grants(token)
        if not grants.room_join:
            raise Refused(401)
        known = self._rooms.get(grants.room)
        if known is None:
            raise Refused(404)
        return known, api.TokenVerifier(self._key, self._secret).verify(token)

    async def _come_in(self, token: str) -> Inside:
        known, claims = self._room_for(token)
        if claims.identity in known.people:  # the same identity again evicts the older one
            self._go(known, claims.identity, is_replaced=True)
        info = models.ParticipantInfo(
            sid=f"PA_{next(self._numbers):04d}{secrets.token_hex(4)}",
            identity=claims.identity,
            name=claims.name,
            state=models.ParticipantInfo.ACTIVE,
            joined_at=int(time.time()),
        )
        person = known.people[claims.identity] = Inside(info)
        if known.closing is not None:
            known.closing.cancel()
            known.closing = None
        self._tell("participant_joined", known, info)
        return person

    def _leave(self, identity: str) -> None:
        for known in list(self._rooms.values()):
            if identity in known.people:
                self._go(known, identity)

    def _go(self, known: Room, identity: str, *, is_replaced: bool = False) -> None:
        person = known.people.pop(identity)
        person.info.state = models.ParticipantInfo.DISCONNECTED
        self._tell("participant_left", known, person.info)
        if person.socket is not None:
            self._loop.create_task(person.socket.close())
        if not known.people and not is_replaced:
            self._close_if_empty_after(known, known.info.departure_timeout)

    def _publish(self, identity: str, source: str) -> None:
        for known in self._rooms.values():
            if person := known.people.get(identity):
                track = models.TrackInfo(
                    sid=f"TR_{secrets.token_hex(6)}", source=models.TrackSource.Value(source)
                )
                person.info.tracks.append(track)
                few = models.ParticipantInfo(sid=person.info.sid, identity=identity)
                self._tell("track_published", known, few, track)

    def _people(self, name: str) -> dict[str, str]:
        known = self._rooms.get(name)
        return {who: person.info.sid for who, person in known.people.items()} if known else {}

    def _close_if_empty_after(self, known: Room, seconds: float) -> None:
        if known.closing is not None:
            known.closing.cancel()
        known.closing = self._loop.call_later(seconds, self._finish, known)

    def _finish(self, known: Room) -> None:
        if self._rooms.pop(known.info.name, None) is None:
            return
        self.finished.append(known.info.name)
        for identity in list(known.people):
            self._go(known, identity, is_replaced=True)
        if known.closing is not None:
            known.closing.cancel()
        self._tell("room_finished", known)

    def _tell(self, event: str, known: Room, person: Any = None, track: Any = None) -> None:
        few = models.Room(sid=known.info.sid, name=known.info.name)
        news = WebhookEvent(event=event, room=few if track is not None else known.info)
        if person is not None:
            news.participant.CopyFrom(person)
        if track is not None:
            news.track.CopyFrom(track)
        self.news.tell(news)
