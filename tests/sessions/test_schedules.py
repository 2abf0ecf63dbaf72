"""Whatever LiveKit's news suffers on its way, our rows come to say who is really in the room.

Hypothesis draws what people do and what happens to the news of it: lost, doubled, late, in another
order; LiveKit restarted; a web process killed before its commit or right after it. A small LiveKit in
plain Python holds the truth.
"""

import contextlib
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.core.cache.backends.locmem import LocMemCache
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from nonza.env import Rate
from sessions import livekit
from sessions.livekit import EventKind, LiveKitEvent, Presence
from sessions.models import Connection, Participant, Session, participant_id_of
from sessions.services import rooms, webhooks
from sessions.services.reconciliation import reconcile_all
from tests.helpers import Person

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
PEOPLE, SEATS = 3, 2
TOKEN_SECONDS = 90 + 60  # its life and LiveKit's leeway
AMPLE = (Rate(1_000_000, 1),)


class Killed(Exception):
    """The process ends here."""


@dataclass
class Stay:
    identity: str
    sid: str
    joined_at: datetime


@dataclass
class TrueLiveKit:
    """Who is really in which room, and the news of it that is under way."""

    people_in: dict[UUID, dict[str, Stay]] = field(default_factory=dict)
    empty_since: dict[UUID, datetime] = field(default_factory=dict)
    under_way: list[LiveKitEvent] = field(default_factory=list)
    _numbers: Any = field(default_factory=lambda: itertools.count(1))

    # Behind the door ------------------------------------------------

    def make_room(self, room: UUID) -> None:
        if room not in self.people_in:
            self.people_in[room] = {}
            self.empty_since[room] = timezone.now() + timedelta(minutes=5)

    def close_room(self, room: UUID) -> None:
        for identity in list(self.people_in.get(room, {})):
            self.go(room, identity)
        if self.people_in.pop(room, None) is not None:
            self._tell(EventKind.ROOM_FINISHED, room)

    def remove(self, *, room: UUID, identity: str) -> None:
        self.go(room, identity)

    def rooms(self) -> list[UUID]:
        return list(self.people_in)

    def people(self, room: UUID) -> list[Presence]:
        stays = self.people_in.get(room, {}).values()
        return [Presence(stay.identity, stay.sid, stay.joined_at) for stay in stays]

    # What people do -------------------------------------------------

    def come(self, room: UUID, identity: str) -> None:
        """Let an identity in; its older stay, if there is one, ends before."""
        if room in self.people_in:
            self.go(room, identity)
            stay = Stay(identity, f"PA_{next(self._numbers)}", timezone.now().replace(microsecond=0))
            self.people_in[room][identity] = stay
            self._tell(EventKind.JOINED, room, stay)

    def go(self, room: UUID, identity: str) -> None:
        stay = self.people_in.get(room, {}).pop(identity, None)
        if stay is not None:
            self.empty_since[room] = timezone.now()
            self._tell(EventKind.LEFT, room, stay)

    def restart(self) -> None:
        self.people_in.clear()
        self.under_way.clear()

    def close_empty_rooms(self) -> None:
        for room, people in list(self.people_in.items()):
            if not people and timezone.now() - self.empty_since[room] > timedelta(seconds=20):
                self.close_room(room)

    def _tell(self, kind: EventKind, room: UUID, stay: Stay | None = None) -> None:
        identity, sid = (stay.identity, stay.sid) if stay else ("", "")
        at = timezone.now().replace(microsecond=0)
        event = {"id": f"EV_{next(self._numbers)}", "kind": kind, "room": str(room), "at": at}
        optional = {"track": ""} if "track" in LiveKitEvent.__dataclass_fields__ else {}
        self.under_way.append(LiveKitEvent(**event, identity=identity, sid=sid, **optional))


person = st.integers(0, PEOPLE - 1)
which = st.integers(0, 3)
often = [
    st.tuples(st.just("enter"), person),
    st.tuples(st.just("be_cut"), which),
    st.tuples(st.just("deliver"), which),
    st.tuples(st.just("pass_time"), st.sampled_from([0.3, 4, 11, 30, 61, 100])),
]
seldom = [
    st.tuples(st.just("answer_gate"), person),
    st.tuples(st.just("ask_for_token"), person, st.booleans()),
    st.tuples(st.just("come"), person, st.integers(0, 1)),
    st.tuples(st.just("reconnect"), which),
    st.tuples(st.just("leave"), person),
    st.tuples(st.just("deliver_twice"), which),
    st.tuples(st.just("deliver_and_die"), which),
    st.tuples(st.just("lose"), which),
    st.tuples(st.just("reconcile")),
    st.tuples(st.just("restart_media")),
]
steps = st.one_of(*often, *often, *often, *seldom)
# Now and then a process is killed right after its commit: tasks are not rung, nothing is pushed.
schedules = st.lists(
    st.tuples(steps, st.integers(0, 9).map(lambda number: number == 9)), min_size=3, max_size=25
)
endings = st.sampled_from(["nothing", "deliver all", "lose all", "end the session"])


class World:
    """One session, the people who want to be in it, and LiveKit."""

    def __init__(self, test: TestCase, media: TrueLiveKit, clock: Any) -> None:
        self.test, self.media, self.clock = test, media, clock
        self.people = [Person(f"203.0.113.{number}") for number in range(PEOPLE)]
        self.slug = self.people[0].start(max_participants=SEATS)
        self.room = UUID(self.people[0].place["session"]["id"])
        self.tokens: list[list[tuple[str, datetime]]] = [[] for _person in self.people]

    def do(self, step: tuple[Any, ...], *, dies_after_commit: bool) -> None:
        verb, *arguments = step
        with self.test.captureOnCommitCallbacks(execute=not dies_after_commit):
            getattr(self, verb)(*arguments)
        self.media.close_empty_rooms()

    def enter(self, number: int) -> None:
        """Do what a page does that nothing troubles; in a second tab it is the same."""
        self.answer_gate(number)
        self.ask_for_token(number, after_loss=True)
        self.come(number, 0)

    def answer_gate(self, number: int) -> None:
        self.people[number].join(self.slug, f"Person {number}")

    def ask_for_token(self, number: int, after_loss: bool) -> None:
        answer = self.people[number].post(f"sessions/{self.slug}/token/", {"after_loss": after_loss})
        assert answer.status_code in {200, 401, 403, 409, 410}, answer.content
        if answer.status_code == 200:
            expires_at = timezone.now() + timedelta(seconds=TOKEN_SECONDS)
            self.tokens[number].append((answer.json()["identity"], expires_at))

    def come(self, number: int, how_old: int) -> None:
        """Use the newest token, or the one before it."""
        if len(self.tokens[number]) > how_old:
            identity, expires_at = self.tokens[number][-1 - how_old]
            if expires_at > timezone.now():
                self.media.come(self.room, identity)

    def reconnect(self, which: int) -> None:
        """Come back as the same identity, with a new sid."""
        if identity := self._one_inside(which):
            self.media.come(self.room, identity)

    def be_cut(self, which: int) -> None:
        if identity := self._one_inside(which):
            self.media.go(self.room, identity)

    def leave(self, number: int) -> None:
        """Leave by the button; the browser's own leaving may follow as `be_cut`."""
        if self.people[number].place:
            assert self.people[number].post(f"sessions/{self.slug}/leave/").status_code in {204, 403, 410}

    def deliver(self, which: int) -> None:
        if self.media.under_way:
            _handle(self.media.under_way.pop(which % len(self.media.under_way)))

    def deliver_twice(self, which: int) -> None:
        """Deliver one and keep it under way: it comes again."""
        if self.media.under_way:
            _handle(self.media.under_way[which % len(self.media.under_way)])

    def deliver_and_die(self, which: int) -> None:
        """The process is killed before its commit: LiveKit will try again."""
        if self.media.under_way:
            with contextlib.suppress(Killed), transaction.atomic():
                _handle(self.media.under_way[which % len(self.media.under_way)])
                raise Killed

    def lose(self, which: int) -> None:
        if self.media.under_way:
            del self.media.under_way[which % len(self.media.under_way)]

    def reconcile(self) -> None:
        reconcile_all()

    def restart_media(self) -> None:
        self.media.restart()

    def pass_time(self, seconds: float) -> None:
        self.clock.shift(timedelta(seconds=seconds))

    def end(self) -> None:
        assert self.people[0].post(f"sessions/{self.slug}/end/").status_code == 200

    def come_to_rest(self, ending: str) -> None:
        """Let everything that is under way arrive or be lost, and the reconciler come by."""
        if ending == "end the session":
            with self.test.captureOnCommitCallbacks(execute=True):
                self.end()
        while ending == "deliver all" and self.media.under_way:
            self.do(("deliver", 0), dies_after_commit=False)
        self.media.under_way.clear()
        for _round in range(2):
            self.do(("pass_time", 11), dies_after_commit=False)
            self.do(("reconcile",), dies_after_commit=False)

    # What must be so -------------------------------------------------

    def check_always(self) -> None:
        session = Session.objects.get(slug=self.slug)
        seated = session.participants.seated(timezone.now()).count()
        assert seated <= SEATS, "more people hold seats than there are"
        open_ones = list(Connection.objects.in_call().values_list("participant", flat=True))
        assert len(open_ones) == len(set(open_ones)), "somebody counts twice"
        if session.status == Session.Status.ENDED:
            assert not open_ones, "somebody is in a session that is over"
            assert not session.participants.filter(state=Participant.State.ADMITTED).exists()
        self._check_times()

    def check_at_rest(self) -> None:
        truth = {
            (stay.identity, stay.sid) for stays in self.media.people_in.values() for stay in stays.values()
        }
        rows = Connection.objects.in_call().values_list("identity", "livekit_sid")
        assert set(rows) == truth, "the rows do not say who is in the room"
        entitled = set(Participant.objects.filter(state="admitted").values_list("pk", flat=True))
        inside = {participant_id_of(identity) for identity, _sid in truth}
        assert inside <= entitled, "somebody is in who may not be"
        if Session.objects.get(slug=self.slug).status == Session.Status.ENDED:
            assert not self.media.people_in, "the room of a session that is over is open"

    def _check_times(self) -> None:
        """Stays of one person neither overlap nor run backwards, so that minutes can be added up."""
        for participant in Participant.objects.all():
            stays = sorted(
                participant.connections.exclude(joined_at=None),
                key=lambda stay: (stay.joined_at, stay.left_at or timezone.now(), stay.created_at),
            )
            for stay, following in itertools.pairwise(stays):
                assert stay.left_at is not None
                assert stay.left_at <= following.joined_at, "two stays of one person overlap"
            for stay in stays:
                assert stay.left_at is None or stay.joined_at <= stay.left_at <= timezone.now()

    def _one_inside(self, which: int) -> str | None:
        inside = list(self.media.people_in.get(self.room, {}))
        return inside[which % len(inside)] if inside else None


def _handle(event: LiveKitEvent) -> None:
    with _read_as(event):
        webhooks.take_webhook(body=b"", authorization="")


@contextlib.contextmanager
def _read_as(event: LiveKitEvent) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(webhooks, "read_webhook", lambda *_signed: event)
        yield


@pytest.fixture
def _quiet_world(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.RATES = dict.fromkeys(settings.RATES, AMPLE)
    # Its times are those of the test, not of a Redis beside it.
    monkeypatch.setattr(rooms, "cache", LocMemCache("schedules", {}))


class TestSchedules(TestCase):
    @pytest.fixture(autouse=True)
    def _patches(self, _quiet_world: None, monkeypatch: pytest.MonkeyPatch) -> None:
        self.monkeypatch = monkeypatch

    def _play(self, schedule: list, ending: str) -> None:
        media = TrueLiveKit()
        for verb in ("make_room", "close_room", "remove", "rooms", "people"):
            self.monkeypatch.setattr(livekit, verb, getattr(media, verb))
        rooms.cache.clear()
        with time_machine.travel(START, tick=False) as clock:
            world = World(self, media, clock)
            for number in range(SEATS):  # so that there is somebody to lose
                world.do(("enter", number), dies_after_commit=False)
                world.do(("deliver", 0), dies_after_commit=False)
            for step, dies_after_commit in schedule:
                world.do(step, dies_after_commit=dies_after_commit)
                world.check_always()
            world.come_to_rest(ending)
            world.check_always()
            world.check_at_rest()

    @settings(
        max_examples=100, derandomize=True, deadline=None, database=None,
        phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @example(  # a second tab, told late, on top of the first one
        [(("enter", 0), False), (("pass_time", 4), False), (("deliver", 0), False)], "nothing"
    )
    @example(  # a host's connection, ended by a repair, and the next one told later still
        [(("be_cut", 0), False), (("lose", 0), False), (("enter", 0), False), (("pass_time", 11), False),
         (("reconcile",), False), (("deliver", 0), False)], "nothing",
    )  # fmt: skip
    @given(schedules, endings)
    def test_rows_come_to_say_who_is_in_the_room(self, schedule: list, ending: str) -> None:
        self._play(schedule, ending)

    @pytest.mark.soak
    @settings(
        max_examples=3000, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(schedules, endings)
    def test_rows_come_to_say_who_is_in_the_room_at_length(self, schedule: list, ending: str) -> None:
        self._play(schedule, ending)
