"""The store of session chats does what a plain list would do, whatever happens in whatever order."""

import uuid
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import fakeredis
import orjson
import pytest
from django_redis import get_redis_connection
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from chat.services import session_store
from chat.services.session_store import Edge, SessionLogReader
from nonza.realtime.streams import Position

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
READER = SessionLogReader()


class _Store(RuleBasedStateMachine):
    """Three clients read the log as their sockets would; one of them is away now and then."""

    messages = Bundle("messages")

    def connect(self) -> Any:
        raise NotImplementedError

    @initialize()
    def begin(self) -> None:
        self.redis = self.connect()
        session_store._redis = lambda: self.redis
        self.session = uuid.uuid4()
        self.kept: list[dict[str, Any]] = []
        self.sent: dict[str, int] = {}
        self.events = 0
        self.epoch = READER.tops([self.session])[self.session].epoch
        self.seen: list[dict[str, dict[str, Any]]] = [{}, {}, {}]
        self.positions = [Position(self.epoch, 0)] * 3

    @rule(target=messages, text=st.text(max_size=20), once=st.sampled_from("abcdefgh"), answers=st.booleans())
    def send(self, text: str, once: str, answers: bool) -> Any:
        message = {
            "id": str(uuid.uuid4()), "kind": "user", "created_at": NOON, "text": text, "channel_id": None,
            "author": {"display_name": "Dana"}, "edited_at": None, "deleted_at": None, "reply_to": None,
        }  # fmt: skip
        if self.kept and answers:
            answered = {"id": self.kept[-1]["id"], "text": self.kept[-1]["text"]}
            gone = self.kept[-1]["deleted_at"] is not None
            message["reply_to"] = {**answered, "display_name": "Dana", "deleted": gone}
        found, is_new = session_store.append(self.session, message=message, once=once)
        assert is_new is (once not in self.sent)
        if not is_new:
            assert found == self.kept[self.sent[once]]
            return multiple()
        self.events += 1
        assert found == {**message, "created_at": session_store.moment(NOON), "offset": self.events}
        self.sent[once] = len(self.kept)
        self.kept.append(found)
        return found["id"]

    @rule(message_id=messages, text=st.text(max_size=20))
    def edit(self, message_id: str, text: str) -> None:
        message = self.message(message_id)
        found = session_store.edit(self.session, UUID(message_id), text=text, at=NOON)
        if message["deleted_at"] is not None:
            assert found is None
            return
        self.events += 1
        message |= {"text": text, "edited_at": session_store.moment(NOON)}
        assert found == message

    @rule(message_id=messages)
    def delete(self, message_id: str) -> None:
        message = self.message(message_id)
        found = session_store.delete(self.session, UUID(message_id), at=NOON)
        if message["deleted_at"] is not None:
            assert found is None
            return
        self.events += 1
        message |= {"text": "", "deleted_at": session_store.moment(NOON)}
        for answer in self.kept:
            if answer["reply_to"] and answer["reply_to"]["id"] == message_id:
                answer["reply_to"] = {**answer["reply_to"], "text": "", "deleted": True}

    @rule(limit=st.integers(1, 4), edge=st.sampled_from(["newest", "before", "after"]), at=st.integers(0, 12))
    def page(self, limit: int, edge: str, at: int) -> None:
        page = session_store.page(self.session, limit=limit, edge=Edge(edge, at))
        if edge == "after":
            rest = [message for message in self.kept if message["offset"] > at]
            expected = rest[:limit]
            assert page.has_after is (len(rest) > limit)
            assert page.has_before is (len(rest) < len(self.kept))
        else:
            rest = [message for message in self.kept if edge == "newest" or message["offset"] < at]
            expected = rest[-limit:]
            assert page.has_before is (len(rest) > limit)
            assert page.has_after is (len(rest) < len(self.kept))
        assert page.messages == expected
        assert page.position == (self.epoch, self.events)

    @rule(client=st.integers(0, 2))
    def resume(self, client: int) -> None:
        """What a client has missed, once and in order, or the word that it must load again."""
        since = self.positions[client]
        top, entries = READER.read(self.session, since, 500)
        assert top == (self.epoch, self.events)
        if entries is None:
            assert since.epoch != self.epoch
            page = session_store.page(self.session, limit=200)
            self.seen[client] = {message["id"]: message for message in page.messages}
        else:
            assert [entry.offset for entry in entries] == list(range(since.offset + 1, top.offset + 1))
            for entry in entries:
                self.apply(self.seen[client], orjson.loads(entry.frame))
        self.positions[client] = top
        assert list(self.seen[client].values()) == self.kept

    @rule()
    def redis_is_started_anew(self) -> None:
        self.redis.script_flush()
        top = READER.tops([self.session])[self.session]
        assert top.epoch != self.epoch
        assert top.offset == self.events
        self.epoch = top.epoch

    @invariant()
    def all_is_counted(self) -> None:
        if hasattr(self, "kept"):
            assert session_store.count(self.session) == len(self.kept)

    def message(self, message_id: str) -> dict[str, Any]:
        return next(message for message in self.kept if message["id"] == message_id)

    def apply(self, seen: dict[str, dict[str, Any]], told: dict[str, Any]) -> None:
        payload = told["payload"]
        if told["event"] != "message.deleted":
            seen[payload["id"]] = payload
            return
        seen[payload["id"]] |= {"text": "", "deleted_at": payload["deleted_at"]}
        for answer in seen.values():  # as the page does
            if answer["reply_to"] and answer["reply_to"]["id"] == payload["id"]:
                answer["reply_to"] = {**answer["reply_to"], "text": "", "deleted": True}


class _OnRedis(_Store):
    def connect(self) -> Any:
        client = get_redis_connection("default")
        client.flushdb()
        return client


class _OnStandIn(_Store):
    def connect(self) -> Any:
        return fakeredis.FakeRedis(version=(7, 4))


@pytest.fixture(autouse=True)
def _own_store(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_store, "_redis", session_store._redis)  # put back in the end


TestOnRedis = _OnRedis.TestCase
TestOnRedis.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestOnStandIn = _OnStandIn.TestCase
TestOnStandIn.settings = settings(max_examples=20, stateful_step_count=30, deadline=None)
