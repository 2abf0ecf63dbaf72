"""Who may do what with a session: every operation, for every role, in every state.

The table is the promise; an operation that is missing from it fails (see tests/nonza/test_access_matrix.py).
"""

import uuid
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from sessions.models import Participant
from tests.fakes import FakeLiveKit
from tests.helpers import Person
from tests.operations import operations

ROLES = ("host", "cohost", "participant", "left", "removed", "stranger")

# An answer is its status, or the code of its refusal.
NOBODY, NOT_FOUND = "credential_required", "session_not_found"
NOT_ALLOWED, NOT_ADMITTED, REMOVED, ENDED = (
    "not_allowed",
    "not_admitted",
    "participant_removed",
    "session_ended",
)
CLOSED, NOT_AUTHOR = "chat_closed", "not_author"

LIVE: dict[str, tuple[int | str, ...]] = {
    # operation                            host cohost participant left removed stranger
    "POST sessions/": (201, 201, 201, 201, 201, 201),
    "GET sessions/": (NOBODY,) * 6,
    "GET sessions/{slug}/": (200, 200, 200, 200, 200, 200),
    "PATCH sessions/{slug}/": (200, 200, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOBODY),
    "DELETE sessions/{slug}/": (204, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOBODY),
    "POST sessions/{slug}/join/": (200, 200, 200, 200, REMOVED, 200),
    "POST sessions/{slug}/token/": (200, 200, 200, 200, REMOVED, NOBODY),
    "POST sessions/{slug}/leave/": (204, 204, 204, 204, NOT_ADMITTED, NOBODY),
    "POST sessions/{slug}/end/": (200, 200, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOBODY),
    "GET sessions/{slug}/participants/": (200, 200, 200, NOT_ADMITTED, NOT_ADMITTED, NOBODY),
    "GET sessions/{slug}/participants/{participant_id}/": (200, 200, 200, NOT_ADMITTED, NOT_ADMITTED, NOBODY),
    "GET sessions/{slug}/statistics/": (200, 200, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOBODY),
    "GET sessions/{slug}/messages/": (200, 200, 200, CLOSED, CLOSED, NOBODY),
    "POST sessions/{slug}/messages/": (201, 201, 201, CLOSED, CLOSED, NOBODY),
    "POST sessions/{slug}/messages/{message_id}/report/": (201, 201, 201, CLOSED, CLOSED, NOBODY),
    "PATCH sessions/{slug}/messages/{message_id}/": (200, NOT_AUTHOR, NOT_AUTHOR, CLOSED, CLOSED, NOBODY),
    "DELETE sessions/{slug}/messages/{message_id}/": (204, 204, NOT_AUTHOR, CLOSED, CLOSED, NOBODY),
    "POST sessions/{slug}/typing/": (204, 204, 204, CLOSED, CLOSED, NOBODY),
    "POST tickets/": (201, 201, 201, 201, 201, NOBODY),
}
OVER: dict[str, tuple[int | str, ...]] = {
    "POST sessions/": (201, 201, 201, 201, 201, 201),
    "GET sessions/": (NOBODY,) * 6,
    "GET sessions/{slug}/": (200, 200, 200, 200, 200, NOT_FOUND),
    "PATCH sessions/{slug}/": (ENDED, ENDED, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOT_FOUND),
    "DELETE sessions/{slug}/": (204, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOT_FOUND),
    "POST sessions/{slug}/join/": (ENDED, ENDED, ENDED, ENDED, REMOVED, NOT_FOUND),
    "POST sessions/{slug}/token/": (ENDED, ENDED, ENDED, ENDED, REMOVED, NOT_FOUND),
    "POST sessions/{slug}/leave/": (204, 204, 204, 204, NOT_ADMITTED, NOT_FOUND),
    "POST sessions/{slug}/end/": (200, 200, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOT_FOUND),
    "GET sessions/{slug}/participants/": (*(NOT_ADMITTED,) * 5, NOT_FOUND),
    "GET sessions/{slug}/participants/{participant_id}/": (200, *(NOT_ADMITTED,) * 4, NOT_FOUND),
    "GET sessions/{slug}/statistics/": (200, 200, NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED, NOT_FOUND),
    "GET sessions/{slug}/messages/": (200, 200, 200, 200, CLOSED, NOT_FOUND),
    "POST sessions/{slug}/messages/": (*(CLOSED,) * 5, NOT_FOUND),
    "POST sessions/{slug}/messages/{message_id}/report/": (201, 201, 201, 201, CLOSED, NOT_FOUND),
    "PATCH sessions/{slug}/messages/{message_id}/": (*(CLOSED,) * 5, NOT_FOUND),
    "DELETE sessions/{slug}/messages/{message_id}/": (204, 204, NOT_AUTHOR, NOT_AUTHOR, CLOSED, NOT_FOUND),
    "POST sessions/{slug}/typing/": (*(CLOSED,) * 5, NOT_FOUND),
    "POST tickets/": (201, 201, 201, 201, 201, NOBODY),
}
STRANGERS = {operation: (answers[-1],) * 6 for operation, answers in LIVE.items()}
SAME_EVERYWHERE: dict[str, tuple[int | str, ...]] = {
    "POST sessions/": (201,) * 6,
    "GET sessions/": (NOBODY,) * 6,
    "POST tickets/": (NOBODY,) * 6,
}
GONE: dict[str, tuple[int | str, ...]] = {
    operation: SAME_EVERYWHERE.get(operation, (NOT_FOUND,) * 6) for operation in LIVE
}
STATES = {"live": LIVE, "another one": STRANGERS, "ended": OVER, "deleted": GONE}


@pytest.fixture
def people(host: Person, slug: str, livekit: FakeLiveKit) -> dict[str, Person]:
    """Six people of one session; five of them hold a place in it."""
    people = {role: Person(f"192.0.2.{number}") for number, role in enumerate(ROLES)} | {"host": host}
    for role in ROLES[:-1]:
        assert people[role].join(slug, f"Called {role}").status_code == 200
    Participant.objects.filter(pk=people["cohost"].id).update(role="cohost")
    Participant.objects.filter(pk=people["removed"].id).update(state="removed")
    people["left"].post(f"sessions/{slug}/leave/")
    Participant.objects.update(joined_at=timezone.now())
    people["host"].message_id = _send(host, "POST sessions/{slug}/messages/", slug, "").json()["id"]
    return people


def test_every_operation_on_sessions_is_in_the_table() -> None:
    on_sessions = {operation for operation in operations() if operation.split()[1].startswith("sessions/")}
    for table in STATES.values():
        assert set(table) == on_sessions | {"POST tickets/"}
        assert {len(answers) for answers in table.values()} == {len(ROLES)}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("state", STATES)
def test_access(people: dict[str, Person], slug: str, state: str, role: str) -> None:
    target, person = _session_in(state, people, slug), people[role]
    cookies = person.browser.cookies.output()
    answers = {}
    for operation in STATES[state]:
        with transaction.atomic():
            answer = _send(person, operation, target, people["host"].id, people["host"].message_id)
            transaction.set_rollback(True)  # each is asked of the same state
        answers[operation] = answer.json()["code"] if answer.status_code >= 400 else answer.status_code
        person.browser.cookies.clear()
        person.browser.cookies.load(cookies.replace("Set-Cookie: ", ""))
    assert answers == {operation: row[ROLES.index(role)] for operation, row in STATES[state].items()}


def test_person_of_another_session_is_not_found_in_mine(host: Person, guest: Person, slug: str) -> None:
    host.join(slug, "Marta")
    Person("192.0.2.9").join(other := guest.start("Dana"), "Ilya")
    foreign = Participant.objects.filter(session__slug=other).first()
    assert foreign is not None
    answer = host.get(f"sessions/{slug}/participants/{foreign.pk}/")
    assert answer.json()["code"] == "participant_not_found"


@pytest.mark.parametrize("role", ROLES[1:])
def test_right_is_read_anew_with_every_request(people: dict[str, Person], slug: str, role: str) -> None:
    """A host who is made a participant can do at once what this role can, and no more."""
    person = people["cohost"]
    assert _send(person, "PATCH sessions/{slug}/", slug, "").status_code == 200
    changes = {"cohost": {"role": "cohost"}, "left": {"role": "participant", "state": "left"}}
    changes |= {"participant": {"role": "participant"}, "removed": {"state": "removed"}}
    if role == "stranger":
        Participant.objects.filter(pk=person.id).delete()
    else:
        Participant.objects.filter(pk=person.id).update(**changes[role])
    answer = _send(person, "PATCH sessions/{slug}/", slug, "")
    expected = LIVE["PATCH sessions/{slug}/"][ROLES.index(role)]
    assert (answer.json()["code"] if answer.status_code >= 400 else answer.status_code) == expected


def _session_in(state: str, people: dict[str, Person], slug: str) -> str:
    if state == "ended":
        assert people["host"].post(f"sessions/{slug}/end/").status_code == 200
    if state == "deleted":
        assert people["host"].delete(f"sessions/{slug}/").status_code == 204
    return Person("198.51.100.9").start() if state == "another one" else slug


def _send(
    person: Person, operation: str, slug: str, participant_id: str, message_id: str = str(uuid.uuid4())
) -> Any:
    method, template = operation.split()
    bodies: dict[str, Any] = {
        "POST sessions/": {"display_name": "Robin"},
        "PATCH sessions/{slug}/": {"title": "Winter"},
        "POST sessions/{slug}/join/": {"display_name": "Robin"},
        "POST sessions/{slug}/messages/": {"client_id": str(uuid.uuid4()), "text": "Hello"},
        "PATCH sessions/{slug}/messages/{message_id}/": {"text": "Hello again"},
        "POST tickets/": {"path": f"/ws/sessions/{slug}/"},
    }
    ids = {"slug": slug, "participant_id": participant_id, "message_id": message_id}
    body = None if method == "GET" else bodies.get(operation, {})
    return person.send(method, template.format(**ids), body)
