"""Guests: a credential that only they hold, the same one for the same key."""

import hashlib
import uuid

import pytest
from django.test import override_settings

from identity.models import Guest
from identity.rules import Actor
from identity.services.guests import (
    check_idempotency_key,
    make_guest,
    new_credential,
    refuse_unknown_bearer,
    shown_credential,
)
from nonza.errors import CredentialRequired, Invalid
from tests.helpers import new_key

SESSION, OTHER_SESSION = uuid.uuid4(), uuid.uuid4()


def credential_for(key: str, session: uuid.UUID = SESSION) -> str:
    return new_credential(session_id=session, idempotency_key=key)


def test_database_holds_the_hash_of_the_credential_alone(db: None) -> None:
    credential = credential_for(new_key())
    make_guest(credential)
    row = Guest.objects.values().get()
    assert row["credential_hash"] == hashlib.sha256(credential.encode()).hexdigest()
    assert credential not in str(row)


def test_credential_names_its_guest(db: None) -> None:
    credential = credential_for("")
    assert make_guest(credential).credential_hash == shown_credential(credential).hash


@pytest.mark.parametrize("credential", ["", "x", "0" * 64, "ä", "\x00", "x" * 100_000])
def test_other_bearer_is_refused(db: None, credential: str) -> None:
    issued = credential_for("")
    guest = make_guest(issued)
    for other in (credential, guest.credential_hash, issued.upper()):
        with pytest.raises(CredentialRequired):
            refuse_unknown_bearer(Actor(guest=shown_credential(other, is_bearer=True)))
    refuse_unknown_bearer(Actor(guest=shown_credential(issued, is_bearer=True)))


def test_credential_has_256_bits() -> None:
    for key in ("", new_key()):
        assert len(bytes.fromhex(credential_for(key))) == 32


def test_same_key_gives_the_same_credential() -> None:
    key = new_key()
    assert credential_for(key) == credential_for(key)


def test_without_a_key_every_credential_is_new() -> None:
    assert len({credential_for("") for _count in range(3)}) == 3


def test_credential_is_bound_to_session_key_and_secret() -> None:
    key = new_key()
    credentials = {credential_for(key), credential_for(key, OTHER_SESSION), credential_for(new_key())}
    with override_settings(SECRET_KEY="another-secret"):
        credentials.add(credential_for(key))
    assert len(credentials) == 4
    assert not any(key in credential for credential in credentials)


@pytest.mark.parametrize("key", ["", "a" * 22, "A-_9" * 32, pytest.param(new_key(), id="new")])
def test_key_of_enough_bits_is_taken(key: str) -> None:
    assert check_idempotency_key(key) == key


@pytest.mark.parametrize(
    "key", ["a" * 21, "a" * 129, "a" * 21 + " ", "a" * 22 + "\n", "а" * 22, "a" * 22 + "="]
)
def test_key_that_could_be_guessed_or_is_no_key_is_refused(key: str) -> None:
    with pytest.raises(Invalid):
        check_idempotency_key(key)
