"""Who was a guest in this browser is the same person as a user."""

import hashlib
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from identity.models import User
from identity.signals import guest_became_user
from tests.helpers import Person
from tests.identity.test_code_login import EMAIL, log_in

Heard = list[tuple[User, set[str]]]


def unguarded(person: Person) -> Client:
    """The same browser; that its forms carry tokens is not what these tests are about."""
    person.browser.handler.enforce_csrf_checks = False
    return person.browser


@pytest.fixture
def heard() -> Iterator[Heard]:
    seen: Heard = []

    def hear(user: User, credential_hashes: list[str], **_news: Any) -> None:
        seen.append((user, set(credential_hashes)))

    guest_became_user.connect(hear)
    yield seen
    guest_became_user.disconnect(hear)


def test_login_tells_of_all_the_guests_that_the_browser_was(
    host: Person, guest: Person, slug: str, heard: Heard
) -> None:
    own = guest.start("Dana")
    guest.join(slug, "Dana")
    held = {guest.browser.cookies[f"guest-{code}"].value for code in (own, slug)}
    log_in(unguarded(guest))
    user = User.objects.get(email=EMAIL)
    assert heard == [(user, {hashlib.sha256(credential.encode()).hexdigest() for credential in held})]


def test_login_of_who_was_no_guest_tells_nothing(db: None, heard: Heard) -> None:
    log_in(Client())
    assert heard == []


def test_fault_of_a_listener_keeps_nobody_out(guest: Person, caplog: pytest.LogCaptureFixture) -> None:
    def fail(**_news: Any) -> None:
        raise ZeroDivisionError

    guest.start("Dana")
    guest_became_user.connect(fail)
    try:
        with caplog.at_level(logging.ERROR):
            answer = log_in(unguarded(guest))
    finally:
        guest_became_user.disconnect(fail)
    assert answer.status_code == 302
    assert "_auth_user_id" in guest.browser.session
    assert "failed for a guest who logged in" in caplog.text
