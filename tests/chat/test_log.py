"""The log of a space's text channels, and reading it from any position."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import orjson
import pytest
from django.db import transaction
from django.utils import timezone

from chat import tasks
from chat.models import LogEvent, SpaceLog
from chat.services.log import SpaceLogReader, append
from nonza.realtime.streams import Position, Recovery, readers_of
from spaces.models import Channel, Space
from tests.chat.wording import Pushed, messages_url
from tests.factories import make_channel, make_space
from tests.helpers import Person

MOST = 500
reader = SpaceLogReader()


def read(space: Space, offset: int, *, epoch: str | None = None, most: int = MOST) -> Recovery:
    top = reader.tops([space.pk])[space.pk]
    return reader.read(space.pk, Position(epoch or top.epoch, offset), most)


def told(recovery: Recovery) -> list[tuple[int, str, Any]]:
    assert recovery.entries is not None
    frames = [(entry.offset, orjson.loads(entry.frame)) for entry in recovery.entries]
    return [(offset, frame["event"], frame["payload"]) for offset, frame in frames]


def test_sockets_of_a_space_carry_it() -> None:
    assert isinstance(readers_of("space")["chat"], SpaceLogReader)


def test_log_begins_when_it_is_first_looked_at(space: Space) -> None:
    first = reader.tops([space.pk])
    assert first == reader.tops([space.pk])
    assert first[space.pk].offset == 0
    assert told(read(space, 0)) == []


def test_logs_of_many_spaces_are_looked_at_in_one_query(
    alice: Person, space: Space, channel: Channel, say: Callable, django_assert_num_queries: Callable
) -> None:
    say(alice)
    assert alice.user
    others = [make_space(f"Space {number}", owner=alice.user) for number in range(3)]
    keys = [space.pk, *[other.pk for other in others]]
    assert reader.tops(keys)[space.pk].offset == 1
    for some in (keys[:1], keys):
        with django_assert_num_queries(1):
            assert set(reader.tops(some)) == set(some)


def test_space_that_is_gone_has_no_log(space: Space) -> None:
    gone = uuid4()
    assert set(reader.tops([gone, space.pk])) == {space.pk}
    assert reader.read(gone, Position("any", 0), MOST).entries is None


def test_what_was_missed_is_what_was_pushed(
    bob: Person, alice: Person, space: Space, channel: Channel, logged: list[Pushed], commits: Callable
) -> None:
    with commits():
        first = bob.post(messages_url(channel), {"client_id": str(uuid4()), "text": "Ahoy"}).json()["id"]
        alice.put(messages_url(channel, first, "reactions"), {"emoji": "👋"})
        alice.put(messages_url(channel, first, "pin"))
        bob.post(messages_url(channel), {"client_id": str(uuid4()), "text": "More", "reply_to": first})
    assert [event for _offset, event, _payload in logged] == [
        "message.created",
        "reaction.changed",
        "message.changed",
        "message.created",
    ]
    # Told later, the first message is as it is by then: pinned.
    missed = told(read(space, 0))
    assert missed[0] == (1, "message.created", logged[2][2])
    assert missed[1:] == logged[1:]
    for offset in range(5):
        assert told(read(space, offset)) == missed[offset:]


def test_what_was_deleted_meanwhile_is_not_told(
    bob: Person, space: Space, channel: Channel, say: Callable
) -> None:
    message = say(bob, "A secret")
    bob.put(messages_url(channel, message.pk, "reactions"), {"emoji": "👋"})
    bob.delete(messages_url(channel, message.pk))
    recovery = read(space, 0)
    assert "secret" not in str(recovery)
    created, reaction, deleted = told(recovery)
    assert created[2]["deleted_at"] == deleted[2]["deleted_at"]
    assert reaction[2]["count"] == 0


@pytest.mark.parametrize("offset", [3, 4, 2**40])
def test_position_beyond_the_top_is_none(bob: Person, space: Space, say: Callable, offset: int) -> None:
    for _message in range(2):
        say(bob)
    recovery = read(space, offset)
    assert (recovery.top.offset, recovery.entries) == (2, None)


def test_position_of_another_epoch_is_none(bob: Person, space: Space, say: Callable) -> None:
    say(bob)
    assert read(space, 0, epoch=str(uuid4())).entries is None
    assert read(space, 1, epoch="no epoch").entries is None


def test_too_many_are_not_told_at_all(bob: Person, space: Space, say: Callable) -> None:
    for _message in range(4):
        say(bob)
    assert read(space, 0, most=3).entries is None
    assert [offset for offset, *_rest in told(read(space, 1, most=3))] == [2, 3, 4]


def test_what_is_purged_is_missing(bob: Person, space: Space, say: Callable) -> None:
    for _message in range(3):
        say(bob)
    LogEvent.objects.filter(offset__lte=2).delete()
    assert read(space, 1).entries is None
    assert [offset for offset, *_rest in told(read(space, 2))] == [3]
    assert told(read(space, 3)) == []


def test_channel_that_went_leaves_a_hole(
    alice: Person, space: Space, channel: Channel, say: Callable
) -> None:
    other = make_channel(space, "watch", kind=Channel.Type.TEXT)
    say(alice)
    say(alice, channel_id=other.pk)
    say(alice)
    alice.delete(f"channels/{other.pk}/")
    assert read(space, 1).entries is None
    assert [offset for offset, *_rest in told(read(space, 2))] == [3]


def test_what_rolls_back_leaves_no_hole(
    bob: Person, say: Callable, logged: list[Pushed], commits: Callable
) -> None:
    class Regret(Exception):
        pass

    @transaction.atomic
    def say_and_regret() -> None:
        say(bob, "Never said")
        raise Regret

    with commits():
        with pytest.raises(Regret):
            say_and_regret()
        say(bob, "Said")
    assert [(offset, payload["text"]) for offset, _event, payload in logged] == [(1, "Said")]


def test_other_services_may_say_that_a_message_changed(
    bob: Person, space: Space, say: Callable, logged: list[Pushed], commits: Callable
) -> None:
    message = say(bob)
    logged.clear()
    with commits(), transaction.atomic():
        position = append(space.pk, LogEvent.Kind.CHANGED, message)
    log = SpaceLog.objects.get()
    assert position == Position(str(log.epoch), 2)
    assert [(offset, event) for offset, event, _payload in logged] == [(2, "message.changed")]


def test_reading_costs_the_same_however_much_was_missed(
    bob: Person,
    alice: Person,
    space: Space,
    channel: Channel,
    say: Callable,
    django_assert_num_queries: Callable,
) -> None:
    for _round in range(3):
        message = say(bob, reply_to=say(alice).pk)
        bob.put(messages_url(channel, message.pk, "reactions"), {"emoji": "👋"})
    for offset in (6, 0):
        # Where the log stands; its events with messages, authors and quotes; mentions, files, reactions.
        with django_assert_num_queries(6):  # one of them is `read` of this test, which looks for the epoch
            told(read(space, offset))
    with django_assert_num_queries(2):
        assert told(read(space, 9)) == []


def test_events_are_kept_for_a_week(bob: Person, space: Space, say: Callable) -> None:
    old, new = say(bob), say(bob)
    LogEvent.objects.filter(message=old).update(created_at=timezone.now() - timedelta(days=7, minutes=1))
    LogEvent.objects.filter(message=new).update(created_at=timezone.now() - timedelta(days=6, hours=23))
    tasks.purge()
    tasks.purge()  # a second beat: another one has just done it
    assert read(space, 0).entries is None
    assert [offset for offset, *_rest in told(read(space, 1))] == [2]
