"""Who is asking is told by the credential alone, never by what a request says of itself."""

from typing import Any
from uuid import uuid4

import pytest
from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.http import HttpResponse

from chat.services import session_store
from identity.models import Guest, User
from identity.services.tickets import redeem_ticket
from nonza.asgi import application
from sessions.models import Connection, Participant, Session
from tests.fakes import FakeLiveKit
from tests.helpers import Person, code_of
from tests.operations import operations

# Those that guests have a part in; what is for users alone is in the table of who may do what.
OPERATIONS = [
    name
    for name in operations()
    if name.split()[1].startswith(("sessions/", "tickets/")) and name != "GET sessions/"
]
READING = ("GET", "HEAD", "OPTIONS")
BODIES: dict[str, dict[str, Any]] = {
    "POST sessions/": {"display_name": "Mallory"},
    "PATCH sessions/{slug}/": {"title": "Taken"},
    "POST sessions/{slug}/join/": {"display_name": "Mallory"},
    "POST sessions/{slug}/messages/": {"client_id": str(uuid4()), "text": "Taken"},
    "PATCH sessions/{slug}/messages/{message_id}/": {"text": "Taken"},
}
WAYS = ["X-Participant-ID", "X_Participant_ID", "body", "query", "cookie"]


def claim(person: Person, operation: str, way: str, victim: Person, slug: str) -> HttpResponse:
    """Send the operation as `person`, with the victim's public id in one way."""
    method, template = operation.split()
    path = template.format(slug=slug, participant_id=victim.id, message_id=message_of(slug))
    claims = {
        "participant_id": victim.id,
        "participant": victim.id,
        "id": victim.id,
        "identity": f"{victim.id}.abc",
        "guest": str(Participant.objects.get(pk=victim.id).guest_id),
    }
    body = {
        **BODIES.get(operation, {}),
        **({"path": f"/ws/sessions/{slug}/"} if template == "tickets/" else {}),
    }
    headers = {}
    if way == "body":
        body = {**claims, "role": "host", **body}
    elif way == "query":
        path += "?" + "&".join(f"{name}={value}" for name, value in claims.items())
    elif way == "cookie":
        person.browser.cookies["participant_id"] = victim.id
        person.browser.cookies["guest"] = claims["guest"]
    else:
        headers[way] = victim.id
    return person.send(method, path, None if method == "GET" else body, **headers)


def traces(session: Session) -> list[Any]:
    """Everything that would change if somebody acted as the host."""
    session = Session.objects.get(pk=session.pk)
    host = Participant.objects.filter(session=session, role="host").values().get()
    connection = Connection.objects.filter(participant_id=host["id"]).values().get()
    words = [
        (message["text"], message["author"]["display_name"])
        for message in session_store.page(session.pk, limit=200).messages
        if message["author"] and message["author"]["participant_id"] == str(host["id"])
    ]
    return [session.title, session.status, session.locked, host, connection, words]


def message_of(slug: str) -> str:
    """What the host has written."""
    session = Session.objects.get(slug=slug)
    written = session_store.page(session.pk, limit=200).messages
    return str(next(message["id"] for message in written if message["author"]))


@pytest.fixture
def inside(host: Person, slug: str, livekit: FakeLiveKit) -> Session:
    """The session, with its host connected."""
    host.join(slug, "Marta")
    host.come_in(slug)
    say(host, slug)
    return Session.objects.get(slug=slug)


def say(person: Person, slug: str, **headers: str) -> HttpResponse:
    words = {"client_id": str(uuid4()), "text": "Welcome aboard"}
    return person.post(f"sessions/{slug}/messages/", words, **headers)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_public_id_of_another_gives_a_guest_no_right(
    host: Person, guest: Person, inside: Session, livekit: FakeLiveKit, operation: str, way: str
) -> None:
    guest.join(inside.slug, "Mallory")
    me = guest.id
    before = traces(inside)
    answer = claim(guest, operation, way, host, inside.slug)
    assert traces(inside) == before
    assert livekit.removed == []
    acted_as = _who(answer, operation, inside.slug)
    if operation.startswith(("PATCH", "DELETE")) or "/end/" in operation or "/statistics/" in operation:
        refusal = "not_author" if "/messages/" in operation else "not_allowed"
        assert code_of(answer) == (403, refusal)
    elif operation != "POST sessions/":
        assert answer.status_code < 300
        assert acted_as in {me, None}
    assert acted_as != host.id


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("operation", OPERATIONS)
def test_public_id_of_another_gives_a_stranger_no_place(
    host: Person, mallory: Person, inside: Session, livekit: FakeLiveKit, operation: str, way: str
) -> None:
    before = traces(inside)
    answer = claim(mallory, operation, way, host, inside.slug)
    assert traces(inside) == before
    open_to_all = {"POST sessions/", "POST sessions/{slug}/join/", "GET sessions/{slug}/"}
    if operation in open_to_all:
        assert _who(answer, operation, inside.slug) != host.id
    else:
        assert code_of(answer) == (401, "credential_required")


def _who(answer: HttpResponse, operation: str, slug: str) -> str | None:
    """The participant for whom the answer was made, where it says so."""
    body = answer.json() if answer.content else {}
    if "ticket" in body:
        actor = redeem_ticket(ticket=body["ticket"], path=f"/ws/sessions/{slug}/")
        return str(Participant.objects.of(actor).get().pk)
    if "identity" in body:
        return str(body["identity"].split(".")[0])
    if "participant" in body:
        return str(body["participant"]["id"])
    return body["me"]["id"] if operation == "GET sessions/{slug}/" and body["me"] else None


@pytest.mark.django_db(transaction=True)
async def test_frame_of_a_socket_cannot_speak_for_another() -> None:
    host, guest = await sync_to_async(Person)(), await sync_to_async(Person)("203.0.113.2")
    slug = await sync_to_async(host.start)()
    await sync_to_async(host.join)(slug, "Marta")
    await sync_to_async(guest.join)(slug, "Dana")
    path = f"/ws/sessions/{slug}/"
    ticket = (await sync_to_async(guest.post)("tickets/", {"path": path})).json()["ticket"]
    socket = WebsocketCommunicator(
        application,
        f"{path}?participant_id={host.id}",
        headers=[(b"origin", b"http://localhost:8000"), (b"x-participant-id", host.id.encode())],
    )
    await socket.connect()
    claims = {"participant_id": host.id, "identity": f"{host.id}.x"}
    await socket.send_json_to({**claims, "type": "hello", "ticket": ticket})
    assert (await socket.receive_json_from(5))["payload"]["participant_id"] == guest.id
    await socket.send_json_to({**claims, "type": "heartbeat", "microphone_on": True})
    heard = [await socket.receive_json_from(5), await socket.receive_json_from(5)]
    assert {frame["payload"].get("id") for frame in heard} == {None, guest.id}
    assert not (await Participant.objects.aget(pk=host.id)).microphone_on
    await socket.disconnect()


# CSRF ---------------------------------------------------------------------

UNSAFE = [operation for operation in OPERATIONS if not operation.startswith(READING)]
WITH_A_SESSION = [operation for operation in UNSAFE if operation != "POST sessions/"]


def send(person: Person, operation: str, slug: str, **headers: str) -> HttpResponse:
    method, template = operation.split()
    body = {**BODIES.get(operation, {}), "path": f"/ws/sessions/{slug}/"}
    path = template.format(slug=slug, participant_id="", message_id=message_of(slug))
    return person.send(method, path, body, **headers)


@pytest.mark.parametrize("token", ["", "0" * 32, "x"])
@pytest.mark.parametrize("operation", WITH_A_SESSION)
def test_cookie_without_the_pages_token_does_nothing(
    host: Person, inside: Session, livekit: FakeLiveKit, operation: str, token: str
) -> None:
    before = traces(inside)
    answer = send(host, operation, inside.slug, **{"X-CSRFToken": token})
    assert code_of(answer) == (403, "csrf_failed")
    assert traces(inside) == before


@pytest.mark.parametrize("operation", UNSAFE)
def test_login_without_the_pages_token_does_nothing(
    mallory: Person, inside: Session, livekit: FakeLiveKit, operation: str
) -> None:
    mallory.browser.force_login(User.objects.create_user("alice@example.org", display_name="Alice"))
    assert code_of(send(mallory, operation, inside.slug, **{"X-CSRFToken": ""})) == (403, "csrf_failed")


@pytest.mark.parametrize("operation", UNSAFE)
def test_bearer_needs_no_token(livekit: FakeLiveKit, mallory: Person, operation: str) -> None:
    started = mallory.post("sessions/", {"display_name": "Marta", "credential": "bearer"}).json()
    slug, bearer = started["session"]["slug"], started["credential"]
    program = Person("192.0.2.1")
    headers = {"Authorization": f"Bearer {bearer}", "X-CSRFToken": ""}
    program.post(f"sessions/{slug}/join/", {}, **headers)
    say(program, slug, **headers)
    assert send(program, operation, slug, **headers).status_code < 300


def test_request_of_a_foreign_origin_does_nothing_in_spite_of_the_token(
    host: Person, inside: Session
) -> None:
    answer = host.post(f"sessions/{inside.slug}/end/", Origin="https://evil.example")
    assert code_of(answer) == (403, "csrf_failed")


def test_reading_needs_no_token(host: Person, slug: str) -> None:
    assert host.get(f"sessions/{slug}/", **{"X-CSRFToken": ""}).json()["me"]["role"] == "host"


# What a credential is good for ----------------------------------------------


def test_cookie_of_one_session_is_useless_in_another(host: Person, guest: Person, slug: str) -> None:
    guest.join(slug)
    other = host.start()
    guest.browser.cookies[f"guest-{other}"] = guest.browser.cookies[f"guest-{slug}"].value
    assert guest.get(f"sessions/{other}/").json()["me"] is None
    assert code_of(guest.post(f"sessions/{other}/token/")) == (401, "credential_required")
    assert code_of(guest.get(f"sessions/{other}/participants/")) == (401, "credential_required")
    joined = guest.join(other, "Dana")
    assert joined.status_code == 200
    assert Guest.objects.count() == 4, "another session, another guest"


def test_bearer_of_one_session_is_useless_in_another(host: Person, mallory: Person, slug: str) -> None:
    joined = mallory.post(f"sessions/{slug}/join/", {"display_name": "M", "credential": "bearer"}).json()
    header = {"Authorization": f"Bearer {joined['credential']}"}
    other = host.start()
    assert mallory.get(f"sessions/{other}/", **header).json()["me"] is None
    assert code_of(mallory.post(f"sessions/{other}/end/", **header)) == (401, "credential_required")


@pytest.mark.parametrize("operation", OPERATIONS)
def test_bearer_that_is_none_is_refused_everywhere(host: Person, inside: Session, operation: str) -> None:
    """Even to a browser with a good cookie: who shows a bearer means it."""
    method, template = operation.split()
    path = template.format(slug=inside.slug, participant_id=host.id, message_id=message_of(inside.slug))
    body = {**BODIES.get(operation, {}), "path": f"/ws/sessions/{inside.slug}/"}
    answer = host.send(method, path, None if method == "GET" else body, Authorization=f"Bearer {'0' * 64}")
    assert code_of(answer) == (401, "credential_required")
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "bearer", ["", "x", "0" * 64, "null", "undefined", "a b", "\x00", "é" * 64, "x" * 8000, "Bearer x"]
)
def test_garbage_is_no_bearer(host: Person, slug: str, bearer: str) -> None:
    answer = host.get(f"sessions/{slug}/", Authorization=f"Bearer {bearer}")
    assert code_of(answer) == (401, "credential_required")


@pytest.mark.parametrize("header", ["Basic eDp5", "Token x", "x", "Bearer", "bearerx y"])
def test_other_authorization_counts_as_none_shown_or_as_bad(mallory: Person, slug: str, header: str) -> None:
    answer = mallory.get(f"sessions/{slug}/", Authorization=header)
    if answer.status_code == 200:
        assert answer.json()["me"] is None
    else:
        assert code_of(answer) == (401, "credential_required")


def test_hash_from_the_database_is_no_credential(host: Person, slug: str) -> None:
    stolen = Guest.objects.get().credential_hash
    thief = Person("192.0.2.1")
    thief.browser.cookies[f"guest-{slug}"] = stolen
    assert thief.get(f"sessions/{slug}/").json()["me"] is None


def test_user_has_their_place_on_every_device(host: Person, slug: str) -> None:
    user = User.objects.create_user("alice@example.org", display_name="Alice")
    laptop, phone = Person("192.0.2.1"), Person("192.0.2.2")
    for device in (laptop, phone):
        device.browser.force_login(user)
        device.browser.cookies["csrftoken"] = "0" * 32
    joined = laptop.post(f"sessions/{slug}/join/").json()["participant"]
    assert (joined["kind"], joined["display_name"]) == ("user", "Alice")
    assert phone.get(f"sessions/{slug}/").json()["me"]["id"] == joined["id"]
    User.objects.update(is_active=False)
    assert phone.get(f"sessions/{slug}/").json()["me"] is None


def test_guest_who_logs_in_is_the_user_from_then_on(guest: Person, slug: str) -> None:
    guest.join(slug, "Dana")
    user = User.objects.create_user("alice@example.org", display_name="Alice")
    guest.browser.force_login(user)
    Participant.objects.create(session=Session.objects.get(slug=slug), user=user, display_name="Alice")
    assert guest.get(f"sessions/{slug}/").json()["me"]["kind"] == "user"
