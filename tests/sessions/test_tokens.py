"""LiveKit tokens: least grants, one join each, and never for who is not in."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import jwt
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sessions.models import Connection, Participant
from sessions.services.rooms import room_is_gone
from tests.environment import SECRET
from tests.fakes import FakeLiveKit
from tests.helpers import Person, code_of, new_key


def test_token_is_for_one_join_of_one_room_with_least_grants(
    guest: Person, slug: str, livekit: FakeLiveKit
) -> None:
    guest.join(slug, "Dana")
    answer = guest.post(f"sessions/{slug}/token/").json()
    claims = jwt.decode(answer["token"], SECRET, algorithms=["HS256"])
    session_id = guest.place["session"]["id"]
    lifetime = claims.pop("exp") - claims.pop("nbf")
    assert 60 <= lifetime <= 120
    assert claims == {
        "iss": "nonza-tests",
        "sub": answer["identity"],
        "name": "Dana",
        "video": {
            "roomJoin": True,
            "room": session_id,
            "canPublish": True,
            "canSubscribe": True,
            "canPublishData": False,
            "canPublishSources": ["camera", "microphone", "screen_share", "screen_share_audio"],
            "canUpdateOwnMetadata": False,
        },
    }
    assert answer["identity"].startswith(f"{guest.id}.")
    assert answer["url"] == "ws://127.0.0.1:1"
    assert datetime.fromisoformat(answer["expires_at"]) > datetime.now(UTC)
    assert [str(room) for room in livekit.made] == [session_id]


def test_host_gets_no_more_grants_than_others(
    host: Person, guest: Person, slug: str, livekit: FakeLiveKit
) -> None:
    grants = []
    for person in (host, guest):
        person.join(slug, "A" if person is host else "B")
        token = person.post(f"sessions/{slug}/token/").json()["token"]
        grants.append(jwt.decode(token, SECRET, algorithms=["HS256"])["video"])
    assert grants[0] == grants[1]


@pytest.mark.parametrize(
    ("state", "status", "code"),
    [
        ("waiting", 403, "not_admitted"),
        ("denied", 403, "not_admitted"),
        ("removed", 403, "participant_removed"),
        ("banned", 403, "participant_banned"),
    ],
)
def test_nobody_gets_a_token_before_admission_or_after_removal(
    guest: Person, slug: str, livekit: FakeLiveKit, state: str, status: int, code: str
) -> None:
    guest.join(slug)
    Participant.objects.filter(pk=guest.id).update(state=state)
    assert code_of(guest.post(f"sessions/{slug}/token/")) == (status, code)
    assert not Participant.objects.exclude(identity="").exists()
    assert not livekit.made


def test_stranger_gets_no_token(mallory: Person, slug: str, livekit: FakeLiveKit) -> None:
    assert code_of(mallory.post(f"sessions/{slug}/token/")) == (401, "credential_required")


def test_media_server_that_is_away_is_said_plainly(guest: Person, slug: str, livekit: FakeLiveKit) -> None:
    guest.join(slug)
    livekit.is_away = True
    answer = guest.post(f"sessions/{slug}/token/")
    assert code_of(answer) == (503, "media_unavailable")
    assert answer["Retry-After"] == "3"
    assert not Participant.objects.exclude(identity="").exists()


def test_second_tab_takes_over(
    guest: Person, slug: str, livekit: FakeLiveKit, pushes: list, commits: Callable
) -> None:
    guest.join(slug)
    first = guest.post(f"sessions/{slug}/token/").json()["identity"]
    guest.come_in(slug, first)
    with commits():
        second = guest.post(f"sessions/{slug}/token/").json()["identity"]
    assert (f"participant:{guest.id}", "connection.superseded", {"identity": second}) in pushes
    assert Connection.objects.in_call().get().identity == first  # until the second tab is there
    with commits():
        guest.come_in(slug, second)
    assert Connection.objects.get(identity=first).left_reason == "taken_over"
    assert Connection.objects.get(identity=second).left_at is None
    assert livekit.removed == [first]


def test_first_token_of_a_person_tells_no_tab_that_it_was_replaced(
    guest: Person, slug: str, livekit: FakeLiveKit, pushes: list, commits: Callable
) -> None:
    guest.join(slug)
    with commits():
        guest.post(f"sessions/{slug}/token/")
    assert not [event for _group, event, _payload in pushes if event == "connection.superseded"]


def test_older_token_lets_nobody_in(
    guest: Person, slug: str, livekit: FakeLiveKit, commits: Callable
) -> None:
    guest.join(slug)
    older, newer = (guest.post(f"sessions/{slug}/token/").json()["identity"] for _count in range(2))
    with commits():
        guest.come_in(slug, newer)
        guest.come_in(slug, older)
    assert livekit.removed == [older]
    assert Connection.objects.get().identity == newer


def test_token_from_before_a_leave_lets_nobody_in(
    guest: Person, slug: str, livekit: FakeLiveKit, commits: Callable
) -> None:
    guest.join(slug)
    identity = guest.post(f"sessions/{slug}/token/").json()["identity"]
    guest.post(f"sessions/{slug}/leave/")
    with commits():
        guest.come_in(slug, identity)
    assert livekit.removed == [identity]
    assert Participant.objects.get(pk=guest.id).state == "left"


def test_token_costs_two_queries(
    guest: Person, slug: str, livekit: FakeLiveKit, django_assert_num_queries: Any
) -> None:
    guest.join(slug)
    for _count in range(2):
        with django_assert_num_queries(2):  # who asks, with the session; the new identity and the seat
            assert guest.post(f"sessions/{slug}/token/").status_code == 200


def test_whole_way_in_costs_six_queries(guest: Person, slug: str, livekit: FakeLiveKit) -> None:
    headers = {"Idempotency-Key": new_key()}
    with CaptureQueriesContext(connection) as seen:
        assert guest.join(slug, **headers).status_code == 200
        assert guest.post(f"sessions/{slug}/token/").status_code == 200
    asked = [query["sql"] for query in seen if "SAVEPOINT" not in query["sql"]]
    # the session, locked; who is inside; guest; participant; and a token's two
    assert len(asked) == 6, "\n".join(asked)


def test_room_that_is_known_to_be_there_is_not_made_again(
    host: Person, guest: Person, slug: str, livekit: FakeLiveKit
) -> None:
    host.join(slug, "Marta")
    guest.join(slug)
    for person in (host, guest, guest):
        person.post(f"sessions/{slug}/token/")
    assert len(livekit.asked_for) == 1


def test_room_that_was_lost_is_made_again(guest: Person, slug: str, livekit: FakeLiveKit) -> None:
    guest.join(slug)
    guest.post(f"sessions/{slug}/token/")
    livekit.made.clear()
    guest.post(f"sessions/{slug}/token/")
    assert not livekit.made
    guest.post(f"sessions/{slug}/token/", {"after_loss": True})
    assert livekit.made


def test_room_that_livekit_has_closed_is_made_again(guest: Person, slug: str, livekit: FakeLiveKit) -> None:
    guest.join(slug)
    guest.post(f"sessions/{slug}/token/")
    room_is_gone(UUID(guest.place["session"]["id"]))
    guest.post(f"sessions/{slug}/token/")
    assert len(livekit.asked_for) == 2


def test_thirteenth_token_in_a_minute_is_refused(guest: Person, slug: str, livekit: FakeLiveKit) -> None:
    guest.join(slug)
    answers = [guest.post(f"sessions/{slug}/token/") for _count in range(13)]
    assert [answer.status_code for answer in answers] == [200] * 12 + [429]
    assert int(answers[-1]["Retry-After"]) >= 1
