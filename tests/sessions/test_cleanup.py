"""Sessions that are over end by themselves, and what is no longer kept is deleted."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.sessions.models import Session as LoginSession
from django.utils import timezone

from chat.tasks import purge as purge_of_chat
from identity.models import Guest, User
from identity.tasks import purge as purge_of_logins
from nonza.tasks import note_tick
from sessions import tasks
from sessions.models import Connection, Participant, Session, WebhookEvent
from sessions.services import cleanup
from sessions.services.cleanup import purge_old
from sessions.services.connections import connection_left
from spaces.tasks import purge as purge_of_spaces
from tests.fakes import FakeLiveKit
from tests.helpers import Person, code_of

START = datetime(2026, 3, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("livekit")


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def slug(clock: Any, host: Person) -> str:
    return host.start()


@pytest.fixture
def end_finished(commits: Callable) -> Callable[[], None]:
    """What beat does every minute."""

    def run() -> None:
        with commits():
            cleanup.end_finished()

    return run


def come_in(person: Person, slug: str) -> str:
    """Join and connect; return the LiveKit identity."""
    person.join(slug, "Somebody")
    return person.come_in(slug)


def disconnect(identity: str) -> None:
    row = Connection.objects.select_related("participant").get(identity=identity)
    room = str(row.participant.session_id)
    connection_left(room=room, identity=identity, sid=row.livekit_sid, at=timezone.now())


def outcome(slug: str) -> tuple[str, str]:
    session = Session.objects.get(slug=slug)
    return session.status, session.ended_reason


ACTIVE = ("active", "")


# Ending -------------------------------------------------------------------


def test_session_that_everybody_left_ends_after_fifteen_minutes(
    clock: Any, guest: Person, slug: str, end_finished: Callable
) -> None:
    identity = come_in(guest, slug)
    clock.shift(timedelta(hours=1))
    disconnect(identity)
    clock.shift(timedelta(minutes=14, seconds=59))
    end_finished()
    assert outcome(slug) == ACTIVE
    clock.shift(timedelta(seconds=1))
    end_finished()
    assert outcome(slug) == ("ended", "empty")


def test_clock_of_an_empty_session_starts_anew_when_somebody_was_back(
    clock: Any, guest: Person, slug: str, end_finished: Callable
) -> None:
    disconnect(come_in(guest, slug))
    clock.shift(timedelta(minutes=14))
    disconnect(come_in(guest, slug))
    clock.shift(timedelta(minutes=14))
    end_finished()
    assert outcome(slug) == ACTIVE
    clock.shift(timedelta(minutes=1))
    end_finished()
    assert outcome(slug) == ("ended", "empty")


def test_session_to_which_nobody_came_ends_after_six_hours(
    clock: Any, slug: str, end_finished: Callable
) -> None:
    clock.shift(timedelta(hours=5, minutes=59))
    end_finished()
    assert outcome(slug) == ACTIVE
    clock.shift(timedelta(minutes=1))
    end_finished()
    assert outcome(slug) == ("ended", "abandoned")


def test_session_ends_at_its_expiry(clock: Any, host: Person, end_finished: Callable) -> None:
    slug = host.start(expires_at=(START + timedelta(hours=1)).isoformat())
    clock.shift(timedelta(minutes=59))
    end_finished()
    assert outcome(slug) == ACTIVE
    clock.shift(timedelta(minutes=1))
    end_finished()
    assert outcome(slug) == ("ended", "expired")
    assert code_of(host.join(slug, "Marta")) == (410, "session_expired")


def test_call_with_people_in_it_is_never_cut(
    clock: Any, host: Person, guest: Person, end_finished: Callable
) -> None:
    slug = host.start(expires_at=(START + timedelta(hours=1)).isoformat())
    identity = come_in(guest, slug)
    clock.shift(timedelta(days=3))
    end_finished()
    assert outcome(slug) == ACTIVE
    disconnect(identity)
    end_finished()
    assert outcome(slug) == ACTIVE, "who lost the connection has a minute to come back"
    clock.shift(timedelta(seconds=61))
    end_finished()
    assert outcome(slug) == ("ended", "expired")


@pytest.mark.parametrize("wait", [timedelta(minutes=15), timedelta(hours=7)])
def test_session_does_not_end_in_the_face_of_who_is_just_coming_in(
    clock: Any, host: Person, guest: Person, slug: str, end_finished: Callable, wait: timedelta
) -> None:
    disconnect(come_in(guest, slug))
    guest.post(f"sessions/{slug}/leave/")
    clock.shift(wait)
    host.join(slug, "Marta")
    end_finished()
    assert outcome(slug) == ACTIVE
    assert host.post(f"sessions/{slug}/token/").status_code == 200


def test_who_comes_in_while_the_end_is_decided_stays(
    clock: Any, guest: Person, slug: str, end_finished: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    disconnect(come_in(guest, slug))
    clock.shift(timedelta(minutes=16))
    decide = cleanup._end_if_still_in

    def decide_late(*arguments: Any) -> None:
        come_in(guest, slug)
        decide(*arguments)

    monkeypatch.setattr(cleanup, "_end_if_still_in", decide_late)
    end_finished()
    assert outcome(slug) == ACTIVE


def test_session_deleted_while_the_end_is_decided_stops_no_other(
    clock: Any, host: Person, slug: str, end_finished: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    others = [Person("192.0.2.1").start() for _count in range(2)]
    clock.shift(timedelta(hours=7))
    decide = cleanup._end_if_still_in

    def decide_late(*arguments: Any) -> None:
        Session.objects.filter(slug=slug).delete()
        decide(*arguments)

    monkeypatch.setattr(cleanup, "_end_if_still_in", decide_late)
    end_finished()
    assert [outcome(other) for other in others] == [("ended", "abandoned")] * 2


def test_operator_may_set_a_longest_time(
    clock: Any, guest: Person, slug: str, end_finished: Callable, settings: Any, livekit: FakeLiveKit
) -> None:
    settings.MAX_SESSION_HOURS = 2
    come_in(guest, slug)
    clock.shift(timedelta(hours=1, minutes=59))
    end_finished()
    assert outcome(slug) == ACTIVE
    clock.shift(timedelta(minutes=1))
    end_finished()
    assert outcome(slug) == ("ended", "too_long")
    session = Session.objects.get(slug=slug)
    assert livekit.closed == [session.pk]
    assert Connection.objects.get().left_reason == "ended"


def test_end_by_the_clock_is_told_like_any_end(
    clock: Any, guest: Person, slug: str, end_finished: Callable, pushes: list, livekit: FakeLiveKit
) -> None:
    guest.join(slug)
    clock.shift(timedelta(hours=6))
    end_finished()
    session = Session.objects.get(slug=slug)
    group = f"session:{session.pk}"
    assert (group, "session.ended", {"reason": "abandoned"}) in pushes
    assert (group, "close", 4403) in pushes
    assert livekit.closed == [session.pk]
    assert set(session.participants.values_list("state", flat=True)) == {"left"}


def test_ended_session_is_left_alone(clock: Any, host: Person, slug: str, end_finished: Callable) -> None:
    host.post(f"sessions/{slug}/end/")
    before = Session.objects.values().get()
    clock.shift(timedelta(days=1))
    end_finished()
    assert Session.objects.values().get() == before


def test_numbers_are_the_operators(clock: Any, slug: str, end_finished: Callable, settings: Any) -> None:
    settings.ABANDONED_SESSION_HOURS = 1
    clock.shift(timedelta(hours=1))
    end_finished()
    assert outcome(slug) == ("ended", "abandoned")


# Purging ------------------------------------------------------------------


def test_addresses_and_browsers_are_forgotten_after_thirty_days(clock: Any, guest: Person, slug: str) -> None:
    guest.join(slug)
    clock.shift(timedelta(days=29, hours=23))
    purge_old()
    assert Participant.objects.get(pk=guest.id).client_ip == guest.ip
    clock.shift(timedelta(hours=2))
    purge_old()
    for participant in Participant.objects.all():
        assert (participant.client_ip, participant.user_agent) == (None, "")
        assert participant.display_name, "who they were stays as long as the session"


def test_ended_sessions_and_their_people_are_deleted_after_thirty_days(
    clock: Any, host: Person, guest: Person, slug: str
) -> None:
    come_in(guest, slug)
    host.post(f"sessions/{slug}/end/")
    clock.shift(timedelta(days=29, hours=23))
    purge_old()
    assert Session.objects.count() == 1
    clock.shift(timedelta(hours=2))
    purge_old()
    for model in (Session, Participant, Connection, Guest):
        assert not model.objects.exists(), model  # type: ignore[attr-defined]


def test_users_outlive_their_sessions(clock: Any, slug: str, host: Person) -> None:
    user = User.objects.create_user("alice@example.org")
    Participant.objects.create(session=Session.objects.get(slug=slug), user=user, display_name="Alice")
    host.post(f"sessions/{slug}/end/")
    clock.shift(timedelta(days=31))
    purge_old()
    assert User.objects.get() == user


def test_live_session_is_kept_however_old(clock: Any, guest: Person, slug: str) -> None:
    come_in(guest, slug)
    clock.shift(timedelta(days=90))
    purge_old()
    assert Session.objects.count() == 1
    assert Guest.objects.count() == 2


def test_guest_without_a_session_is_deleted_after_thirty_days(clock: Any, db: None) -> None:
    Guest.objects.create(credential_hash="lost")
    clock.shift(timedelta(days=29))
    purge_old()
    assert Guest.objects.exists()
    clock.shift(timedelta(days=2))
    purge_old()
    assert not Guest.objects.exists()


def test_ids_of_webhooks_are_kept_for_two_days(clock: Any, db: None) -> None:
    WebhookEvent.objects.create(id="EV_1")
    clock.shift(timedelta(hours=47))
    purge_old()
    assert WebhookEvent.objects.exists()
    clock.shift(timedelta(hours=2))
    purge_old()
    assert not WebhookEvent.objects.exists()


def test_old_login_sessions_are_deleted(clock: Any, mallory: Person) -> None:
    mallory.browser.force_login(User.objects.create_user("alice@example.org"))
    assert LoginSession.objects.count() == 1
    clock.shift(timedelta(days=15))
    purge_old()
    assert LoginSession.objects.count() == 0


def test_deleted_session_leaves_nobody_behind(host: Person, guest: Person, slug: str) -> None:
    guest.join(slug)
    host.delete(f"sessions/{slug}/")
    for model in (Session, Participant, Connection, Guest):
        assert not model.objects.exists(), model  # type: ignore[attr-defined]


def test_beat_looks_every_minute_and_purges_hourly(settings: Any) -> None:
    beat = {entry["task"]: entry["schedule"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert beat == {
        tasks.reconcile.name: 10,
        tasks.end_finished_sessions.name: 60,
        tasks.purge.name: 3600,
        purge_of_chat.name: 3600,
        note_tick.name: 10,
        purge_of_spaces.name: 3600,
        purge_of_logins.name: 3600,
    }
