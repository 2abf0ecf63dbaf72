"""Tickets: one socket, one use, thirty seconds."""

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Thread

import pytest
from django.db import connections
from django.utils import timezone
from django_redis import get_redis_connection

from identity.errors import TicketInvalid
from identity.models import Guest, User
from identity.rules import Actor
from identity.services.guests import shown_credential
from identity.services.tickets import mint_ticket, redeem_ticket, redeem_tickets
from sessions.models import Participant
from tests.helpers import Person, code_of

PATH = "/ws/sessions/aaaa-bbbb-cccc/"


@pytest.fixture
def actor() -> Actor:
    return Actor(guest=shown_credential("somebody's credential"))


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("alice@example.org", "a-password")


def test_ticket_names_who_asked_for_it(actor: Actor, user: User) -> None:
    for who in (actor, Actor(user=user), Actor(user=user, guest=actor.guest)):
        assert redeem_ticket(ticket=mint_ticket(actor=who, path=PATH).ticket, path=PATH) == who


def test_ticket_works_once(actor: Actor) -> None:
    ticket = mint_ticket(actor=actor, path=PATH).ticket
    redeem_ticket(ticket=ticket, path=PATH)
    with pytest.raises(TicketInvalid):
        redeem_ticket(ticket=ticket, path=PATH)


@pytest.mark.django_db(transaction=True)
def test_ticket_used_many_times_at_once_works_once() -> None:
    user = User.objects.create_user("alice@example.org")
    ticket = mint_ticket(actor=Actor(user=user), path=PATH).ticket
    opened: list[bool] = []

    def redeem() -> None:
        try:
            redeem_ticket(ticket=ticket, path=PATH)
        except TicketInvalid:
            opened.append(False)
        else:
            opened.append(True)
        finally:
            connections.close_all()

    threads = [Thread(target=redeem) for _count in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(opened) == [False] * 9 + [True]


@pytest.mark.parametrize("path", ["/ws/sessions/dddd-eeee-ffff/", "/ws/lobby/aaaa-bbbb-cccc/", PATH[:-1], ""])
def test_ticket_for_another_socket_opens_nothing_and_is_used_up(actor: Actor, path: str) -> None:
    ticket = mint_ticket(actor=actor, path=PATH).ticket
    for tried in (path, PATH):
        with pytest.raises(TicketInvalid):
            redeem_ticket(ticket=ticket, path=tried)


@pytest.mark.parametrize("ticket", ["", "x", "\x00", "ä" * 50, "x" * 4000])
def test_unknown_ticket_opens_nothing(db: None, ticket: str) -> None:
    with pytest.raises(TicketInvalid):
        redeem_ticket(ticket=ticket, path=PATH)


def test_ticket_lives_for_thirty_seconds_in_redis(actor: Actor) -> None:
    ticket = mint_ticket(actor=actor, path=PATH)
    connection = get_redis_connection("default")
    (key,) = connection.keys("nonza:ticket:*")
    assert 29_000 <= connection.pttl(key) <= 30_000
    assert timedelta(seconds=28) < ticket.expires_at - timezone.now() <= timedelta(seconds=30)
    connection.persist(key)
    assert connection.pexpire(key, 0) == 1  # the time is over
    with pytest.raises(TicketInvalid):
        redeem_ticket(ticket=ticket.ticket, path=PATH)


def test_redis_holds_no_ticket_that_could_be_used(actor: Actor) -> None:
    ticket = mint_ticket(actor=actor, path=PATH).ticket
    connection = get_redis_connection("default")
    (key,) = connection.keys("nonza:ticket:*")
    assert ticket not in key.decode()
    assert ticket not in connection.get(key).decode()


def test_user_disabled_meanwhile_is_nobody(user: User) -> None:
    ticket = mint_ticket(actor=Actor(user=user), path=PATH).ticket
    User.objects.update(is_active=False)
    assert not redeem_ticket(ticket=ticket, path=PATH).is_known


# Over HTTP ----------------------------------------------------------------


def test_guest_gets_a_ticket_by_cookie(guest: Person, slug: str) -> None:
    guest.join(slug)
    answer = guest.post("tickets/", {"path": f"/ws/sessions/{slug}/"})
    assert answer.status_code == 201
    assert set(answer.json()) == {"ticket", "expires_at"}
    assert len(answer.json()["ticket"]) == 43
    assert datetime.fromisoformat(answer.json()["expires_at"]) > timezone.now()


def test_guest_gets_a_ticket_by_bearer(mallory: Person, slug: str) -> None:
    joined = mallory.post(f"sessions/{slug}/join/", {"display_name": "M", "credential": "bearer"})
    bearer = joined.json()["credential"]
    elsewhere = Person("192.0.2.1")
    path = f"/ws/sessions/{slug}/"
    answer = elsewhere.post("tickets/", {"path": path}, Authorization=f"Bearer {bearer}")
    assert answer.status_code == 201
    who = redeem_ticket(ticket=answer.json()["ticket"], path=path)
    assert who.guest is not None


def test_user_gets_a_ticket_though_the_browser_remembers_a_guest_who_is_gone(
    guest: Person, user: User, slug: str
) -> None:
    guest.join(slug)
    Participant.objects.filter(pk=guest.id).delete()
    Guest.objects.exclude(pk__in=Participant.objects.exclude(guest=None).values("guest")).delete()
    guest.browser.force_login(user)
    assert guest.post("tickets/", {"path": f"/ws/sessions/{slug}/"}).status_code == 201


def test_address_that_tries_bearers_is_stopped(mallory: Person, slug: str) -> None:
    body = {"path": f"/ws/sessions/{slug}/"}
    tries = [
        mallory.post("tickets/", body, Authorization=f"Bearer {number}").status_code for number in range(25)
    ]
    assert tries == [401] * 20 + [429] * 5


def test_user_gets_a_ticket_by_login(mallory: Person, user: User, slug: str) -> None:
    mallory.browser.force_login(user)
    answer = mallory.post("tickets/", {"path": f"/ws/sessions/{slug}/"})
    assert redeem_ticket(ticket=answer.json()["ticket"], path=f"/ws/sessions/{slug}/").user == user


def test_user_who_was_disabled_gets_no_ticket(mallory: Person, user: User, slug: str) -> None:
    mallory.browser.force_login(user)
    User.objects.update(is_active=False)
    assert code_of(mallory.post("tickets/", {"path": f"/ws/sessions/{slug}/"})) == (
        401,
        "credential_required",
    )


def test_stranger_gets_no_ticket(mallory: Person, slug: str) -> None:
    answer = mallory.post("tickets/", {"path": f"/ws/sessions/{slug}/"})
    assert code_of(answer) == (401, "credential_required")


def test_cookie_of_one_session_is_no_ticket_to_another(guest: Person, host: Person, slug: str) -> None:
    guest.join(slug)
    other = host.start()
    answer = guest.post("tickets/", {"path": f"/ws/sessions/{other}/"})
    assert code_of(answer) == (401, "credential_required")


@pytest.mark.parametrize(
    "path",
    [
        "", "/", "/ws/", "/ws/sessions/x", "ws/sessions/x/", "/ws/sessions/x/y/",
        "/ws/sessions/../x/",
        "/ws/sessions/x/?ticket=1", "https://evil.example/ws/sessions/x/", "/api/v1/", "/ws/sessions/\u0430/",
        "/ws/sessions/" + "x" * 65 + "/", 7, None, [], {},
    ],
)  # fmt: skip
def test_path_that_is_no_socket_is_refused(guest: Person, slug: str, path: object) -> None:
    guest.join(slug)
    answer = guest.post("tickets/", {"path": path})
    assert code_of(answer) == (400, "invalid")
    assert {error["pointer"] for error in answer.json()["errors"]} == {"/path"}


def test_ticket_without_a_path_is_refused(guest: Person) -> None:
    assert code_of(guest.post("tickets/", {})) == (400, "invalid")


@pytest.mark.parametrize("count", [1, 3])
def test_many_tickets_are_redeemed_by_one_query(
    django_assert_num_queries: Callable, db: None, count: int
) -> None:
    users = [User.objects.create(email=f"{number}@example.org") for number in range(count)]
    shown = [(mint_ticket(actor=Actor(user=user), path=PATH).ticket, PATH) for user in users]
    elsewhere = mint_ticket(actor=Actor(user=users[0]), path="/ws/elsewhere/").ticket
    with django_assert_num_queries(1):
        found = redeem_tickets([*shown, ("guess", PATH), (elsewhere, PATH)])
    assert [getattr(actor, "user", None) for actor in found] == [*users, None, None]
    assert [isinstance(actor, TicketInvalid) for actor in found[-2:]] == [True, True]
    assert all(isinstance(actor, TicketInvalid) for actor in redeem_tickets(shown))  # each once
