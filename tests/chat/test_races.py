"""What must hold when many write at the same moment."""

import threading
from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.db import OperationalError, connection

from chat.models import LogEvent, Message, Reaction, SpaceLog
from chat.services.log import SpaceLogReader
from chat.services.messages import delete_message, edit_message, send_message
from chat.services.pins import set_pin
from chat.services.reactions import set_reaction
from identity.models import User
from nonza import realtime
from nonza.env import Rate
from nonza.realtime.streams import Position
from spaces.models import Channel, Space
from spaces.services.channels import delete_channel
from spaces.services.members import change_role, remove_member
from tests.factories import make_channel, make_space, make_user
from tests.spaces.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _no_limits(settings: Any) -> None:
    often = (Rate(100_000, 1),)
    settings.RATES = {**settings.RATES, "message_person": often, "message_place": often}


@pytest.fixture
def owner() -> User:
    return make_user("alice@example.org", "Alice")


@pytest.fixture
def bob() -> User:
    return make_user("bob@example.org", "Bob")


@pytest.fixture
def space(owner: User, bob: User) -> Space:
    return make_space("Northlight Ferries", owner=owner, others={bob: "moderator"})


@pytest.fixture
def channel(space: Space) -> Channel:
    return make_channel(space, "general", kind=Channel.Type.TEXT)


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, str]]:
    """The offsets and events that were pushed, in the order in which they were."""
    seen: list[tuple[int, str]] = []
    lock = threading.Lock()

    def note(_group: str, frame: str) -> None:
        if frame.startswith("log "):
            _log, _stream, _epoch, offset, content = frame.split(" ", 4)
            with lock:
                seen.append((int(offset), orjson.loads(content)["event"]))

    monkeypatch.setattr(realtime, "publish", note)
    return seen


def say(actor: User, channel: Channel, text: str = "Ahoy", **more: Any) -> Message:
    return send_message(actor=actor, channel_id=channel.pk, client_id=uuid4(), text=text, **more)[0]


def test_what_is_sent_many_times_at_once_is_there_once(
    owner: User, channel: Channel, published: list[tuple[int, str]]
) -> None:
    name = uuid4()
    sent: list[tuple[Message, bool]] = []

    def send() -> None:
        sent.append(send_message(actor=owner, channel_id=channel.pk, client_id=name, text="Ahoy"))

    assert set(at_once(*[send] * 8)) == {"done"}
    assert len({message.pk for message, _is_new in sent}) == 1
    assert Counter(is_new for _message, is_new in sent) == {True: 1, False: 7}
    assert published == [(1, "message.created")]
    assert SpaceLog.objects.get().offset == Message.objects.count() == 1


def test_offsets_of_writers_at_once_are_dense_and_each_is_pushed_once(
    owner: User, bob: User, space: Space, channel: Channel, published: list[tuple[int, str]]
) -> None:
    channels = [channel, make_channel(space, "watch", kind=Channel.Type.TEXT)]
    writes = [
        lambda number=number: say([owner, bob][number % 2], channels[number // 2 % 2]) for number in range(24)
    ]
    assert set(at_once(*writes)) == {"done"}
    assert sorted(published) == [(offset, "message.created") for offset in range(1, 25)]
    assert list(LogEvent.objects.order_by("offset").values_list("offset", flat=True)) == list(range(1, 25))
    assert set(Message.objects.values_list("offset", flat=True)) == set(range(1, 25))


def test_whoever_reads_while_others_write_sees_no_hole(owner: User, space: Space, channel: Channel) -> None:
    """What is visible of the log is always dense up to its top: commits come in the order of offsets."""
    reader = SpaceLogReader()
    begin = reader.tops([space.pk])[space.pk]
    holes: list[Any] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                recovery = reader.read(space.pk, Position(begin.epoch, 0), 1000)
                offsets = [entry.offset for entry in recovery.entries or []]
                if recovery.entries is None or offsets != list(range(1, recovery.top.offset + 1)):
                    holes.append(recovery)
        finally:
            connection.close()

    watcher = threading.Thread(target=read)
    watcher.start()
    try:
        assert set(at_once(*[lambda: say(owner, channel)] * 16)) == {"done"}
    finally:
        done.set()
        watcher.join()
    assert holes == []


def test_nobody_waits_in_a_circle(
    owner: User, bob: User, space: Space, channel: Channel, published: list[tuple[int, str]]
) -> None:
    """All that is done to messages, and to who may do it, at the same moment: nothing is lost or doubled."""
    message = say(owner, channel)
    mine = say(bob, channel)
    other = make_channel(space, "watch", kind=Channel.Type.TEXT)
    membership = space.memberships.get(user=bob)
    where: dict[str, Any] = {"channel_id": channel.pk, "message_id": message.pk}
    circles: list[Exception] = []

    def noting(action: Callable) -> Callable:
        def run() -> None:
            try:
                action()
            except OperationalError as error:
                if "deadlock" in str(error):
                    circles.append(error)
                raise

        return run

    actions: list[Callable] = [
        *[lambda: say(bob, channel, reply_to=message.pk)] * 3,
        *[lambda: say(owner, other)] * 3,
        lambda: edit_message(actor=owner, text="Changed", **where),
        lambda: set_reaction(actor=bob, emoji="👋", on=True, **where),
        lambda: set_reaction(actor=owner, emoji="👋", on=True, **where),
        lambda: set_pin(actor=bob, on=True, **where),
        lambda: delete_message(actor=bob, channel_id=channel.pk, message_id=mine.pk),
        lambda: change_role(actor=owner, space_id=space.pk, member_id=membership.pk, role="member"),
        lambda: delete_channel(actor=owner, channel_id=other.pk),
    ]
    answers = at_once(*[noting(action) for action in actions])
    assert circles == []
    assert set(answers) <= {"done", "not_moderator", "channel_not_found"}
    top = SpaceLog.objects.get().offset
    assert sorted(offset for offset, _event in published) == list(range(1, top + 1))


def test_reactions_at_once_are_counted_exactly(owner: User, bob: User, channel: Channel) -> None:
    message = say(owner, channel)
    where: dict[str, Any] = {"channel_id": channel.pk, "message_id": message.pk, "emoji": "👋"}
    toggles = [lambda user=user: set_reaction(actor=user, on=True, **where) for user in (owner, bob)] * 4
    assert set(at_once(*toggles)) == {"done"}
    assert Reaction.objects.count() == 2
    assert LogEvent.objects.filter(kind="reaction.changed").count() == 2


def test_pins_at_once_stay_within_their_number(owner: User, bob: User, channel: Channel) -> None:
    Message.objects.bulk_create(
        Message(channel=channel, offset=1000 + number, text="Old", pinned_at="2026-11-21T00:00:00Z")
        for number in range(48)
    )
    messages = [say(owner, channel) for _number in range(6)]
    pins = [
        lambda message=message: set_pin(actor=bob, channel_id=channel.pk, message_id=message.pk, on=True)
        for message in messages
    ]
    assert Counter(at_once(*pins)) == {"done": 2, "too_many_pins": 4}


def test_channel_that_is_deleted_while_people_write_goes_whole(
    owner: User, bob: User, channel: Channel
) -> None:
    say(owner, channel)
    answers = at_once(
        lambda: delete_channel(actor=owner, channel_id=channel.pk), *[lambda: say(bob, channel)] * 6
    )
    assert answers[0] == "done"
    assert set(answers[1:]) <= {"done", "channel_not_found"}
    assert not Message.objects.exists()


def test_who_is_removed_while_writing_writes_nothing_after_it(
    owner: User, bob: User, space: Space, channel: Channel
) -> None:
    """The removal takes its place among the writes: none of theirs is committed after it."""
    member = space.memberships.get(user=bob)
    after: list[int] = []

    def remove() -> None:
        remove_member(actor=owner, space_id=space.pk, member_id=member.pk)
        after.append(Message.objects.filter(author=bob).count())

    answers = at_once(*[lambda: say(bob, channel)] * 4, remove, *[lambda: say(bob, channel)] * 4)
    assert answers[4] == "done"
    assert set(answers) <= {"done", "channel_not_found"}
    assert Message.objects.filter(author=bob).count() == after[0] == answers.count("done") - 1
