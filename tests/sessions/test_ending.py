"""Leaving, ending for all, changing and deleting."""

from collections.abc import Callable
from unittest.mock import ANY

import pytest
from django.dispatch import Signal

from identity.models import Guest
from sessions.models import Connection, Participant, Session
from sessions.signals import session_ended
from tests.fakes import FakeLiveKit
from tests.helpers import Person, code_of


def test_person_who_leaves_gives_up_the_seat(
    guest: Person, slug: str, livekit: FakeLiveKit, pushes: list, commits: Callable
) -> None:
    guest.join(slug)
    guest.come_in(slug)
    with commits():
        assert guest.post(f"sessions/{slug}/leave/").status_code == 204
    row = Participant.objects.get(pk=guest.id)
    assert (row.state, row.seat_held_until) == ("left", None)
    assert Connection.objects.get().left_reason == "left"
    events = [event for _group, event, _payload in pushes]
    assert events == ["participant.left", "close"]
    assert pushes[1] == (f"participant:{guest.id}", "close", 4403)


def test_leaving_twice_is_leaving_once(guest: Person, slug: str) -> None:
    guest.join(slug)
    assert [guest.post(f"sessions/{slug}/leave/").status_code for _count in range(2)] == [204, 204]


def test_host_ends_for_all(
    host: Person, guest: Person, slug: str, livekit: FakeLiveKit, pushes: list, commits: Callable
) -> None:
    heard: list[Session] = []

    def listen(sender: type, session: Session, signal: Signal, **_rest: object) -> None:
        heard.append(session)

    session_ended.connect(listen)
    guest.join(slug)
    guest.come_in(slug)
    pushes.clear()
    with commits():
        answer = host.post(f"sessions/{slug}/end/")
    session_ended.disconnect(listen)
    assert answer.json()["status"] == "ended"
    assert answer.json()["ended_reason"] == "host_ended"
    session = Session.objects.get(slug=slug)
    assert pushes == [
        (f"session:{session.pk}", "session.ended", {"reason": "host_ended"}),
        (f"session:{session.pk}", "close", 4403),
    ]
    assert livekit.closed == [session.pk]
    assert [row.pk for row in heard] == [session.pk]
    assert Participant.objects.get(pk=guest.id).state == "left"
    assert Connection.objects.get().left_reason == "ended"
    assert code_of(guest.post(f"sessions/{slug}/token/")) == (410, "session_ended")
    assert code_of(guest.join(slug)) == (410, "session_ended")
    assert guest.get(f"sessions/{slug}/").json()["status"] == "ended"


def test_ending_twice_is_ending_once(host: Person, slug: str, pushes: list, commits: Callable) -> None:
    with commits():
        answers = [host.post(f"sessions/{slug}/end/") for _count in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert [event for _group, event, _payload in pushes] == ["session.ended", "close"]


def test_participant_may_neither_end_nor_change_nor_delete(guest: Person, slug: str) -> None:
    guest.join(slug)
    assert code_of(guest.post(f"sessions/{slug}/end/")) == (403, "not_allowed")
    assert code_of(guest.patch(f"sessions/{slug}/", {"title": "Mine"})) == (403, "not_allowed")
    assert code_of(guest.delete(f"sessions/{slug}/")) == (403, "not_allowed")


def test_cohost_may_change_and_end_but_not_delete(guest: Person, slug: str) -> None:
    guest.join(slug)
    Participant.objects.filter(pk=guest.id).update(role="cohost")
    assert guest.patch(f"sessions/{slug}/", {"title": "Ours"}).json()["title"] == "Ours"
    assert code_of(guest.delete(f"sessions/{slug}/")) == (403, "not_allowed")
    assert guest.post(f"sessions/{slug}/end/").status_code == 200


def test_change_is_pushed_to_everybody_inside(
    host: Person, slug: str, pushes: list, commits: Callable
) -> None:
    with commits():
        host.patch(f"sessions/{slug}/", {"title": "Winter", "max_participants": 3})
    session = Session.objects.get(slug=slug)
    assert pushes == [(f"session:{session.pk}", "session.changed", ANY)]
    payload = pushes[0][2]
    assert (payload["title"], payload["max_participants"], payload["me"]) == ("Winter", 3, None)


def test_ended_session_cannot_be_changed(host: Person, slug: str) -> None:
    host.post(f"sessions/{slug}/end/")
    assert code_of(host.patch(f"sessions/{slug}/", {"title": "New"})) == (410, "session_ended")


def test_deleted_session_leaves_no_row(
    host: Person, guest: Person, slug: str, livekit: FakeLiveKit, pushes: list, commits: Callable
) -> None:
    guest.join(slug)
    session = Session.objects.get(slug=slug)
    with commits():
        assert host.delete(f"sessions/{slug}/").status_code == 204
    assert (Session.objects.count(), Participant.objects.count(), Guest.objects.count()) == (0, 0, 0)
    assert livekit.closed == [session.pk]
    assert (f"session:{session.pk}", "session.ended", {"reason": "host_ended"}) in pushes
    assert code_of(host.get(f"sessions/{slug}/")) == (404, "session_not_found")


@pytest.mark.parametrize("fields", [{"access": "members"}, {"access": "lobby"}])
def test_access_cannot_be_changed_to_what_is_not_offered(host: Person, slug: str, fields: dict) -> None:
    assert code_of(host.patch(f"sessions/{slug}/", fields)) == (400, "access_not_offered")
