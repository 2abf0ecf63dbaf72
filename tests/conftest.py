"""Fixtures that all tests share."""

from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from django.apps import apps
from django_redis import get_redis_connection

from identity.refusals import refusals
from nonza import rate_limits, realtime, redis_breaker
from sessions import livekit as door
from spaces.models import Membership, Space
from tests.factories import make_space, make_user
from tests.fakes import FakeLiveKit
from tests.helpers import Person


@pytest.fixture(autouse=True)
def _empty_redis() -> None:
    """No test sees another one's tickets, counters or cached sessions, or that it had lost Redis."""
    redis_breaker.breaker._reset()
    get_redis_connection("default").flushdb()
    rate_limits._local = rate_limits._LocalBuckets()
    refusals.forget()


@pytest.fixture(autouse=True)
def _new_livekit_client() -> Iterator[None]:
    """No test speaks over another one's connection, or hears that LiveKit did not answer another one."""
    yield
    door._breaker.note_answer()
    if door._client.cache_info().currsize:
        door._client().close()
        door._client.cache_clear()


@pytest.fixture
def livekit(monkeypatch: pytest.MonkeyPatch) -> FakeLiveKit:
    fake = FakeLiveKit()
    fake.install(monkeypatch)
    return fake


@pytest.fixture
def pushes(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, Any]]:
    """What was pushed: (group, event, payload), or (group, "close", code)."""
    seen: list[tuple[str, str, Any]] = []

    def note(group: str, frame: str) -> None:
        if frame.startswith("close "):
            seen.append((group, "close", int(frame.split()[1])))
        else:
            content = orjson.loads(frame[frame.index("{") :])  # logged and passing events say so before it
            seen.append((group, content["event"], content["payload"]))

    monkeypatch.setattr(realtime, "publish", note)
    return seen


@pytest.fixture
def commits(db: None, django_capture_on_commit_callbacks: Callable) -> Callable:
    """Run what waits for the commit, as at the end of a request."""
    return lambda: django_capture_on_commit_callbacks(execute=True)


@pytest.fixture
def without_chat(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the app of messages is not installed."""
    real = apps.is_installed
    monkeypatch.setattr(apps, "is_installed", lambda name: name != "chat" and real(name))


@pytest.fixture
def host(db: None) -> Person:
    return Person("203.0.113.1")


@pytest.fixture
def guest(db: None) -> Person:
    return Person("203.0.113.2")


@pytest.fixture
def mallory(db: None) -> Person:
    return Person("198.51.100.66")


@pytest.fixture
def slug(host: Person) -> str:
    """A session that `host` started."""
    return host.start()


@pytest.fixture
def alice(db: None) -> Person:
    """She owns the space."""
    return Person("203.0.113.11").log_in(make_user("alice@example.org", "Alice"))


@pytest.fixture
def mona(db: None) -> Person:
    """She is a moderator of the space."""
    return Person("203.0.113.12").log_in(make_user("mona@example.org", "Mona"))


@pytest.fixture
def bob(db: None) -> Person:
    """He is a member of the space."""
    return Person("203.0.113.13").log_in(make_user("bob@example.org", "Bob"))


@pytest.fixture
def stranger(db: None) -> Person:
    """Logged in, and a member of another space."""
    person = Person("198.51.100.67").log_in(make_user("stranger@example.org", "Sven"))
    assert person.user
    make_space("Elsewhere", owner=person.user)
    return person


@pytest.fixture
def space(alice: Person, mona: Person, bob: Person) -> Space:
    assert alice.user
    assert mona.user
    assert bob.user
    return make_space(
        "Northlight Ferries",
        owner=alice.user,
        others={mona.user: Membership.Role.MODERATOR, bob.user: Membership.Role.MEMBER},
    )
