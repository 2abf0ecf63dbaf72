"""The chat of a session in Redis: this module alone knows its keys.

It is kept for six hours after the last message. A message is a dict as it goes over the wire; who may read
or write it, and what it may say, is decided in `session_chat.py`.
"""

import contextlib
import hashlib
import logging
import secrets
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django_redis import get_redis_connection
from redis.exceptions import NoScriptError, RedisError

from chat.errors import ChatUnavailable
from chat.services.session_script import SCRIPT
from nonza.errors import come_back_after
from nonza.realtime import session_group
from nonza.realtime.streams import Entry, Position, Recovery

logger = logging.getLogger(__name__)

Message = dict[str, Any]

KEPT_SECONDS = 6 * 3600
# What says where a log stands outlives it by far: it has no words in it, and counts the messages.
META_SECONDS = 35 * 24 * 3600
TRIES = 5
FORGOTTEN_AT_ONCE = 200
_SHA = hashlib.sha1(SCRIPT.encode(), usedforsecurity=False).hexdigest()
# Redis forgets its scripts when it starts, so a missing script says that it has been started anew.
_GENERATION = "nonza:chat:generation"
_AT_THE_ENDS = {"offset", "created_at", "reply_to"}  # of a body, where the script finds them
_PARTS = ("meta", "log", "state", "bodies", "replies", "once")


class Page(NamedTuple):
    """Some messages in their order, and where the log stood when they were read."""

    messages: list[Message]
    position: Position
    has_before: bool
    has_after: bool


class Edge(NamedTuple):
    """Where a page begins or ends: `newest`, or `before`/`after` an offset, or `since` a moment."""

    kind: str = "newest"
    at: int | datetime = 0


def append(session_id: UUID, *, message: Message, once: str) -> tuple[Message, bool]:
    """Add a message; returns it with its offset, and whether it is new.

    `once` is what its author calls it: as long as it is kept it is not added again. What it answers
    (`reply_to`) is kept with it as it is now. Raises ChatUnavailable.
    """
    answered = message.get("reply_to")
    rest = {name: value for name, value in message.items() if name not in _AT_THE_ENDS}
    body = _dumps({"created_at": moment(message["created_at"]), **rest, "reply_to": answered})
    with _or_unavailable():
        is_new, kept = _run(
            session_id,
            "append",
            KEPT_SECONDS,
            _channel(session_id),
            message["id"],
            body[1:],
            int(message["kind"] == "user"),
            answered["id"] if answered else "",
            once,
        )
    return orjson.loads(kept), bool(is_new)


def find(session_id: UUID, message_id: UUID | str) -> Message | None:
    """Return a message, or None if it is not kept (any more); raises ChatUnavailable."""
    with _or_unavailable():
        return _loads(_body_of(session_id, str(message_id)))


def edit(session_id: UUID, message_id: UUID, *, text: str, at: datetime) -> Message | None:
    """Give a message another text; None if it is gone or was deleted. Raises ChatUnavailable."""
    return _change(session_id, message_id, {"text": text, "edited_at": moment(at)}, is_gone=False)


def delete(session_id: UUID, message_id: UUID, *, at: datetime) -> Message | None:
    """Take a message's text away, here and where others answer it; None if it is gone or was deleted.

    Raises ChatUnavailable.
    """
    return _change(session_id, message_id, {"text": "", "deleted_at": moment(at)}, is_gone=True)


def page(session_id: UUID, *, limit: int, edge: Edge = Edge()) -> Page:  # noqa: B008 -- a tuple
    """Return some messages; raises ChatUnavailable."""
    at = moment(edge.at) if isinstance(edge.at, datetime) else edge.at
    with _or_unavailable():
        epoch, offset, before, after, bodies = _run(session_id, "page", limit, edge.kind, at)
    messages = [orjson.loads(body) for body in bodies]
    return Page(messages, Position(epoch.decode(), offset), bool(before), bool(after))


def count(session_id: UUID) -> int:
    """Return how many messages people have written, deleted ones too; raises RedisError."""
    return int(_redis().hget(_key(session_id, "meta"), "messages") or 0)


def forget(session_ids: list[UUID]) -> None:
    """Let nothing be left of the chats of these sessions; raises RedisError."""
    for start in range(0, len(session_ids), FORGOTTEN_AT_ONCE):
        some = session_ids[start : start + FORGOTTEN_AT_ONCE]
        _redis().unlink(*(_key(session_id, name) for session_id in some for name in _PARTS))


class SessionLogReader:
    """Reads the chats of sessions for their sockets; raises RedisError."""

    def read(self, key: UUID, since: Position, most: int) -> Recovery:
        """Return what was written after a position (see `nonza.realtime.streams`)."""
        epoch, offset, complete, found = _run(key, "read", since.epoch, since.offset, most)
        top = Position(epoch.decode(), offset)
        if not complete:
            return Recovery(top, None)
        pairs = zip(found[::2], found[1::2], strict=True)
        return Recovery(top, [Entry(int(at), frame.decode()) for at, frame in pairs])

    def tops(self, keys: list[UUID]) -> dict[UUID, Position]:
        """Return where these chats stand."""
        found = _run_each(keys, "top")
        return {key: Position(epoch.decode(), int(at)) for key, (epoch, at) in zip(keys, found, strict=True)}


def moment(at: datetime | str) -> str:
    """Return a time in the one form in which texts of times have the order of the times."""
    if isinstance(at, str):
        return at
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")  # pads every year


# Changing -------------------------------------------------------------------


def _change(session_id: UUID, message_id: UUID, change: Message, *, is_gone: bool) -> Message | None:
    """Write a changed message unless another one has changed it meanwhile; then look at it again."""
    with _or_unavailable():
        for _try in range(TRIES):
            before = _body_of(session_id, str(message_id))
            message = _loads(before)
            if before is None or message is None or message["deleted_at"] is not None:
                return None
            message |= change
            frame, blank = _deletion(message) if is_gone else ("", "")
            body, channel = _dumps(message), _channel(session_id)
            if _run(session_id, "change", channel, message["id"], before, body, frame, blank):
                return message
    raise ChatUnavailable(retry_after=come_back_after())


def _deletion(message: Message) -> tuple[str, str]:
    """Return what is told of a deleted message, and what is left of it where it was answered."""
    told = {name: message[name] for name in ("id", "channel_id", "offset", "deleted_at")}
    name = (message["author"] or {}).get("display_name", "")
    blank = {"id": message["id"], "display_name": name, "text": "", "deleted": True}
    frame = _dumps({"event": "message.deleted", "payload": told})
    return frame, f'"reply_to":{_dumps(blank)}}}'


def _dumps(message: Message) -> str:
    return orjson.dumps(message).decode()


def _loads(body: bytes | None) -> Message | None:
    return None if body is None else orjson.loads(body)


# Redis ----------------------------------------------------------------------


def _redis() -> Any:
    return get_redis_connection("default")


def _key(session_id: UUID, name: str) -> str:
    return f"nonza:chat:{{{session_id}}}:{name}"


def _channel(session_id: UUID) -> str:
    return f"nonza:push:{session_group(session_id)}"


def _body_of(session_id: UUID, message_id: str) -> bytes | None:
    found: bytes | None = _redis().hget(_key(session_id, "bodies"), message_id)
    return found


def _run(session_id: UUID, verb: str, *arguments: Any) -> Any:
    return _run_each([session_id], verb, *arguments)[0]


def _run_each(session_ids: Iterable[UUID], verb: str, *arguments: Any) -> list[Any]:
    """Run the script for each of these sessions, in one go."""
    calls = [
        (
            _GENERATION,
            *(_key(session_id, name) for name in _PARTS),
            verb,
            secrets.token_hex(8),
            META_SECONDS,
            *arguments,
        )
        for session_id in session_ids
    ]
    try:
        return _evaluate(calls)
    except NoScriptError:
        _teach()
        return _evaluate(calls)


def _teach() -> None:
    """Give Redis the script, unless another has just done so.

    In this order: nobody can write before the old logs are known to be of another time.
    """
    if not _redis().script_exists(_SHA)[0]:
        _redis().set(_GENERATION, secrets.token_hex(8))
        _redis().script_load(SCRIPT)


def _evaluate(calls: list[tuple[Any, ...]]) -> list[Any]:
    if len(calls) == 1:
        return [_redis().evalsha(_SHA, 7, *calls[0])]
    commands = _redis().pipeline(transaction=False)
    for call in calls:
        commands.evalsha(_SHA, 7, *call)
    return list(commands.execute())


@contextlib.contextmanager
def _or_unavailable() -> Iterator[None]:
    try:
        yield
    except RedisError as error:
        logger.warning("The chat of a session is not to be had: %s", error)
        raise ChatUnavailable(retry_after=come_back_after()) from None
