"""Who may do what: every operation of the API and every socket, for everybody who may come along.

The tables are the promise; an address that is in none of them fails. What people can do within a
session is in tests/identity/test_access_matrix.py.
"""

import re
from typing import Any

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver

from spaces.models import Channel, Invitation, Membership, Space
from tests.factories import make_channel
from tests.helpers import Person
from tests.operations import operations

ROLES = ("owner", "moderator", "member", "stranger", "guest", "nobody")
NOBODY, NO_SPACE, NO_CHANNEL = "credential_required", "space_not_found", "channel_not_found"
OWNER, MODERATOR = "not_owner", "not_moderator"
NONE = (NOBODY, NOBODY)  # a guest of a session is nobody here, and so is who shows nothing
HIDDEN = (NO_SPACE, *NONE)
HIDDEN_CHANNEL = (NO_CHANNEL, *NONE)

# An answer is its status, or the code of its refusal.
OWN: dict[str, tuple[int | str, ...]] = {
    # operation                          owner moderator member stranger guest nobody
    "GET spaces/": (200, 200, 200, 200, *NONE),
    "POST spaces/": (201, 201, 201, 201, *NONE),
    "GET spaces/{space_id}/": (200, 200, 200, *HIDDEN),
    "PATCH spaces/{space_id}/": (200, OWNER, MODERATOR, *HIDDEN),
    "DELETE spaces/{space_id}/": ("last_space", OWNER, OWNER, *HIDDEN),
    "POST spaces/{space_id}/active/": (200, 200, 200, *HIDDEN),
    "PUT spaces/{space_id}/mode/": (200, OWNER, OWNER, *HIDDEN),
    "GET spaces/{space_id}/presence/": (200, 200, 200, *HIDDEN),
    "GET spaces/{space_id}/membership/": (200, 200, 200, *HIDDEN),
    "PATCH spaces/{space_id}/membership/": (200, 200, 200, *HIDDEN),
    "DELETE spaces/{space_id}/membership/": ("owner_must_stay", 204, 204, *HIDDEN),
    "GET spaces/{space_id}/members/": (200, 200, 200, *HIDDEN),
    "PATCH spaces/{space_id}/members/{member_id}/": (200, OWNER, OWNER, *HIDDEN),
    "DELETE spaces/{space_id}/members/{member_id}/": (204, OWNER, MODERATOR, *HIDDEN),
    "PUT spaces/{space_id}/owner/": (200, OWNER, OWNER, *HIDDEN),
    "GET spaces/{space_id}/invitations/": (200, 200, MODERATOR, *HIDDEN),
    "POST spaces/{space_id}/invitations/": (201, OWNER, MODERATOR, *HIDDEN),
    "DELETE spaces/{space_id}/invitations/{invitation_id}/": (200, 200, MODERATOR, *HIDDEN),
    "GET invitations/{token}/": (200, 200, 200, 200, 200, 200),
    "POST invitations/{token}/": (200, 200, 200, 200, *NONE),
    "GET spaces/{space_id}/channels/": (200, 200, 200, *HIDDEN),
    "POST spaces/{space_id}/channels/": (201, 201, MODERATOR, *HIDDEN),
    "GET channels/{channel_id}/": (200, 200, 200, *HIDDEN_CHANNEL),
    "PATCH channels/{channel_id}/": (200, 200, MODERATOR, *HIDDEN_CHANNEL),
    "DELETE channels/{channel_id}/": (204, 204, MODERATOR, *HIDDEN_CHANNEL),
    "GET notifications/": (200, 200, 200, 200, *NONE),
    "POST notifications/read/": (200, 200, 200, 200, *NONE),
}
# Seen from another space, whose owner, moderator and members are strangers here.
OTHER = {operation: (answers[3],) * 4 + answers[4:] for operation, answers in OWN.items()}
BODIES: dict[str, Any] = {
    "POST spaces/": {"name": "Another one"},
    "PATCH spaces/{space_id}/": {"name": "Fleet"},
    "PUT spaces/{space_id}/mode/": {"mode": "sessions_only"},
    "PATCH spaces/{space_id}/membership/": {"muted": True},
    "PATCH spaces/{space_id}/members/{member_id}/": {"role": "member"},
    "POST spaces/{space_id}/invitations/": {"role": "moderator"},
    "POST spaces/{space_id}/channels/": {"name": "Galley", "type": "voice"},
    "PATCH channels/{channel_id}/": {"name": "Galley"},
    "POST notifications/read/": {"all": True},
}


def test_every_address_of_the_api_is_in_the_schema_or_known_not_to_be() -> None:
    in_schema = {operation.split()[1] for operation in operations()}
    served = {re.sub(r"<\w+:(\w+)>", r"{\1}", route) for route in _routes(get_resolver().url_patterns)}
    assert served - in_schema == {"schema/", "livekit/webhook/"}


def test_every_operation_of_the_schema_is_in_a_table() -> None:
    on_sessions = {operation for operation in operations() if operation.split()[1].startswith("sessions/")}
    assert set(operations()) - on_sessions - {"POST tickets/"} == set(OWN)
    assert {len(answers) for answers in OWN.values()} == {len(ROLES)}


@pytest.fixture
def second_moderator(space: Space, db: None) -> Membership:
    """Whom others try to remove, to promote, and to hand the space over to."""
    from tests.factories import make_user  # noqa: PLC0415 -- leaf

    user = make_user("max@example.org", "Max")
    return Membership.objects.create(space=space, user=user, role=Membership.Role.MODERATOR)


@pytest.fixture
def addresses(space: Space, second_moderator: Membership) -> dict[str, str]:
    """What stands in the addresses of the space."""
    return {
        "space_id": str(space.pk),
        "member_id": str(second_moderator.pk),
        "invitation_id": str(Invitation.objects.create(space=space).pk),
        "token": Invitation.objects.create(space=space).token,
        "channel_id": str(make_channel(space, kind=Channel.Type.VOICE).pk),
    }


@pytest.fixture
def people(
    alice: Person, mona: Person, bob: Person, stranger: Person, guest: Person, mallory: Person
) -> dict[str, Person]:
    guest.start()
    return dict(zip(ROLES, (alice, mona, bob, stranger, guest, mallory), strict=True))


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("where", ["own", "other"])
def test_access_to_a_space(
    people: dict[str, Person], addresses: dict[str, str], space: Space, where: str, role: str
) -> None:
    person, table = people[role], OWN if where == "own" else OTHER
    if where == "other":
        _move_elsewhere(people, space)
    answers = {}
    for operation in table:
        with transaction.atomic():
            answer = _send(person, operation, addresses)
            transaction.set_rollback(True)  # each is asked of the same state
        answers[operation] = answer.json()["code"] if answer.status_code >= 400 else answer.status_code
    assert answers == {operation: row[ROLES.index(role)] for operation, row in table.items()}


def _move_elsewhere(people: dict[str, Person], space: Space) -> None:
    """Let the three have their roles in another space, and none in this one."""
    elsewhere = Space.objects.create(name="Next door")
    for role in ROLES[:3]:
        Membership.objects.filter(space=space, user=people[role].user).update(space=elsewhere)


def _send(person: Person, operation: str, addresses: dict[str, str]) -> Any:
    method, template = operation.split()
    bodies = {**BODIES, "PUT spaces/{space_id}/owner/": {"member": addresses["member_id"]}}
    body = None if method == "GET" else bodies.get(operation, {})
    return person.send(method, template.format(**addresses), body)


def _routes(patterns: list[Any], prefix: str = "") -> list[str]:
    found = []
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += _routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and route.startswith("api/v1/"):
            found.append(route.removeprefix("api/v1/"))
    return found
