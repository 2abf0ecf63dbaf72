"""Guests: a credential that only they hold, the same one for the same key."""

import hashlib
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import override_settings

from identity.models import Guest
from identity.services import check_idempotency_key, guest_of_credential, issue_guest
from nonza.errors import Invalid
from tests.helpers import new_key

SESSION, OTHER_SESSION = uuid.uuid4(), uuid.uuid4()


def test_database_holds_the_hash_of_the_credential_alone(db: None) -> None:
    issued = issue_guest(session_id=SESSION, idempotency_key=new_key())
    row = Guest.objects.values().get()
    assert row["credential_hash"] == hashlib.sha256(issued.credential.encode()).hexdigest()
    assert issued.credential not in str(row)


def test_credential_names_its_guest(db: None) -> None:
    issued = issue_guest(session_id=SESSION, idempotency_key="")
    assert guest_of_credential(issued.credential) == issued.guest


@pytest.mark.parametrize("credential", ["", "x", "0" * 64, "ä", "\x00", "x" * 100_000])
def test_other_credential_names_nobody(db: None, credential: str) -> None:
    issued = issue_guest(session_id=SESSION, idempotency_key="")
    assert guest_of_credential(credential) is None
    assert guest_of_credential(issued.guest.credential_hash) is None
    assert guest_of_credential(issued.credential.upper()) is None


def test_credential_has_256_bits(db: None) -> None:
    for key in ("", new_key()):
        assert len(bytes.fromhex(issue_guest(session_id=SESSION, idempotency_key=key).credential)) == 32


def test_same_key_gives_the_same_guest_and_credential(db: None) -> None:
    key = new_key()
    first, second = (issue_guest(session_id=SESSION, idempotency_key=key) for _count in range(2))
    assert (first.guest, first.credential) == (second.guest, second.credential)
    assert (first.is_new, second.is_new) == (True, False)
    assert Guest.objects.count() == 1


def test_without_a_key_every_guest_is_new(db: None) -> None:
    issued = [issue_guest(session_id=SESSION, idempotency_key="") for _count in range(3)]
    assert len({guest.credential for guest in issued}) == 3
    assert Guest.objects.count() == 3


def test_credential_is_bound_to_session_key_and_secret(db: None) -> None:
    key = new_key()
    credentials = {
        issue_guest(session_id=SESSION, idempotency_key=key).credential,
        issue_guest(session_id=OTHER_SESSION, idempotency_key=key).credential,
        issue_guest(session_id=SESSION, idempotency_key=new_key()).credential,
    }
    with override_settings(SECRET_KEY="another-secret"):
        credentials.add(issue_guest(session_id=SESSION, idempotency_key=key).credential)
    assert len(credentials) == 4
    assert not any(key in credential for credential in credentials)


@pytest.mark.django_db(transaction=True)
def test_same_key_sent_many_times_at_once_is_one_guest() -> None:
    key = new_key()

    def issue(_number: int) -> str:
        try:
            return issue_guest(session_id=SESSION, idempotency_key=key).credential
        finally:
            connections.close_all()

    with ThreadPoolExecutor(16) as pool:
        credentials = set(pool.map(issue, range(16)))
    assert len(credentials) == 1
    assert Guest.objects.count() == 1


@pytest.mark.parametrize("key", ["", "a" * 22, "A-_9" * 32, pytest.param(new_key(), id="new")])
def test_key_of_enough_bits_is_taken(key: str) -> None:
    assert check_idempotency_key(key) == key


@pytest.mark.parametrize(
    "key", ["a" * 21, "a" * 129, "a" * 21 + " ", "a" * 22 + "\n", "а" * 22, "a" * 22 + "="]
)
def test_key_that_could_be_guessed_or_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(Invalid):
        check_idempotency_key(key)
