"""The second factor, and the door of the admin that asks for it in production."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core import mail
from django.test import Client

from identity.models import User
from tests.identity.test_code_login import ask, sent_code, user_of

ADMIN = "/admin/identity/user/"


@pytest.fixture
def root(transactional_db: None) -> User:  # allauth notes much of it on commit
    user = User.objects.create_superuser("root@example.org")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def app_code(secret: str) -> str:
    """What an authenticator app shows now."""
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def log_in(browser: Client, email: str = "root@example.org", **fields: str) -> Any:
    ask(browser, email)
    return browser.post("/login/code/", {"code": sent_code(email), **fields})


def switch_on(browser: Client) -> tuple[str, list[str]]:
    """The secret and the recovery codes."""
    page = browser.get("/account/2fa/totp/activate/").content.decode()
    found = re.search(r"data-secret>(\w+)<", page)
    assert found, page
    answer = browser.post("/account/2fa/totp/activate/", {"code": app_code(found[1])})
    assert answer.status_code == 302, answer.content.decode()
    page = browser.get(answer["Location"], follow=True).content.decode()
    codes = re.findall(r"<li>(\d+)</li>", page)
    assert len(codes) == 10, page
    return found[1], codes


def test_admin_has_the_same_door_as_everything(root: User) -> None:
    browser = Client()
    assert browser.get(ADMIN)["Location"] == f"/admin/login/?next={ADMIN}"
    answer = browser.get(f"/admin/login/?next={ADMIN}")
    assert answer["Location"] == f"/login/?next={ADMIN}"
    assert browser.post("/admin/login/", {"username": "root@example.org", "password": "x"}).status_code == 302
    assert log_in(browser, next=ADMIN)["Location"] == ADMIN
    assert browser.get(ADMIN).status_code == 200


def test_who_is_no_staff_is_told_so(db: None) -> None:
    browser = Client()
    browser.force_login(User.objects.create_user("alice@example.org"))
    assert browser.get("/admin/login/").status_code == 403


def test_admin_of_production_wants_a_second_factor(root: User, settings: Any) -> None:
    settings.ADMIN_NEEDS_MFA = True
    browser = Client()
    log_in(browser)
    answer = browser.get(ADMIN, follow=True)
    assert answer.redirect_chain[-1][0] == "/account/2fa/totp/activate/"
    switch_on(browser)
    assert browser.get(ADMIN).status_code == 200


def test_login_from_before_the_second_factor_shows_it_to_the_admin(root: User, settings: Any) -> None:
    settings.ADMIN_NEEDS_MFA = True
    older, newer = Client(), Client()
    log_in(older)
    log_in(newer)
    _secret, codes = switch_on(newer)
    answer = older.get(ADMIN, follow=True)
    assert answer.redirect_chain[-1][0] == f"/account/2fa/reauthenticate/?next={ADMIN}"
    assert older.get(ADMIN).status_code == 302
    answer = older.post(answer.redirect_chain[-1][0], {"code": codes[0], "next": ADMIN})
    assert answer["Location"] == ADMIN
    assert older.get(ADMIN).status_code == 200


def test_login_asks_for_the_second_factor(root: User, settings: Any) -> None:
    first = Client()
    log_in(first)
    secret, codes = switch_on(first)
    browser = Client()
    assert log_in(browser)["Location"] == "/account/2fa/authenticate/"
    assert user_of(browser) is None, "half a login is none"
    assert browser.get(ADMIN).status_code == 302
    assert browser.get("/account/2fa/authenticate/").status_code == 200
    assert browser.post("/account/2fa/authenticate/", {"code": "000000"}).status_code == 200
    assert user_of(browser) is None
    answer = browser.post("/account/2fa/authenticate/", {"code": codes[0]})
    assert answer.status_code == 302
    assert user_of(browser) == str(root.pk)
    again = Client()
    log_in(again)
    again.post("/account/2fa/authenticate/", {"code": codes[0]})
    assert user_of(again) is None, "a recovery code works once"
    assert secret


def test_second_factor_is_switched_off_by_who_has_it(root: User) -> None:
    first, browser = Client(), Client()
    log_in(first)
    _secret, codes = switch_on(first)
    log_in(browser)
    browser.post("/account/2fa/authenticate/", {"code": codes[0]})
    answer = browser.post("/account/2fa/totp/deactivate/")
    assert answer["Location"].startswith("/account/2fa/reauthenticate/"), "it asks for the factor first"
    assert Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()
    assert browser.get(answer["Location"]).status_code == 200
    browser.post(answer["Location"], {"code": codes[1], "next": "/account/2fa/"})
    for path in ("", "totp/deactivate/", "recovery-codes/", "recovery-codes/generate/"):
        assert browser.get(f"/account/2fa/{path}").status_code == 200, path
    assert codes[2] in browser.get("/account/2fa/recovery-codes/download/").content.decode()
    browser.post("/account/2fa/totp/deactivate/")
    assert not Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()


def test_change_of_the_second_factor_is_told_by_letter(root: User) -> None:
    browser = Client()
    log_in(browser)
    before = len(mail.outbox)
    switch_on(browser)
    assert {letter.to[0] for letter in mail.outbox[before:]} == {"root@example.org"}


def test_superuser_with_a_password_shows_it_before_the_factor_changes(db: None) -> None:
    user = User.objects.create_superuser("root@example.org", "kX3v9Qd27mPz")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    browser = Client()
    log_in(browser)
    answer = browser.get("/account/2fa/totp/activate/")
    assert answer["Location"].startswith("/account/reauthenticate/")
    assert "Is it you?" in browser.get(answer["Location"]).content.decode()
    answer = browser.post(answer["Location"], {"password": "kX3v9Qd27mPz"})
    assert browser.get("/account/2fa/totp/activate/").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/account/signup/", "/account/password/reset/", "/account/password/change/", "/account/email/",
     "/account/confirm-email/", "/account/login/", "/account/3rdparty/", "/account/google/login/token/",
     "/account/social/signup/"],
)  # fmt: skip
def test_what_nobody_needs_of_allauth_has_no_address(db: None, path: str) -> None:
    assert Client().get(path).status_code == 404
