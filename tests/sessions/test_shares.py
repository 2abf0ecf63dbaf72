"""Shared screens: the same rows, however LiveKit's news come."""

import itertools
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sessions import livekit as door
from sessions.models import Connection, Participant, ScreenShare, Session
from sessions.services.reconciliation import reconcile_all
from sessions.services.sessions import end_session
from sessions.services.shares import share_ended, share_started
from tests.fakes import FakeLiveKit
from tests.helpers import Person
from tests.news import news, tell

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def connection(guest: Person, slug: str, livekit: FakeLiveKit) -> Connection:
    """A guest who has been in the call for a while."""
    guest.join(slug)
    participant = Participant.objects.get(pk=guest.id)
    return Connection.objects.create(
        participant=participant, identity=f"{participant.pk}.0a1b2c", livekit_sid="PA_1", joined_at=NOON
    )


def track(source: str = "SCREEN_SHARE", sid: str = "TR_1") -> dict[str, Any]:
    return {"track": {"sid": sid, "source": source, "type": "VIDEO"}}


def test_news_of_a_screen_are_kept(guest: Person, connection: Connection) -> None:
    assert tell(news("track_published", guest, connection.identity, **track())).status_code == 204
    share = ScreenShare.objects.get()
    assert (share.track_sid, share.ended_at, share.participant_id) == (
        "TR_1",
        None,
        connection.participant_id,
    )
    tell(news("track_unpublished", guest, connection.identity, **track()))
    share.refresh_from_db()
    assert share.ended_at is not None


@pytest.mark.parametrize("source", ["CAMERA", "MICROPHONE", "SCREEN_SHARE_AUDIO"])
def test_other_tracks_are_none_of_our_business(guest: Person, connection: Connection, source: str) -> None:
    assert tell(news("track_published", guest, connection.identity, **track(source))).status_code == 204
    assert not ScreenShare.objects.exists()


@pytest.mark.parametrize("identity", ["somebody", "", "0c9f3e0e-0000-4000-8000-000000000000.abc"])
def test_screen_of_nobody_we_know_is_passed_over(guest: Person, slug: str, identity: str) -> None:
    guest.join(slug)
    assert tell(news("track_published", guest, identity, **track())).status_code == 204
    assert tell(news("track_unpublished", guest, identity, **track())).status_code == 204
    assert not ScreenShare.objects.exists()


STARTED, ENDED = (share_started, NOON), (share_ended, NOON + timedelta(minutes=5))


@pytest.mark.parametrize("order", set(itertools.permutations([STARTED, STARTED, ENDED, ENDED])))
def test_order_and_doubles_change_nothing(connection: Connection, order: Any) -> None:
    for happened, at in order:
        happened(identity=connection.identity, track="TR_1", at=at)
    share = ScreenShare.objects.get()
    assert (share.started_at, share.ended_at) == (NOON, NOON + timedelta(minutes=5))


def test_news_after_the_end_change_nothing(connection: Connection) -> None:
    share_started(identity=connection.identity, track="TR_1", at=NOON)
    end_session(session=Session.objects.get(), reason=Session.EndedReason.HOST_ENDED)
    share_started(identity=connection.identity, track="TR_2", at=NOON)
    share_ended(identity=connection.identity, track="TR_1", at=NOON)
    assert list(ScreenShare.objects.values_list("track_sid", "ended_at")) == [("TR_1", None)]


def in_room(livekit: FakeLiveKit, connection: Connection, *tracks: str) -> None:
    """LiveKit shows these screens of the guest, and our rows are older than what it tells."""
    room = connection.participant.session_id
    joined_at = datetime.now(UTC)
    livekit.made.add(room)
    livekit.people_in[room][connection.identity] = door.Presence(
        connection.identity, "PA_1", joined_at, frozenset(tracks)
    )
    long_ago = joined_at - timedelta(seconds=30)
    Connection.objects.update(updated_at=long_ago)
    ScreenShare.objects.update(updated_at=long_ago)


def test_end_that_was_never_told_is_found(livekit: FakeLiveKit, connection: Connection) -> None:
    share_started(identity=connection.identity, track="TR_1", at=NOON)
    in_room(livekit, connection, "TR_1")
    reconcile_all()
    assert ScreenShare.objects.get().ended_at is None
    in_room(livekit, connection)
    reconcile_all()
    assert ScreenShare.objects.get().ended_at is not None


def test_beginning_that_was_never_told_is_found(livekit: FakeLiveKit, connection: Connection) -> None:
    in_room(livekit, connection, "TR_1")
    reconcile_all()
    share = ScreenShare.objects.get()
    assert (share.track_sid, share.ended_at) == ("TR_1", None)


def test_what_was_told_just_now_is_not_repaired(livekit: FakeLiveKit, connection: Connection) -> None:
    """A listing may be older than the news."""
    in_room(livekit, connection)
    share_started(identity=connection.identity, track="TR_1", at=datetime.now(UTC))
    reconcile_all()
    assert ScreenShare.objects.get().ended_at is None
