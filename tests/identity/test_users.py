"""Users, and the pastels that name people."""

from collections import Counter

import pytest
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import IntegrityError, transaction

from identity.models import PASTELS, User, pastel


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("Alice@Example.org", "a-password", display_name="Alice")


@pytest.mark.parametrize("email", ["Alice@Example.org", "alice@example.org", "ALICE@EXAMPLE.ORG"])
def test_email_is_unique_in_any_case(alice: User, email: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create_user(email)
    with pytest.raises(ValidationError):
        User(email=email).full_clean(exclude=["password"])


@pytest.mark.parametrize("email", ["Alice@Example.org", "alice@example.org", "ALICE@EXAMPLE.ORG"])
def test_user_logs_in_in_any_case(alice: User, email: str) -> None:
    assert authenticate(username=email, password="a-password") == alice
    assert authenticate(username=email, password="another") is None


def test_user_without_a_password_cannot_log_in_by_one(db: None) -> None:
    user = User.objects.create_user("bob@example.org")
    assert not user.has_usable_password()
    for password in ("", None):
        assert authenticate(username="bob@example.org", password=password) is None


def test_disabled_user_cannot_log_in(alice: User) -> None:
    User.objects.update(is_active=False)
    assert authenticate(username="alice@example.org", password="a-password") is None


def test_ordinary_user_may_not_use_the_admin(alice: User) -> None:
    assert not alice.is_staff
    assert not alice.is_superuser


def test_operator_makes_a_superuser_by_command(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a-password")
    call_command("createsuperuser", interactive=False, email="root@example.org", verbosity=0)
    user = authenticate(username="root@example.org", password="a-password")
    assert isinstance(user, User)
    assert user.is_superuser
    assert user.is_staff


def test_user_is_called_by_name_or_else_by_email(alice: User) -> None:
    assert str(alice) == "Alice"
    assert str(User(email="bob@example.org")) == "bob@example.org"


def test_pastel_is_the_same_wherever_a_person_appears(alice: User) -> None:
    assert alice.color == User(email="alice@example.org").color == pastel("ALICE@example.org")
    assert [pastel("alice@example.org"), pastel("bob@example.org")] == [1, 2], "colours outlive releases"


def test_pastels_are_one_to_ten_and_all_in_use() -> None:
    counted = Counter(pastel(f"person-{number}@example.org") for number in range(5000))
    assert sorted(counted) == list(range(1, PASTELS + 1))
    assert max(counted.values()) < 2 * min(counted.values())
