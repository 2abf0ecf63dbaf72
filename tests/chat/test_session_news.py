"""What the chat of a session does about news: system messages, counts, and being forgotten."""

from typing import Any

import pytest
from django_redis import get_redis_connection

from chat.models import SessionTally
from chat.services import session_news, session_store
from nonza.redis_breaker import breaker
from sessions.models import Session
from sessions.services.announcements import announce
from spaces.models import Space
from tests.fakes import FakeLiveKit
from tests.helpers import Person


@pytest.fixture(autouse=True)
def _everything_commits(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if each service were a transaction of its own, which it is outside of tests."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda tell, **_options: tell())


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Redis, that can be taken away and given back."""

    def take() -> None:
        monkeypatch.setattr(breaker, "_is_open", True)

    return take


def chat_of(person: Person, slug: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = person.get(f"sessions/{slug}/messages/").json()["results"]
    return found


def say(person: Person, slug: str, number: int = 1) -> None:
    body = {"client_id": f"00000000-0000-4000-8000-{number:012}", "text": "Hello"}
    assert person.post(f"sessions/{slug}/messages/", body).status_code == 201


def test_what_happens_is_read_in_the_chat(
    host: Person, guest: Person, slug: str, livekit: FakeLiveKit
) -> None:
    host.join(slug, "Marta")
    host.come_in(slug)
    guest.join(slug, "Dana")
    guest.come_in(slug)
    say(guest, slug)
    guest.post(f"sessions/{slug}/leave/")
    host.post(f"sessions/{slug}/end/")
    shown = chat_of(host, slug)
    assert [message["code"] for message in shown] == [
        "participant.joined",
        "participant.joined",
        "",
        "participant.left",
        "session.ended",
    ]
    assert {name: shown[1][name] for name in ("kind", "author", "text", "client_id", "params")} == {
        "kind": "system",
        "author": None,
        "text": "",
        "client_id": None,
        "params": {"display_name": "Dana", "participant_id": guest.id},
    }


def test_joining_needs_no_chat(guest: Person, slug: str, livekit: FakeLiveKit, away: Any) -> None:
    """What could not be written down is, once Redis is back."""
    guest.join(slug, "Dana")
    identity = guest.post(f"sessions/{slug}/token/").json()["identity"]
    away()
    guest.come_in(slug, identity)
    waiting = breaker._close()
    assert any(key.startswith("announcement") for key in waiting)
    for action in waiting.values():
        action()
    assert [message["code"] for message in chat_of(guest, slug)] == ["participant.joined"]


def test_writing_down_asks_nothing_of_the_database(slug: str, django_assert_num_queries: Any) -> None:
    session = Session.objects.get(slug=slug)
    with django_assert_num_queries(0):
        announce(session=session, code="participant.joined", params={"display_name": "Dana"})
    assert session_store.page(session.pk, limit=5).messages[0]["code"] == "participant.joined"


def test_messages_are_counted_while_it_goes_on_and_after(
    host: Person, slug: str, livekit: FakeLiveKit
) -> None:
    host.join(slug, "Marta")
    host.come_in(slug)
    for number in range(3):
        say(host, slug, number)
    first = chat_of(host, slug)[1]
    host.delete(f"sessions/{slug}/messages/{first['id']}/")
    assert host.get(f"sessions/{slug}/statistics/").json()["extra"] == {"messages": 3}
    host.post(f"sessions/{slug}/end/")
    assert SessionTally.objects.get().messages == 3
    get_redis_connection("default").flushdb()
    assert host.get(f"sessions/{slug}/statistics/").json()["extra"] == {"messages": 3}


def test_end_is_counted_once_redis_is_back(
    host: Person, slug: str, livekit: FakeLiveKit, away: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session_news.connection, "close", lambda: None)  # the test's own
    host.join(slug, "Marta")
    say(host, slug)
    away()
    assert host.post(f"sessions/{slug}/end/").status_code == 200
    assert not SessionTally.objects.exists()
    assert host.get(f"sessions/{slug}/statistics/").json()["extra"] == {}
    for action in breaker._close().values():
        action()
    assert SessionTally.objects.get().messages == 1


def test_deleted_session_leaves_nothing_written(host: Person, slug: str, livekit: FakeLiveKit) -> None:
    host.join(slug, "Marta")
    say(host, slug)
    session_id = Session.objects.get(slug=slug).pk
    assert host.delete(f"sessions/{slug}/").status_code == 204
    keys = get_redis_connection("default").keys(f"nonza:chat:*{session_id}*")
    assert [key for key in keys if b":once:" not in key] == []


def test_deleted_space_leaves_nothing_written(alice: Person, space: Space, livekit: FakeLiveKit) -> None:
    slug = alice.start()
    alice.join(slug, "Alice")
    say(alice, slug)
    session_id = Session.objects.get(slug=slug).pk
    alice.post("spaces/", {"name": "Another one"})
    assert alice.delete(f"spaces/{space.pk}/").status_code == 204
    assert session_store.page(session_id, limit=5).messages == []
