"""LiveKit tokens: least grants, one join each, and never for who is not in."""

from datetime import UTC, datetime

import jwt
import pytest

from sessions.models import Connection, Participant
from tests.environment import SECRET
from tests.fakes import FakeLiveKit
from tests.helpers import Person, code_of


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
    assert not Connection.objects.exists()
    assert not livekit.made


def test_stranger_gets_no_token(mallory: Person, slug: str, livekit: FakeLiveKit) -> None:
    assert code_of(mallory.post(f"sessions/{slug}/token/")) == (401, "credential_required")


def test_media_server_that_is_away_is_said_plainly(guest: Person, slug: str, livekit: FakeLiveKit) -> None:
    guest.join(slug)
    livekit.is_away = True
    answer = guest.post(f"sessions/{slug}/token/")
    assert code_of(answer) == (503, "media_unavailable")
    assert answer["Retry-After"] == "3"
    assert not Connection.objects.exists()


def test_second_tab_takes_over(
    guest: Person,
    slug: str,
    livekit: FakeLiveKit,
    pushes: list,
    django_capture_on_commit_callbacks: object,
) -> None:
    guest.join(slug)
    first = guest.post(f"sessions/{slug}/token/").json()["identity"]
    Connection.objects.update(joined_at=datetime.now(UTC), livekit_sid="PA_1")
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        second = guest.post(f"sessions/{slug}/token/").json()["identity"]
    assert Connection.objects.get(identity=first).left_reason == "taken_over"
    assert Connection.objects.get(identity=second).left_at is None
    group = f"participant:{guest.id}"
    assert (group, "connection.superseded", {"identity": second}) in pushes
    assert livekit.removed == [first]


def test_thirteenth_token_in_a_minute_is_refused(guest: Person, slug: str, livekit: FakeLiveKit) -> None:
    guest.join(slug)
    answers = [guest.post(f"sessions/{slug}/token/") for _count in range(13)]
    assert [answer.status_code for answer in answers] == [200] * 12 + [429]
    assert int(answers[-1]["Retry-After"]) >= 1
