"""Accounts that are closed, guests who log in, and keys for programs: what they change in calls."""

from collections.abc import Callable
from typing import Any

import pytest

from identity.models import Guest, User
from identity.services.guests import shown_credential
from identity.services.tokens import create_token
from identity.services.users import log_out_everywhere
from identity.signals import guest_became_user, user_disabled
from sessions.models import Connection, Participant, Session
from sessions.services.reconciliation import reconcile_all
from spaces.models import Space
from tests.fakes import FakeLiveKit
from tests.helpers import Person, code_of


def disable(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)
    user_disabled.send(User, user=user)


def log_out(user: User) -> None:
    log_out_everywhere(actor=user)


def log_in_as(guest: Person, user: User, slug: str) -> None:
    """What identity tells when somebody with a guest's cookie has logged in."""
    credential = guest.browser.cookies[f"guest-{slug}"].value
    guest.log_in(user)
    guest_became_user.send(User, user=user, credential_hashes=[shown_credential(credential).hash])


# A closed account -----------------------------------------------------------


@pytest.mark.parametrize("end_logins", [disable, log_out])
def test_who_may_log_in_no_more_or_logs_out_everywhere_is_out_of_every_call(
    bob: Person,
    slug: str,
    livekit: FakeLiveKit,
    pushes: list[Any],
    commits: Callable,
    end_logins: Callable[[User], None],
) -> None:
    assert bob.user
    identities = []
    for code in (slug, bob.start("Bob")):
        bob.join(code, "Bob")
        identities.append(bob.come_in(code))
    pushes.clear()
    with commits():
        end_logins(bob.user)
    assert set(livekit.removed) == set(identities)
    assert {row.state for row in Participant.objects.filter(user=bob.user)} == {"left"}
    closed = {group for group, event, _payload in pushes if event == "close"}
    assert closed >= {f"participant:{row.pk}" for row in Participant.objects.filter(user=bob.user)}
    assert not Connection.objects.in_call().exists()
    assert code_of(bob.post(f"sessions/{slug}/token/"))[1] in {"credential_required", "csrf_failed"}


def test_closed_account_whose_news_was_missed_is_put_out_by_the_reconciler(
    bob: Person, slug: str, livekit: FakeLiveKit, commits: Callable
) -> None:
    assert bob.user
    bob.join(slug, "Bob")
    identity = bob.come_in(slug)
    livekit.join(Session.objects.get().pk, identity, sid=f"PA_{identity[-12:]}")
    User.objects.filter(pk=bob.user.pk).update(is_active=False)
    with commits():
        reconcile_all()
    assert livekit.removed == [identity]
    assert Participant.objects.get(user=bob.user).state == "left"


# A guest who logs in --------------------------------------------------------


def test_guest_who_logs_in_keeps_seat_connection_and_role(
    host: Person, bob: Person, slug: str, livekit: FakeLiveKit, pushes: list[Any], commits: Callable
) -> None:
    assert bob.user
    host.join(slug, "Marta")
    identity = host.come_in(slug)
    pushes.clear()
    with commits():
        log_in_as(host, bob.user, slug)
    row = Participant.objects.get(session__slug=slug)
    assert (str(row.pk), row.user, row.guest, row.role, row.state) == (
        host.id,
        bob.user,
        None,
        "host",
        "admitted",
    )
    assert row.connections.in_call().get().identity == identity
    assert not livekit.removed
    assert not Guest.objects.exists()
    told = [payload for _group, event, payload in pushes if event == "participant.changed"]
    assert [(person["kind"], person["in_call"]) for person in told] == [("user", True)]
    assert host.get(f"sessions/{slug}/").json()["me"]["id"] == host.id
    assert host.patch(f"sessions/{slug}/", {"title": "Ours"}).status_code == 200


def test_moderator_who_came_as_a_guest_keeps_order_once_logged_in(
    guest: Person, bob: Person, mona: Person, space: Space, livekit: FakeLiveKit
) -> None:
    assert mona.user
    code = bob.start("Bob")
    guest.join(code)
    log_in_as(guest, mona.user, code)
    assert Participant.objects.get(user=mona.user).role == "cohost"


def test_guest_who_has_a_place_as_a_user_already_has_that_one(
    host: Person, bob: Person, slug: str, livekit: FakeLiveKit, commits: Callable
) -> None:
    assert bob.user
    bob.join(slug, "Bob")
    host.join(slug, "Marta")
    identity = host.come_in(slug)
    with commits():
        log_in_as(host, bob.user, slug)
    places = {str(row.pk): row for row in Participant.objects.filter(session__slug=slug)}
    assert (places[bob.id].user, places[bob.id].role, places[bob.id].state) == (bob.user, "host", "admitted")
    assert (places[host.id].role, places[host.id].state) == ("participant", "left")
    assert livekit.removed == [identity]
    assert host.get(f"sessions/{slug}/").json()["me"]["id"] == bob.id


def test_logging_in_lifts_no_ban(
    guest: Person, bob: Person, slug: str, livekit: FakeLiveKit, commits: Callable
) -> None:
    assert bob.user
    bob.join(slug, "Bob")
    guest.join(slug)
    Participant.objects.filter(pk=guest.id).update(state="banned")
    with commits():
        log_in_as(guest, bob.user, slug)
    assert code_of(bob.join(slug, "Bob")) == (403, "participant_banned")


def test_credentials_of_nobody_change_nothing(bob: Person, slug: str) -> None:
    guest_became_user.send(User, user=bob.user, credential_hashes=["unknown"])
    assert Participant.objects.get().user is None


# A key for programs ---------------------------------------------------------


@pytest.mark.parametrize(("scope", "made"), [("sessions", 201), ("read", 403), ("spaces", 403)])
def test_program_starts_a_session_with_the_scope_for_it(
    scope: str, made: int, bob: Person, mallory: Person, space: Space
) -> None:
    assert bob.user
    _token, key = create_token(actor=bob.user, name="A program", scopes=[scope], expires_at=None)
    shown = {"Authorization": f"Bearer {key}"}
    answer = mallory.post("sessions/", {"title": "Nightly"}, **shown)
    assert answer.status_code == made
    if made == 201:
        assert answer.json()["session"]["space_id"] == str(space.pk)
        assert (
            mallory.get(f"sessions/{answer.json()['session']['slug']}/", **shown).json()["me"]["role"]
            == "host"
        )
    listed = mallory.get("sessions/", **shown)
    assert listed.status_code == (200 if scope != "spaces" else 403)
