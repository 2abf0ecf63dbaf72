"""Login with Google, against a server that speaks its protocol."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from identity.models import User
from identity.services.users import disable_user
from tests.oidc_server import Account, OidcServer

DANA = Account("dana@example.org", "Dana Roth", sub="1001")


@pytest.fixture
def google() -> Iterator[OidcServer]:
    with OidcServer(urlsplit(settings.GOOGLE_URL).port or 0) as server:
        assert server.url == settings.GOOGLE_URL
        yield server


@pytest.fixture
def browser(db: None) -> Client:
    return Client()


def set_out(browser: Client, **fields: str) -> str:
    """Press the button of the login page; the address at Google."""
    answer = browser.post("/account/google/login/", {"process": "login", **fields})
    assert answer.status_code == 302
    return answer["Location"]


def come_back(browser: Client, address: str) -> HttpResponse:
    parts = urlsplit(address)
    return browser.get(f"{parts.path}?{parts.query}")


def log_in(browser: Client, google: OidcServer, account: Account = DANA, **fields: str) -> HttpResponse:
    return come_back(browser, google.allow(set_out(browser, **fields), account))


def user_of(browser: Client) -> User | None:
    return User.objects.filter(pk=browser.session.get("_auth_user_id")).first()


def words(answer: HttpResponse) -> str:
    return answer.content.decode()


def test_google_is_asked_with_pkce_and_our_own_address(browser: Client, google: OidcServer) -> None:
    asked = parse_qs(urlsplit(set_out(browser)).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["redirect_uri"] == ["http://testserver/account/google/login/callback/"]
    assert set(asked["scope"][0].split()) == {"openid", "profile", "email"}
    assert len(asked["state"][0]) >= 16


def test_new_person_gets_an_account_and_is_welcomed(browser: Client, google: OidcServer) -> None:
    answer = log_in(browser, google)
    assert (answer.status_code, answer["Location"]) == (302, "/welcome/")
    user = user_of(browser)
    assert user is not None
    assert (user.email, user.name, user.display_name) == ("dana@example.org", "Dana Roth", "Dana Roth")
    assert not user.has_usable_password()
    assert EmailAddress.objects.get(user=user).verified
    assert SocialAccount.objects.get(user=user).uid == "1001"


def test_person_comes_back_by_the_subject(browser: Client, google: OidcServer) -> None:
    log_in(browser, google)
    again = Client()
    answer = log_in(again, google, Account("dana@example.org", "Dana Stone", sub="1001"))
    assert answer["Location"] == "/"
    assert user_of(again) == user_of(browser)
    user = User.objects.get()
    assert (user.name, user.display_name) == ("Dana Stone", "Dana Roth"), "one's own name here stays"


def test_login_gives_the_login_session_a_new_key(browser: Client, google: OidcServer) -> None:
    address = set_out(browser)
    before = browser.cookies["login"].value
    come_back(browser, google.allow(address, DANA))
    assert browser.cookies["login"].value != before


def test_refused_consent_is_told_and_changes_nothing(browser: Client, google: OidcServer) -> None:
    answer = come_back(browser, google.deny(set_out(browser)))
    assert answer["Location"] == "/account/google/cancelled/"
    assert "You did not log in" in words(browser.get(answer["Location"]))
    assert not User.objects.exists()


@pytest.mark.parametrize("known", [False, True])
def test_unverified_email_opens_no_account(browser: Client, google: OidcServer, known: bool) -> None:
    if known:
        User.objects.create_user("dana@example.org")
    answer = log_in(browser, google, Account("dana@example.org", sub="6", email_verified=False))
    assert answer.status_code == 403
    assert "Google does not know yet that this e-mail is yours" in words(answer)
    assert user_of(browser) is None
    assert not SocialAccount.objects.exists()


def test_verified_email_joins_the_account_that_came_by_code_and_says_so(
    browser: Client, google: OidcServer
) -> None:
    user = User.objects.create_user("Dana@example.org", display_name="D.")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    assert log_in(browser, google)["Location"] == "/"
    assert user_of(browser) == user
    assert [letter.to for letter in mail.outbox] == [["Dana@example.org"]]
    assert "Google" in str(mail.outbox[0].body)


def test_another_subject_does_not_get_into_the_account_of_its_email(
    browser: Client, google: OidcServer
) -> None:
    log_in(browser, google)
    thief = Client()
    answer = log_in(thief, google, Account("dana@example.org", sub="2002"))
    assert answer.status_code == 403
    assert "Another Google account belongs to this e-mail here" in words(answer)
    assert user_of(thief) is None
    assert SocialAccount.objects.count() == 1


def test_changed_email_is_followed_and_the_old_one_opens_nothing_any_more(
    browser: Client, google: OidcServer
) -> None:
    log_in(browser, google)
    again = Client()
    log_in(again, google, Account("dana@new.example", sub="1001"))
    user = User.objects.get()
    assert user_of(again) == user
    assert user.email == "dana@new.example"
    assert [row.email for row in EmailAddress.objects.all()] == ["dana@new.example"]
    heir = Client()
    log_in(heir, google, Account("dana@example.org", sub="3003"))
    assert user_of(heir) not in {None, user}, "who has the old address now is somebody else"


@pytest.mark.parametrize(
    ("changed", "taken"),
    [(Account("dana@new.example", sub="1001", email_verified=False), False),
     (Account("dana@new.example", sub="1001"), True)],
)  # fmt: skip
def test_changed_email_is_not_followed_if_unverified_or_taken(
    browser: Client, google: OidcServer, changed: Account, taken: bool
) -> None:
    log_in(browser, google)
    if taken:
        User.objects.create_user("dana@new.example")
    again = Client()
    log_in(again, google, changed)
    user = user_of(again)
    assert user is not None
    assert user.email == "dana@example.org"


def test_callback_that_is_replayed_logs_nobody_in(browser: Client, google: OidcServer) -> None:
    address = google.allow(set_out(browser), DANA)
    come_back(browser, address)
    browser.post("/logout/")
    answer = come_back(browser, address)
    assert answer.status_code == 401
    assert "did not work" in words(answer)
    assert user_of(browser) is None


@pytest.mark.parametrize("how", ["other browser", "no state", "another state"])
def test_state_is_good_for_the_browser_that_set_out(browser: Client, google: OidcServer, how: str) -> None:
    address = google.allow(set_out(browser), DANA)
    victim = Client()
    if how == "no state":
        address, victim = address.replace("state=", "stale="), browser
    elif how == "another state":
        address, victim = address.replace("state=", "state=x"), browser
    assert come_back(victim, address).status_code == 401
    assert user_of(victim) is None
    assert not User.objects.exists()


def test_code_of_another_login_is_refused_by_pkce(browser: Client, google: OidcServer) -> None:
    mine = parse_qs(urlsplit(google.allow(set_out(browser), Account("m@example.org"))).query)
    victim = Client()
    theirs = parse_qs(urlsplit(google.allow(set_out(victim), DANA)).query)
    answer = victim.get(
        "/account/google/login/callback/", {"code": mine["code"][0], "state": theirs["state"][0]}
    )
    assert answer.status_code == 401
    assert user_of(victim) is None


@pytest.mark.parametrize("reply", [{"error": "server_error"}, {}, {"code": "made-up"}])
def test_every_other_end_has_a_page(browser: Client, google: OidcServer, reply: dict[str, str]) -> None:
    state = parse_qs(urlsplit(set_out(browser)).query)["state"][0]
    answer = browser.get("/account/google/login/callback/", {**reply, "state": state})
    assert answer.status_code == 401
    assert "did not work" in words(answer)


def test_google_that_does_not_answer_is_told(browser: Client, google: OidcServer) -> None:
    address = google.allow(set_out(browser), DANA)
    google.http.server_close()
    google.http.shutdown()
    assert come_back(browser, address).status_code == 401


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/join/?code=a", "/join/?code=a"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
    ],
)
def test_next_leads_to_pages_of_this_site_only(
    browser: Client, google: OidcServer, wanted: str, reached: str
) -> None:
    log_in(browser, google)
    assert log_in(Client(), google, next=wanted)["Location"] == reached


def test_link_alone_starts_no_login(browser: Client, google: OidcServer) -> None:
    answer = browser.get("/account/google/login/")
    assert answer.status_code == 200
    assert "<form" in words(answer)


def test_disabled_account_stays_out(browser: Client, google: OidcServer) -> None:
    log_in(browser, google)
    disable_user(user=User.objects.get())
    again = Client()
    assert log_in(again, google)["Location"] == "/account/inactive/"
    assert user_of(again) is None


def test_form_may_lead_to_google(browser: Client, settings: Any) -> None:
    page = browser.get("/login/")
    assert "Continue with Google" in words(page)
    assert settings.GOOGLE_URL in page["Content-Security-Policy"].split("form-action")[1].split(";")[0]


def test_server_of_the_tests_checks_what_google_checks(google: OidcServer) -> None:
    import httpx  # noqa: PLC0415 -- only here

    wrong = {"client_id": "nonza-tests", "client_secret": "another", "grant_type": "authorization_code"}
    assert httpx.post(f"{google.url}/token", data=wrong).json()["error"] == "invalid_client"
    right = {**wrong, "client_secret": "a-google-secret", "code": "made-up"}
    assert httpx.post(f"{google.url}/token", data=right).json()["error"] == "invalid_grant"
    assert httpx.get(f"{google.url}/.well-known/openid-configuration").json()["issuer"] == google.url
    assert httpx.get(f"{google.url}/authorize?client_id=x&response_type=code").status_code == 400
    assert httpx.get(f"{google.url}/userinfo").json()["error"] == "invalid_token"
    assert httpx.get(f"{google.url}/jwks").json()["keys"][0]["alg"] == "RS256"
