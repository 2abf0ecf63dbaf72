"""The store of text channels does what a plain list would do, whatever happens in whatever order."""

from dataclasses import dataclass, field
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

import orjson
import pytest
from django.test import TestCase
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from chat.errors import MessageNotFound, NotAuthor
from chat.services import messages, pins, reactions
from chat.services.history import HistoryQuery, page_of, seen_by
from chat.services.log import SpaceLogReader
from identity.models import User
from nonza import realtime
from nonza.errors import NonzaError
from nonza.realtime.streams import Position
from spaces.errors import NotModerator
from spaces.models import Channel
from tests.factories import make_channel, make_space, make_user

READER = SpaceLogReader()
MOST = 500
EMOJI = ["👋", "🎉", "👍🏽"]
TEXT = st.sampled_from(["Ahoy", "Aye", "Cast off"])
PERSON = st.integers(0, 2)  # the owner, a moderator, a member
PLACE = st.integers(0, 1)  # of two channels
INDEX = st.integers(0, 10**6)


@dataclass
class Kept:
    """A message as the plain list keeps it."""

    id: str
    author: int
    place: int
    offset: int
    text: str
    reply_to: "Kept | None"
    client_id: UUID
    deleted: bool = False
    edited: bool = False
    pinned: bool = False
    reactions: dict[str, set[int]] = field(default_factory=dict)

    def shown(self) -> dict[str, Any]:
        replied = None if self.deleted else self.reply_to
        return {
            "id": self.id,
            "offset": self.offset,
            "text": self.text,
            "deleted": self.deleted,
            "edited": self.edited,
            "pinned": self.pinned,
            "reply_to": replied and (replied.id, replied.text, replied.deleted),
            "reactions": {emoji: len(who) for emoji, who in self.reactions.items() if who},
        }


class Client:
    """A page: what it has loaded, and what it has been told since."""

    def __init__(self, epoch: str) -> None:
        self.messages: dict[str, dict[str, Any]] = {}
        self.position = Position(epoch, 0)

    def hear(self, offset: int, frame: dict[str, Any]) -> None:
        assert offset == self.position.offset + 1
        self.position = Position(self.position.epoch, offset)
        payload = frame["payload"]
        if frame["event"] in {"message.created", "message.changed"}:
            before = self.messages.get(payload["id"], {"reactions": {}})
            chosen = {} if payload["deleted_at"] else before["reactions"]
            self.messages[payload["id"]] = as_shown(payload, chosen)
        elif frame["event"] == "message.deleted":
            gone = {"text": "", "deleted": True, "pinned": False, "reply_to": None, "reactions": {}}
            self.messages[payload["id"]] |= gone
        else:
            chosen = self.messages[payload["message_id"]]["reactions"]
            chosen.pop(payload["emoji"], None)
            if payload["count"]:
                chosen[payload["emoji"]] = payload["count"]


def as_shown(message: dict[str, Any], chosen: dict[str, int]) -> dict[str, Any]:
    replied = message["reply_to"]
    return {
        "id": message["id"],
        "offset": message["offset"],
        "text": message["text"],
        "deleted": message["deleted_at"] is not None,
        "edited": message["edited_at"] is not None,
        "pinned": message["pinned_at"] is not None,
        "reply_to": replied and (replied["id"], replied["text"], replied["deleted"]),
        "reactions": chosen,
    }


def without_quotes(message: dict[str, Any]) -> dict[str, Any]:
    """What a page keeps up with by the log alone: quotes follow the quoted message, which it has too."""
    return {name: value for name, value in message.items() if name != "reply_to"}


class TextChannels(RuleBasedStateMachine):
    """Three people in two channels of a space; pages come and go, and recover from wherever they were."""

    @initialize()
    def begin(self) -> None:
        name = uuid4().hex
        self.people = [make_user(f"{number}-{name}@example.org", f"{number}") for number in range(3)]
        roles = {self.people[1]: "moderator", self.people[2]: "member"}
        self.space = make_space(name, owner=self.people[0], others=roles)
        self.channels: list[Channel] = [
            make_channel(self.space, str(number), kind=Channel.Type.TEXT) for number in range(2)
        ]
        self.kept: list[Kept] = []
        self.events: list[tuple[str, str]] = []
        self.pushed: list[tuple[int, str]] = []
        epoch = READER.tops([self.space.pk])[self.space.pk].epoch
        self.listening = Client(epoch)
        self.away = [Client(epoch) for _page in range(2)]

    # What people do ----------------------------------------------------------

    @rule(person=PERSON, place=PLACE, text=TEXT, index=INDEX, replies=st.booleans())
    def send(self, person: int, place: int, text: str, index: int, replies: bool) -> None:
        there = [kept for kept in self.kept if kept.place == place]
        replied = there[index % len(there)] if there and replies else None
        client_id = uuid4()
        message, is_new = self._do(
            messages.send_message,
            person,
            place,
            client_id=client_id,
            text=text,
            reply_to=UUID(replied.id) if replied else None,
        )
        assert is_new
        self.events.append(("message.created", str(message.pk)))
        kept = Kept(str(message.pk), person, place, len(self.events), text, replied, client_id)
        self.kept.append(kept)

    @precondition(lambda self: self.kept)
    @rule(index=INDEX, text=TEXT)
    def send_again(self, index: int, text: str) -> None:
        kept = self.kept[index % len(self.kept)]
        message, is_new = self._do(
            messages.send_message, kept.author, kept.place, client_id=kept.client_id, text=text
        )
        assert (str(message.pk), message.text, is_new) == (kept.id, kept.text, False)

    @precondition(lambda self: self.kept)
    @rule(index=INDEX, text=TEXT, stranger=st.sampled_from([None, None, 0, 1, 2]))
    def edit(self, index: int, text: str, stranger: int | None) -> None:
        kept = self.kept[index % len(self.kept)]
        person = kept.author if stranger is None else stranger
        refusal = MessageNotFound if kept.deleted else NotAuthor if person != kept.author else None
        self._do(messages.edit_message, person, kept.place, kept, refusal, text=text)
        if refusal is None and text != kept.text:
            kept.text, kept.edited = text, True
            self.events.append(("message.changed", kept.id))

    @precondition(lambda self: self.kept)
    @rule(index=INDEX, person=PERSON)
    def delete(self, index: int, person: int) -> None:
        kept = self.kept[index % len(self.kept)]
        refusal = NotAuthor if person == 2 and kept.author != 2 else None
        self._do(messages.delete_message, person, kept.place, kept, refusal)
        if refusal is None and not kept.deleted:
            kept.text, kept.deleted, kept.pinned, kept.reactions = "", True, False, {}
            self.events.append(("message.deleted", kept.id))

    @precondition(lambda self: self.kept)
    @rule(index=INDEX, person=PERSON, emoji=st.sampled_from(EMOJI), on=st.booleans())
    def react(self, index: int, person: int, emoji: str, on: bool) -> None:
        kept = self.kept[index % len(self.kept)]
        refusal = MessageNotFound if kept.deleted else None
        state = self._do(reactions.set_reaction, person, kept.place, kept, refusal, emoji=emoji, on=on)
        if refusal is None:
            chosen = kept.reactions.setdefault(emoji, set())
            if (person in chosen) != on:
                chosen.symmetric_difference_update({person})
                self.events.append(("reaction.changed", kept.id))
            assert (state.count, state.mine) == (len(chosen), on)

    @precondition(lambda self: self.kept)
    @rule(index=INDEX, person=PERSON, on=st.booleans())
    def pin(self, index: int, person: int, on: bool) -> None:
        kept = self.kept[index % len(self.kept)]
        refusal = NotModerator if person == 2 else MessageNotFound if kept.deleted else None
        self._do(pins.set_pin, person, kept.place, kept, refusal, on=on)
        if refusal is None and kept.pinned != on:
            kept.pinned = on
            self.events.append(("message.changed", kept.id))

    # What people see ---------------------------------------------------------

    @rule(person=PERSON, place=PLACE, limit=st.integers(1, 4), forwards=st.booleans())
    def read_all_in_pages(self, person: int, place: int, limit: int, forwards: bool) -> None:
        found: list[dict[str, Any]] = []
        query = HistoryQuery(limit=limit, after=0) if forwards else HistoryQuery(limit=limit)
        while True:
            page = self._page(person, place, query)
            assert page.position.offset == len(self.events)
            assert len(page.messages) <= limit
            seen = self._seen(person, page.messages)
            found = [*found, *seen] if forwards else [*seen, *found]
            assert (page.has_before, page.has_after) == self._beyond(place, seen, query)
            if not (page.has_after if forwards else page.has_before):
                break
            query = (
                HistoryQuery(limit=limit, after=seen[-1]["offset"])
                if forwards
                else HistoryQuery(limit=limit, before=seen[0]["offset"])
            )
        assert found == [kept.shown() for kept in self.kept if kept.place == place]

    @precondition(lambda self: self.kept)
    @rule(index=INDEX, person=PERSON, limit=st.integers(1, 5))
    def read_around(self, index: int, person: int, limit: int) -> None:
        kept = self.kept[index % len(self.kept)]
        there = [other.shown() for other in self.kept if other.place == kept.place]
        at = there.index(kept.shown())
        expected = there[max(0, at - limit // 2) : at + limit - limit // 2]
        page = self._page(person, kept.place, HistoryQuery(limit=limit, around=UUID(kept.id)))
        assert self._seen(person, page.messages) == expected

    @rule(person=PERSON, place=PLACE)
    def read_pins(self, person: int, place: int) -> None:
        pinned = pins.pins_of(actor=self._user(person), channel_id=self.channels[place].pk)
        expected = {kept.id for kept in self.kept if kept.pinned and kept.place == place}
        assert {str(message.pk) for message in pinned} == expected

    @rule(index=st.integers(0, 1))
    def come_back(self, index: int) -> None:
        client = self.away[index]
        recovery = READER.read(self.space.pk, client.position, MOST)
        assert recovery.entries is not None
        for entry in recovery.entries:
            client.hear(entry.offset, orjson.loads(entry.frame))
        assert client.position == recovery.top
        self._has_all(client)

    @rule(since=INDEX)
    def recover_from_anywhere(self, since: int) -> None:
        offset = since % (len(self.events) + 3)
        top = READER.tops([self.space.pk])[self.space.pk]
        recovery = READER.read(self.space.pk, Position(top.epoch, offset), MOST)
        assert recovery.top.offset == len(self.events)
        if offset > len(self.events):
            assert recovery.entries is None
            return
        assert recovery.entries is not None
        told = [(entry.offset, orjson.loads(entry.frame)["event"]) for entry in recovery.entries]
        expected = [(number, event) for number, (event, _id) in enumerate(self.events, 1)]
        assert told == expected[offset:]

    @invariant()
    def everything_was_pushed_once_in_order(self) -> None:
        if hasattr(self, "events"):
            expected = [(number, event) for number, (event, _id) in enumerate(self.events, 1)]
            assert self.pushed == expected
            self._has_all(self.listening)

    # How it is done ------------------------------------------------------------

    def _do(
        self,
        service: Any,
        person: int,
        place: int,
        kept: Kept | None = None,
        refusal: type[NonzaError] | None = None,
        **fields: Any,
    ) -> Any:
        """Let somebody do something; what it pushes on commit reaches the page that listens."""
        fields |= {"actor": self._user(person), "channel_id": self.channels[place].pk}
        if kept is not None:
            fields["message_id"] = UUID(kept.id)
        with (
            mock.patch.object(realtime, "publish", self._hear),
            TestCase.captureOnCommitCallbacks(execute=True),
        ):
            if refusal is None:
                return service(**fields)
            with pytest.raises(refusal):
                service(**fields)
        return None

    def _hear(self, _group: str, text: str) -> None:
        if text.startswith("log "):
            _log, _stream, _epoch, offset, content = text.split(" ", 4)
            frame = orjson.loads(content)
            self.pushed.append((int(offset), frame["event"]))
            self.listening.hear(int(offset), frame)

    def _has_all(self, client: Client) -> None:
        assert {key: without_quotes(message) for key, message in client.messages.items()} == {
            kept.id: without_quotes(kept.shown()) for kept in self.kept
        }

    def _user(self, person: int) -> User:
        return self.people[person]

    def _page(self, person: int, place: int, query: HistoryQuery) -> Any:
        return page_of(actor=self._user(person), channel_id=self.channels[place].pk, query=query)

    def _seen(self, person: int, found: list[Any]) -> list[dict[str, Any]]:
        seen = []
        for message in seen_by(self._user(person), found):
            for reaction in message["reactions"]:
                kept = next(kept for kept in self.kept if kept.id == message["id"])
                assert reaction["mine"] == (person in kept.reactions[reaction["emoji"]])
                assert set(reaction["names"]) == {str(who) for who in kept.reactions[reaction["emoji"]]}
            chosen = {reaction["emoji"]: reaction["count"] for reaction in message["reactions"]}
            seen.append(as_shown(message, chosen))
        return seen

    def _beyond(self, place: int, seen: list[dict[str, Any]], query: HistoryQuery) -> tuple[bool, bool]:
        """Say whether there is more before and after what was seen, or the place where nothing was."""
        offsets = [kept.offset for kept in self.kept if kept.place == place]
        if not seen:
            return any(offset <= (query.after or 0) for offset in offsets), False
        first, last = seen[0]["offset"], seen[-1]["offset"]
        return any(offset < first for offset in offsets), any(offset > last for offset in offsets)


@pytest.fixture(autouse=True)
def _no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits have tests of their own; they would only make this one slower."""
    for module in (messages, pins, reactions):
        monkeypatch.setattr(module, "limit_message", lambda **_who: None)


def test_text_channels_do_what_a_plain_list_would(db: None) -> None:
    TextChannels.TestCase.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
    TextChannels.TestCase().runTest()
