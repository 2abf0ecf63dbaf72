"""Login by a code that comes by e-mail: the same for who is known and who is new."""

import re
from datetime import timedelta
from pathlib import Path
from smtplib import SMTPException
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import path
from django.utils import timezone

from identity.models import User
from identity.services.users import disable_user
from identity.tasks import purge
from identity.views.login import login
from nonza.urls import urlpatterns

EMAIL = "dana@example.org"


@pytest.fixture
def browser(db: None) -> Client:
    return Client()


def ask(browser: Client, email: str = EMAIL, **extra: Any) -> Any:
    fields = {"email": email, **({"next": extra.pop("next")} if "next" in extra else {})}
    return browser.post("/login/", fields, **extra)


def sent_code(to: str = EMAIL) -> str:
    letter = mail.outbox[-1]
    assert letter.to == [to]
    found = re.search(r"^\s*([A-Z0-9-]{6,12})\s*$", str(letter.body), re.MULTILINE)
    assert found, letter.body
    return found[1]


def log_in(browser: Client, email: str = EMAIL, **fields: str) -> Any:
    ask(browser, email)
    return browser.post("/login/code/", {"code": sent_code(email), **fields})


def user_of(browser: Client) -> str | None:
    return browser.session.get("_auth_user_id")


def test_new_person_gets_an_account_by_the_code_and_is_welcomed(browser: Client) -> None:
    answer = ask(browser)
    assert (answer.status_code, answer["Location"]) == (302, "/login/code/")
    assert not User.objects.exists(), "asking for a code makes no account"
    answer = browser.post("/login/code/", {"code": sent_code()})
    assert (answer.status_code, answer["Location"]) == (302, "/welcome/")
    user = User.objects.get()
    assert (user.email, user.display_name, str(user.pk)) == (EMAIL, "dana", user_of(browser))
    assert EmailAddress.objects.get(user=user).verified
    assert not user.has_usable_password()


def test_known_person_comes_back_to_the_same_account(browser: Client) -> None:
    user = User.objects.create_user("Dana@Example.org", display_name="Dana")
    assert log_in(browser, EMAIL)["Location"] == "/"
    assert user_of(browser) == str(user.pk)
    assert User.objects.count() == 1


def test_pages_and_letters_are_the_same_for_known_and_new(db: None) -> None:
    User.objects.create_user("known@example.org")
    seen = []
    for email in ("known@example.org", "fresh@example.org"):
        browser = Client()
        answer = ask(browser, email)
        page = browser.get("/login/code/").content.decode().replace(email, "E")
        page = re.sub(r'(csrfmiddlewaretoken" value|nonce)="[^"]+"', "", page)
        letter = str(mail.outbox[-1].body).replace(sent_code(email), "C")
        seen.append((answer.status_code, answer["Location"], page, letter))
    assert seen[0] == seen[1]


def test_login_gives_the_login_session_a_new_key(browser: Client) -> None:
    ask(browser)
    before = browser.cookies["login"].value
    browser.post("/login/code/", {"code": sent_code()})
    assert browser.cookies["login"].value != before


def test_code_works_in_the_browser_that_asked_for_it_alone(browser: Client) -> None:
    ask(browser)
    other = Client()
    assert other.post("/login/code/", {"code": sent_code()})["Location"].startswith("/login/")
    ask(other, "other@example.org")
    code = mail.outbox[0]
    assert code.to == [EMAIL]
    answer = other.post("/login/code/", {"code": re.findall(r"[A-Z0-9-]{6,12}", str(code.body))[0]})
    assert answer.status_code == 400
    assert user_of(other) is None


def test_code_works_once(browser: Client) -> None:
    ask(browser)
    code = sent_code()
    browser.post("/login/code/", {"code": code})
    browser.post("/logout/")
    assert browser.post("/login/code/", {"code": code})["Location"].startswith("/login/")
    assert user_of(browser) is None


def test_code_is_too_old_after_fifteen_minutes(browser: Client, time_machine: Any) -> None:
    time_machine.move_to("2026-01-01T12:00:00Z")
    ask(browser)
    time_machine.move_to("2026-01-01T12:15:01Z")
    assert browser.post("/login/code/", {"code": sent_code()})["Location"].startswith("/login/")
    assert user_of(browser) is None


def test_third_wrong_code_ends_it(browser: Client) -> None:
    ask(browser)
    code = sent_code()
    for _ in range(2):
        assert browser.post("/login/code/", {"code": "ZZZZ-ZZZZ"}).status_code == 400
    assert browser.post("/login/code/", {"code": "ZZZZ-ZZZZ"})["Location"] == "/login/?again=wrong"
    assert "three times" in browser.get("/login/?again=wrong").content.decode()
    assert browser.post("/login/code/", {"code": code})["Location"].startswith("/login/")
    assert user_of(browser) is None


@pytest.mark.parametrize("by", ["address", "e-mail"])
def test_sixth_code_in_a_quarter_of_an_hour_is_refused(browser: Client, by: str) -> None:
    for number in range(6):
        email = EMAIL if by == "e-mail" else f"person{number}@example.org"
        ip = "203.0.113.1" if by == "address" else f"203.0.113.{number}"
        answer = ask(browser, email, REMOTE_ADDR=ip)
        assert answer.status_code == (302 if number < 5 else 429), number
    assert int(answer["Retry-After"]) > 60
    assert "Too many tries." in answer.content.decode()
    assert ask(browser, "else@example.org", REMOTE_ADDR="198.51.100.9").status_code == 302
    assert len(mail.outbox) == 6


def test_forwarded_addresses_do_not_evade_the_limit(browser: Client) -> None:
    for number in range(6):
        answer = ask(browser, f"p{number}@example.org", headers={"X-Forwarded-For": f"203.0.113.{number}"})
    assert answer.status_code == 429


@pytest.mark.parametrize("email", ["", "dana", "dana@", "a b@example.org"])
def test_what_is_no_email_is_said_so(browser: Client, email: str) -> None:
    answer = ask(browser, email)
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.content.decode()
    assert not mail.outbox


def test_letter_that_cannot_be_sent_is_told(browser: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any) -> None:
        raise SMTPException

    monkeypatch.setattr("allauth.account.adapter.DefaultAccountAdapter.send_mail", fail)
    answer = ask(browser)
    assert answer.status_code == 503
    assert "could not be sent" in answer.content.decode()


@pytest.mark.parametrize(
    ("wanted", "new", "known"),
    [
        ("/invite/abc/", "/invite/abc/", "/invite/abc/"),
        (
            "/session/qmvt-hzke-wrpd/",
            "/welcome/?next=%2Fsession%2Fqmvt-hzke-wrpd%2F",
            "/session/qmvt-hzke-wrpd/",
        ),
        ("https://evil.example/", "/welcome/", "/"),
        ("//evil.example/", "/welcome/", "/"),
        ("/\\evil.example/", "/welcome/", "/"),
        ("javascript:alert(1)", "/welcome/", "/"),
        ("http:evil.example", "/welcome/", "/"),
        ("/nowhere/at/all/", "/welcome/", "/"),
        ("/logout/", "/welcome/", "/"),
    ],
)
def test_next_leads_to_pages_of_this_site_only(
    db: None, wanted: str, new: str, known: str, settings: Any
) -> None:
    settings.ROOT_URLCONF = (path("invite/<token>/", login), *urlpatterns)
    assert log_in(Client(), EMAIL, next=wanted)["Location"] == new
    assert log_in(Client(), EMAIL, next=wanted)["Location"] == known
    again = Client()
    again.force_login(User.objects.get())
    assert again.get("/login/", {"next": wanted})["Location"] == known


def test_next_goes_through_all_steps(browser: Client) -> None:
    page = browser.get("/login/?next=/session/qmvt-hzke-wrpd/").content.decode()
    assert '<input type="hidden" name="next" value="/session/qmvt-hzke-wrpd/">' in page
    answer = ask(browser, next="/session/qmvt-hzke-wrpd/")
    page = browser.get(answer["Location"]).content.decode()
    assert '<input type="hidden" name="next" value="/session/qmvt-hzke-wrpd/">' in page


def test_disabled_account_stays_out(browser: Client) -> None:
    user = User.objects.create_user(EMAIL)
    disable_user(user=user)
    answer = log_in(browser)
    assert answer["Location"] == "/account/inactive/"
    assert browser.get("/account/inactive/").status_code == 200
    assert user_of(browser) is None


def test_code_stands_on_the_page_only_where_that_is_set(browser: Client, settings: Any) -> None:
    ask(browser)
    code = sent_code()
    assert code not in browser.get("/login/code/").content.decode()
    settings.LOGIN_CODE_ON_PAGE = True
    page = browser.get("/login/code/").content.decode()
    assert f"data-login-code>{code}<" in page
    assert "No mail server is set up here" in page


def test_production_never_shows_codes_and_asks_admins_for_a_second_factor() -> None:
    source = (Path(__file__).parents[2] / "nonza" / "settings" / "prod.py").read_text()
    assert "LOGIN_CODE_ON_PAGE" not in source
    assert "ADMIN_NEEDS_MFA = True" in source


def test_page_says_so_where_nobody_can_log_in(browser: Client, settings: Any) -> None:
    settings.EMAIL_LOGIN = settings.GOOGLE_LOGIN = False
    assert "Nobody can log in yet" in browser.get("/login/").content.decode()
    ask(browser)
    assert not mail.outbox


@pytest.mark.parametrize(("language", "words"), [("en", "Log in"), ("ru", "Войти")])
def test_pages_speak_both_languages(browser: Client, language: str, words: str) -> None:
    page = browser.get("/login/", headers={"Accept-Language": language}).content.decode()
    assert f"<h1>{words}</h1>" in page


def test_login_sessions_that_are_over_are_not_kept(db: None) -> None:
    for key, days in (("over", -1), ("good", 1)):
        Session.objects.create(
            session_key=key, session_data="", expire_date=timezone.now() + timedelta(days=days)
        )
    purge()
    assert [session.session_key for session in Session.objects.all()] == ["good"]


@pytest.mark.parametrize("alike", ["m\u0131ke@example.org", "\N{KELVIN SIGN}ate@example.org"])
def test_address_in_letters_that_fold_into_others_is_none(browser: Client, alike: str) -> None:
    answer = ask(browser, alike)
    assert answer.status_code == 400
    assert not mail.outbox


def test_domain_in_other_letters_is_asked_by_its_real_name(browser: Client) -> None:
    User.objects.create_user("mike@github.example")
    ask(browser, "mike@g\u0131thub.example")
    browser.post("/login/code/", {"code": sent_code("mike@xn--gthub-n4a.example")})
    assert User.objects.get(pk=user_of(browser)).email == "mike@xn--gthub-n4a.example"


@pytest.mark.parametrize(
    "alike", ["m\u0131ke@example.org", "MIKE@example\u017f.org", "\N{KELVIN SIGN}ate@example.org"]
)
def test_mailbox_that_a_database_takes_for_anothers_is_nobodys(db: None, alike: str) -> None:
    for email in ("mike@example.org", "mike@examples.org", "kate@example.org"):
        User.objects.create_user(email)
    assert User.objects.of_email(alike) is None
    found = User.objects.of_email("Mike@EXAMPLE.org")
    assert found
    assert found.email == "mike@example.org"
