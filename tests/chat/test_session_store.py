"""The store of session chats, on Redis and on the stand-in of `make run`."""

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import fakeredis
import orjson
import pytest
from django_redis import get_redis_connection

from chat.errors import ChatUnavailable
from chat.services import session_script, session_store
from chat.services.session_store import Edge, SessionLogReader
from nonza.realtime.streams import Position
from nonza.redis_breaker import breaker

READER = SessionLogReader()
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture(params=["redis", "stand-in"])
def redis(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    client: Any = get_redis_connection("default")
    if request.param == "stand-in":
        client = fakeredis.FakeRedis(version=(7, 4))
        monkeypatch.setattr(session_store, "_redis", lambda: client)
    client.flushdb()
    return client


@pytest.fixture
def session(redis: Any) -> UUID:
    return uuid.uuid4()


def write(session: UUID, text: str, *, minute: int = 0, once: str = "", **fields: Any) -> dict[str, Any]:
    message = {
        "id": str(uuid.uuid4()),
        "kind": "user",
        "created_at": NOON + timedelta(minutes=minute),
        "text": text,
        "author": {"display_name": "Dana"},
        "channel_id": None,
        "edited_at": None,
        "deleted_at": None,
        **fields,
    }
    return session_store.append(session, message=message, once=once or uuid.uuid4().hex)[0]


def quote_of(message: dict[str, Any]) -> dict[str, Any]:
    return {"id": message["id"], "display_name": "Dana", "text": message["text"], "deleted": False}


def texts(page: session_store.Page) -> list[str]:
    return [message["text"] for message in page.messages]


def test_offsets_are_dense_and_the_newest_page_is_in_order(session: UUID) -> None:
    written = [write(session, f"number {number}") for number in range(5)]
    assert [message["offset"] for message in written] == [1, 2, 3, 4, 5]
    page = session_store.page(session, limit=3)
    assert texts(page) == ["number 2", "number 3", "number 4"]
    assert page.messages == written[2:]
    assert (page.has_before, page.has_after, page.position.offset) == (True, False, 5)


def test_pages_go_both_ways_and_from_a_moment(session: UUID) -> None:
    for number in range(10):
        write(session, str(number), minute=number)
    session_store.edit(
        session, UUID(session_store.page(session, limit=1).messages[0]["id"]), text="9", at=NOON
    )
    before = session_store.page(session, limit=3, edge=Edge("before", 5))
    assert (texts(before), before.has_before, before.has_after) == (["1", "2", "3"], True, True)
    first = session_store.page(session, limit=5, edge=Edge("before", 3))
    assert (texts(first), first.has_before, first.has_after) == (["0", "1"], False, True)
    after = session_store.page(session, limit=3, edge=Edge("after", 5))
    assert (texts(after), after.has_before, after.has_after) == (["5", "6", "7"], True, True)
    end = session_store.page(session, limit=3, edge=Edge("after", 10))
    assert (texts(end), end.has_before, end.has_after) == ([], True, False)
    for minute, expected in ((-1, ["0", "1"]), (4, ["4", "5"]), (4.5, ["5", "6"]), (20, [])):
        since = session_store.page(session, limit=2, edge=Edge("since", NOON + timedelta(minutes=minute)))
        assert texts(since) == expected


def test_page_of_nothing(session: UUID) -> None:
    page = session_store.page(session, limit=50)
    assert (page.messages, page.position.offset, page.has_before, page.has_after) == ([], 0, False, False)
    assert session_store.page(session, limit=50).position == page.position


def test_same_client_id_is_written_once(session: UUID, redis: Any) -> None:
    first = write(session, "Hello", once="dana:1")
    again = write(session, "Another text", once="dana:1")
    assert again == first
    assert texts(session_store.page(session, limit=50)) == ["Hello"]
    assert session_store.count(session) == 1


def test_what_is_sent_again_is_known_as_long_as_it_is_kept(session: UUID, redis: Any) -> None:
    """A page whose answer was lost may ask again after hours."""
    first = write(session, "Hello", once="dana:1")
    assert redis.ttl(f"nonza:chat:{{{session}}}:once") > session_store.KEPT_SECONDS - 5
    assert write(session, "Hello", once="dana:1") == first


def test_edit_keeps_the_place_and_is_an_event_of_its_own(session: UUID) -> None:
    message = write(session, "Helo")
    write(session, "Hi")
    edited = session_store.edit(session, UUID(message["id"]), text="Hello", at=NOON)
    assert edited == {**message, "text": "Hello", "edited_at": "2026-11-21T12:00:00.000000Z"}
    page = session_store.page(session, limit=50)
    assert texts(page) == ["Hello", "Hi"]
    assert page.position.offset == 3


def test_deleted_text_is_nowhere_any_more(session: UUID, redis: Any) -> None:
    secret = "what was better not said"
    message = write(session, secret)
    write(session, "Oh", reply_to=quote_of(message))
    start = Position(session_store.page(session, limit=1).position.epoch, 0)
    deleted = session_store.delete(session, UUID(message["id"]), at=NOON)
    assert deleted is not None
    assert deleted["text"] == ""
    entries = READER.read(session, start, 500).entries
    assert entries is not None
    assert [orjson.loads(entry.frame)["event"] for entry in entries] == [
        "message.created",
        "message.created",
        "message.deleted",
    ]
    told = orjson.loads(entries[-1].frame)["payload"]
    assert told == {
        "id": message["id"],
        "channel_id": None,
        "offset": 1,
        "deleted_at": "2026-11-21T12:00:00.000000Z",
    }
    answer = session_store.page(session, limit=50).messages[1]
    assert answer["reply_to"] == {"id": message["id"], "display_name": "Dana", "text": "", "deleted": True}
    everything = [entry.frame for entry in entries] + [str(session_store.page(session, limit=50))]
    everything += [str(_content(redis, key)) for key in redis.keys("*")]
    assert secret not in " ".join(everything)
    assert session_store.delete(session, UUID(message["id"]), at=NOON) is None
    assert session_store.edit(session, UUID(message["id"]), text="Again", at=NOON) is None


def test_text_that_looks_like_a_reply_is_text(session: UUID) -> None:
    parent = write(session, "First")
    text = f'"reply_to":{{"id":"{parent["id"]}" and "created_at":"0"'
    write(session, text, reply_to=quote_of(parent))
    session_store.delete(session, UUID(parent["id"]), at=NOON)
    answer = session_store.page(session, limit=50).messages[1]
    assert answer["text"] == text
    assert answer["reply_to"]["deleted"] is True
    assert len(session_store.page(session, limit=5, edge=Edge("since", NOON)).messages) == 2


def test_two_changes_at_once_both_count(session: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    message = write(session, "First")
    looked = session_store._body_of
    once = iter([True])

    def look(*arguments: Any) -> bytes | None:
        body = looked(*arguments)
        if next(once, False):
            monkeypatch.setattr(session_store, "_body_of", looked)
            session_store.delete(session, UUID(message["id"]), at=NOON)
        return body

    monkeypatch.setattr(session_store, "_body_of", look)
    assert session_store.edit(session, UUID(message["id"]), text="Back again", at=NOON) is None
    assert texts(session_store.page(session, limit=50)) == [""]


def test_who_was_away_reads_exactly_what_was_missed(session: UUID) -> None:
    write(session, "one")
    since = READER.tops([session])[session]
    message = write(session, "two")
    session_store.edit(session, UUID(message["id"]), text="three", at=NOON)
    top, entries = READER.read(session, since, 500)
    assert top == Position(since.epoch, 3)
    assert entries is not None
    assert [entry.offset for entry in entries] == [2, 3]
    assert [orjson.loads(entry.frame)["payload"]["text"] for entry in entries] == ["three", "three"]
    assert READER.read(session, top, 500) == (top, [])


@pytest.mark.parametrize("since", [Position("another", 1), Position("", 99), Position("", 0)])
def test_what_cannot_be_told_is_loaded_again(session: UUID, since: Position) -> None:
    for number in range(4):
        write(session, str(number))
    top = READER.tops([session])[session]
    since = since._replace(epoch=since.epoch or top.epoch)
    assert READER.read(session, since, 3) == (top, None)


def test_what_the_log_has_let_fall_is_loaded_again(session: UUID, redis: Any) -> None:
    for number in range(5):
        write(session, str(number))
    top = READER.tops([session])[session]
    redis.xtrim(f"nonza:chat:{{{session}}}:log", maxlen=3, approximate=False)
    assert READER.read(session, top._replace(offset=1), 500) == (top, None)
    assert len(READER.read(session, top._replace(offset=2), 500).entries or []) == 3


def test_where_several_logs_stand_is_read_in_one_go(redis: Any) -> None:
    sessions = [uuid.uuid4() for _ in range(3)]
    write(sessions[1], "Hello")
    tops = READER.tops(sessions)
    assert [tops[session].offset for session in sessions] == [0, 1, 0]
    assert READER.tops(sessions) == tops
    assert READER.tops([]) == {}


def test_new_epoch_when_meta_is_gone(session: UUID, redis: Any) -> None:
    write(session, "one")
    before = READER.tops([session])[session]
    redis.delete(f"nonza:chat:{{{session}}}:meta")
    message = write(session, "two")
    after = READER.tops([session])[session]
    assert after.epoch != before.epoch
    assert message["offset"] == after.offset == 2
    assert READER.read(session, before, 500) == (after, None)
    assert texts(session_store.page(session, limit=50)) == ["one", "two"]


def test_new_epoch_when_redis_was_started_anew(session: UUID, redis: Any) -> None:
    """It may have forgotten the last second, whose offsets somebody has seen."""
    write(session, "one")
    before = READER.tops([session])[session]
    redis.script_flush()
    after = READER.tops([session])[session]
    assert after.epoch != before.epoch
    assert after.offset == 1
    write(session, "two")
    entries = READER.read(session, after, 500).entries
    assert entries is not None
    assert [entry.offset for entry in entries] == [2]
    assert READER.tops([session])[session].epoch == after.epoch


def test_all_is_gone_six_hours_after_the_last_message(session: UUID, redis: Any) -> None:
    message = write(session, "one")
    write(session, "Oh", reply_to=quote_of(message))
    for part in ("log", "state", "bodies", "replies", "once"):
        redis.expire(f"nonza:chat:{{{session}}}:{part}", 100)
    session_store.edit(session, UUID(message["id"]), text="two", at=NOON)
    names = {
        key.decode().rpartition("}:")[2]: redis.ttl(key) for key in redis.keys(f"nonza:chat:*{session}*")
    }
    del names["meta"]
    assert names == {"log": 100, "state": 100, "bodies": 100, "replies": 100, "once": 100}
    write(session, "three")
    for part in ("log", "state", "bodies", "replies", "once"):
        assert redis.ttl(f"nonza:chat:{{{session}}}:{part}") > session_store.KEPT_SECONDS - 5


def test_log_that_begins_anew_with_an_edit_ends_with_the_messages(session: UUID, redis: Any) -> None:
    message = write(session, "one")
    redis.expire(f"nonza:chat:{{{session}}}:state", 100)
    redis.script_flush()
    session_store.edit(session, UUID(message["id"]), text="two", at=NOON)
    assert 0 < redis.ttl(f"nonza:chat:{{{session}}}:log") <= 100


def test_oldest_messages_fall(session: UUID, redis: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    script = session_script.SCRIPT.replace(str(session_script.MESSAGES_AT_MOST), "3")
    monkeypatch.setattr(session_store, "SCRIPT", script)
    monkeypatch.setattr(session_store, "_SHA", redis.script_load(script))
    for number in range(5):
        write(session, str(number))
    page = session_store.page(session, limit=50)
    assert texts(page) == ["2", "3", "4"]
    assert page.has_before is False
    assert redis.hlen(f"nonza:chat:{{{session}}}:bodies") == 3
    assert redis.hlen(f"nonza:chat:{{{session}}}:once") == 2 * 3
    # Of what is kept no more nothing can be told.
    assert READER.read(session, Position(page.position.epoch, 1), 500).entries is None
    assert session_store.count(session) == 5


def test_log_does_not_grow_without_bound(session: UUID, redis: Any) -> None:
    message = write(session, "one")
    key = f"nonza:chat:{{{session}}}:log"
    top = READER.tops([session])[session].offset
    pipeline = redis.pipeline(transaction=False)
    for number in range(4000):
        pipeline.xadd(key, {"event": "message.changed", "id": message["id"]}, id=f"{top + number + 1}-1")
    pipeline.hset(f"nonza:chat:{{{session}}}:meta", "offset", top + 4000)
    pipeline.execute()
    write(session, "two")
    assert redis.xlen(key) < session_script.LOG_EVENTS + 200  # Redis cuts off whole nodes


def test_writing_tells_the_sockets(session: UUID, redis: Any) -> None:
    pubsub = redis.pubsub()
    pubsub.subscribe(f"nonza:push:session:{session}")
    assert pubsub.get_message(timeout=2)["type"] == "subscribe"
    message = write(session, "Hello")
    epoch = READER.tops([session])[session].epoch
    told = pubsub.get_message(timeout=2)["data"].decode()
    frame = orjson.dumps({"event": "message.created", "payload": message}).decode()
    assert told == f"log chat {epoch} 1 {frame}"
    session_store.delete(session, UUID(message["id"]), at=NOON)
    assert pubsub.get_message(timeout=2)["data"].decode().startswith(f"log chat {epoch} 2 ")
    pubsub.close()


def test_nothing_is_left_of_what_is_forgotten(session: UUID, redis: Any) -> None:
    write(session, "Hello")
    session_store.forget([session])
    assert redis.keys(f"*{session}*") == []
    assert session_store.page(session, limit=50).messages == []


def test_redis_away_is_told(session: UUID, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_store, "_redis", lambda: get_redis_connection("default"))
    monkeypatch.setattr(type(breaker), "is_open", property(lambda _self: True))
    monkeypatch.setattr(breaker, "_is_open", True)
    with pytest.raises(ChatUnavailable) as refusal:
        write(session, "Hello")
    assert refusal.value.headers()["Retry-After"]
    with pytest.raises(ChatUnavailable):
        session_store.page(session, limit=5)


def _content(redis: Any, key: bytes) -> Any:
    read = {
        b"hash": redis.hgetall,
        b"zset": lambda key: redis.zrange(key, 0, -1),
        b"stream": redis.xrange,
        b"string": redis.get,
    }
    return read[redis.type(key)](key)


def test_texts_of_times_have_the_order_of_the_times() -> None:
    times = [
        datetime(5, 1, 1, tzinfo=UTC),
        datetime(999, 12, 31, tzinfo=UTC),
        datetime(2026, 11, 21, tzinfo=UTC),
    ]
    assert sorted(map(session_store.moment, times)) == [session_store.moment(at) for at in times]
