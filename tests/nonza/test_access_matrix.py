"""Who may do what: every operation of the API and every socket, for everybody who may come along.

The tables of tests/access.py are the promise; an address that is in none of them fails.
"""

import re
from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver

from chat.models import Attachment, Report
from chat.services.messages import send_message
from identity.services.tokens import create_token
from nonza.routing import patterns
from spaces.models import Channel, Invitation, Membership, Space
from tests.access import (
    BODIES,
    CHAT,
    CHAT_OTHER,
    GOOGLE,
    OTHER,
    OWN,
    PAGES,
    ROLES,
    SCOPES,
    SESSION,
    SOCKETS,
    TOKEN_SCOPES,
    of_token,
)
from tests.factories import make_channel, make_user
from tests.fakes import FakeLiveKit
from tests.helpers import Person
from tests.operations import operations
from tests.spaces.sockets import Socket

API, PAGE = "api/v1/", ""


def test_every_address_of_the_api_is_in_the_schema_or_known_not_to_be() -> None:
    in_schema = {operation.split()[1] for operation in operations()}
    served = {re.sub(r"<\w+:(\w+)>", r"{\1}", route) for route in _routes(get_resolver().url_patterns, API)}
    assert served - in_schema == {"schema/", "livekit/webhook/"}


def test_every_operation_of_the_schema_is_in_a_table() -> None:
    assert set(operations()) == {*OWN, *SESSION, *CHAT} == set(TOKEN_SCOPES)
    rows = (*OWN.values(), *SESSION.values(), *CHAT.values())
    assert {len(answers) for answers in rows} == {len(ROLES)}


def test_every_page_is_in_the_table() -> None:
    pages = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route) for route in _routes(get_resolver().url_patterns, PAGE)
    }
    assert pages - GOOGLE == set(PAGES)


def test_every_socket_is_in_the_table() -> None:
    served = {"/" + re.sub(r"<\w+:(\w+)>", r"{\1}", str(pattern.pattern)) for pattern in patterns}
    assert served == set(SOCKETS)


@pytest.fixture
def max_(space: Space) -> Membership:
    """A moderator whom others try to remove, to demote, and to hand the space over to."""
    user = make_user("max@example.org", "Max")
    return Membership.objects.create(space=space, user=user, role=Membership.Role.MODERATOR)


@pytest.fixture
def addresses(alice: Person, space: Space, max_: Membership, livekit: FakeLiveKit) -> dict[str, str]:
    """What stands in the addresses of the space, and of its owner's own things."""
    token, _key = create_token(actor=alice.user, name="A program", scopes=["read"], expires_at=None)
    return {
        "space_id": str(space.pk),
        "member_id": str(max_.pk),
        "invitation_id": str(Invitation.objects.create(space=space).pk),
        "token": Invitation.objects.create(space=space).token,
        "channel_id": str(make_channel(space, kind=Channel.Type.VOICE).pk),
        "token_id": str(token.pk),
    }


@pytest.fixture
def meeting(alice: Person, space: Space) -> dict[str, str]:
    """A session of the space, for its members, in which only its owner has a place."""
    slug = alice.start("Alice", space=str(space.pk), access="members")
    alice.join(slug, "Alice")
    return {"slug": slug, "participant_id": alice.id, "message_id": str(uuid4())}


@pytest.fixture
def writing(bob: Person, space: Space) -> dict[str, str]:
    """A text channel of the space in which bob has written."""
    channel = make_channel(space, "general", kind=Channel.Type.TEXT)
    assert bob.user
    message, _is_new = send_message(actor=bob.user, channel_id=channel.pk, client_id=None, text="Ahoy")
    said = {"message_id": message.pk, "text": message.text, "author_name": "Bob"}
    report = Report.objects.create(space=space, reporter_key="max", reporter_name="Max", **said)
    return {"report_id": str(report.pk), "channel_id": str(channel.pk), "message_id": str(message.pk)}


@pytest.fixture
def picture(bob: Person, writing: dict[str, str]) -> dict[str, str]:
    """A picture that bob has sent there."""
    file, small = (default_storage.save("attachments/aa/picture", ContentFile(b"pixels")) for _ in "ab")
    attachment = Attachment.objects.create(
        channel_id=writing["channel_id"],
        message_id=writing["message_id"],
        uploaded_by=bob.user,
        name="nobody.png",
        content_type="image/png",
        size=6,
        file=file,
        preview=small,
    )
    return {"attachment_id": str(attachment.pk)}


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
    table = OWN if where == "own" else OTHER
    if where == "other":
        _move_elsewhere(people, space)
    answers = {operation: _ask(people[role], operation, addresses) for operation in table}
    assert answers == {operation: row[ROLES.index(role)] for operation, row in table.items()}


@pytest.mark.parametrize("role", ROLES)
def test_access_to_a_session_of_the_space(
    people: dict[str, Person], addresses: dict[str, str], meeting: dict[str, str], role: str
) -> None:
    answers = {operation: _ask(people[role], operation, {**addresses, **meeting}) for operation in SESSION}
    assert answers == {operation: row[ROLES.index(role)] for operation, row in SESSION.items()}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("where", ["own", "other"])
def test_access_to_a_text_channel(
    people: dict[str, Person],
    addresses: dict[str, str],
    writing: dict[str, str],
    space: Space,
    where: str,
    role: str,
) -> None:
    table = CHAT if where == "own" else CHAT_OTHER
    if where == "other":
        _move_elsewhere(people, space)
    answers = {operation: _ask(people[role], operation, {**addresses, **writing}) for operation in table}
    assert answers == {operation: row[ROLES.index(role)] for operation, row in table.items()}


@pytest.mark.parametrize("scope", SCOPES)
def test_access_of_the_owners_programs(
    alice: Person,
    mallory: Person,
    addresses: dict[str, str],
    meeting: dict[str, str],
    writing: dict[str, str],
    scope: str,
) -> None:
    _token, key = create_token(actor=alice.user, name="A program", scopes=[scope], expires_at=None)
    shown = {"Authorization": f"Bearer {key}"}
    answers = {}
    for operation in TOKEN_SCOPES:
        where = {**addresses, **meeting, **(writing if operation in CHAT else {})}
        answers[operation] = _ask(mallory, operation, where, **shown)
    assert answers == {operation: of_token(operation, scope) for operation in TOKEN_SCOPES}


@pytest.mark.parametrize("role", ROLES)
def test_access_to_pages(
    people: dict[str, Person],
    addresses: dict[str, str],
    meeting: dict[str, str],
    picture: dict[str, str],
    role: str,
) -> None:
    answers = {}
    for page in PAGES:
        path = "/" + page.format(**addresses, **meeting, **picture, name="nobody.png", digest="0" * 8)
        cookies = people[role].browser.cookies.output()
        answer = people[role].get(path)
        if answer.streaming:
            answer.getvalue()  # reads to the end and closes the file
        people[role].browser.cookies.load(cookies.replace("Set-Cookie: ", ""))
        leads_to_login = answer.status_code == 302 and answer["Location"].startswith("/login/")
        answers[page] = "login" if leads_to_login else answer.status_code
    assert answers == {page: row[ROLES.index(role)] for page, row in PAGES.items()}


@pytest.mark.parametrize("role", ROLES[3:])
@pytest.mark.parametrize("page", [page for page in PAGES if "space_id" in page or "channel_id" in page])
def test_nobody_from_outside_sends_a_form_into_a_space(
    people: dict[str, Person], addresses: dict[str, str], page: str, role: str
) -> None:
    people[role].browser.handler.enforce_csrf_checks = False
    answer = people[role].browser.post("/" + page.format(**addresses), {"name": "Mine", "action": "delete"})
    if role == "stranger":
        assert answer.status_code == 404
    else:
        assert answer["Location"].startswith("/login/?")


def test_bearer_of_a_guest_is_nobody_outside_the_session(
    guest: Person, mallory: Person, addresses: dict[str, str]
) -> None:
    guest.start(credential="bearer")
    shown = {"Authorization": f"Bearer {guest.place['credential']}"}
    answers = {operation: _ask(mallory, operation, addresses, **shown) for operation in OWN}
    expected = {operation: row[ROLES.index("guest")] for operation, row in OWN.items()}
    assert answers == {**expected, "POST tickets/": 201}  # for the one socket that lets them in


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("path", SOCKETS)
async def test_access_to_sockets(people: dict[str, Person], space: Space, path: str, role: str) -> None:
    slug = await sync_to_async(Person("203.0.113.99").start)()
    expected = SOCKETS[path][ROLES.index(role)]
    path = path.format(space_id=space.pk, slug=slug)
    answer = await sync_to_async(people[role].post)("tickets/", {"path": path})
    if answer.status_code != 201:
        assert answer.json()["code"] == expected
        return
    socket = await Socket(path).open(people[role], answer.json()["ticket"])
    if expected == "hello":
        assert (await socket.hears())["event"] == expected
        await socket.goes()
    else:
        assert await socket.closed_with() == expected


def _move_elsewhere(people: dict[str, Person], space: Space) -> None:
    """Let the three have their roles in another space, and none in this one."""
    elsewhere = Space.objects.create(name="Next door")
    for role in ROLES[:3]:
        Membership.objects.filter(space=space, user=people[role].user).update(space=elsewhere)


def _ask(person: Person, operation: str, addresses: dict[str, str], **headers: str) -> int | str:
    """Return the status or the code of the refusal; nothing that was done stays."""
    method, template = operation.split()
    bodies = {**BODIES, "PUT spaces/{space_id}/owner/": {"member": addresses["member_id"]}}
    body = None if method == "GET" else bodies.get(operation, {})
    cookies = person.browser.cookies.output()
    with transaction.atomic():
        answer = person.send(method, template.format(**addresses), body, **headers)
        transaction.set_rollback(True)  # each is asked of the same state
    person.browser.cookies.clear()
    person.browser.cookies.load(cookies.replace("Set-Cookie: ", ""))
    return str(answer.json()["code"]) if answer.status_code >= 400 else answer.status_code


def _routes(patterns: list[Any], wanted: str, prefix: str = "") -> list[str]:
    """Return the routes of the API without what they all begin with, or those of the pages."""
    found = []
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            found += _routes(pattern.url_patterns, wanted, route)
        elif isinstance(pattern, URLPattern) and route.startswith(wanted) and wanted == API:
            found.append(route.removeprefix(API))
        elif isinstance(pattern, URLPattern) and wanted == PAGE and not route.startswith((API, "admin/")):
            found.append(route)
    return found
