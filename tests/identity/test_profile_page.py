"""The page of one's profile, which works without scripts."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.conf import settings
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from identity.models import ApiToken, User
from tests.identity.test_avatars import drawn
from tests.oidc_server import Account, OidcServer


@pytest.fixture
def user(db: None) -> User:
    user = User.objects.create_user("dana@example.org", display_name="Dana Roth")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def browser(user: User, tmp_path: Path, settings: Any) -> Client:
    settings.MEDIA_ROOT = tmp_path
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def google() -> Iterator[OidcServer]:
    with OidcServer(urlsplit(settings.GOOGLE_URL).port or 0) as server:
        yield server


def page(browser: Client, path: str = "/profile/") -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize(
    "path",
    ["/profile/", "/profile/picture/", "/profile/tokens/", "/profile/logout-everywhere/",
     "/profile/google/disconnect/", "/account/2fa/"],
)  # fmt: skip
def test_pages_are_for_who_is_logged_in(db: None, path: str) -> None:
    for answer in (Client().get(path), Client().post(path)):
        assert (answer.status_code, answer["Location"]) == (302, f"/login/?next={path}")


def test_page_shows_who_one_is(browser: Client) -> None:
    seen = page(browser)
    for words in ('value="Dana Roth"', "dana@example.org", ">DR<", "Not connected"):
        assert words in seen, words


def test_name_language_and_theme_are_saved(browser: Client, user: User) -> None:
    fields = {"display_name": " Dana  R. ", "language": "ru", "theme": "dark"}
    answer = browser.post("/profile/", fields)
    assert (answer.status_code, answer["Location"]) == (302, "/profile/?done=saved")
    user.refresh_from_db()
    assert (user.display_name, user.language, user.theme) == ("Dana R.", "ru", "dark")
    seen = page(browser, answer["Location"])
    assert '<html lang="ru" data-theme="dark">' in seen
    assert '<option value="ru" selected>' in seen


@pytest.mark.parametrize("name", ["", "\u200b", "x" * 65])
def test_name_that_cannot_be_is_told_at_its_field(browser: Client, user: User, name: str) -> None:
    answer = browser.post("/profile/", {"display_name": name, "theme": "dark"})
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.content.decode()
    user.refresh_from_db()
    assert (user.display_name, user.theme) == ("Dana Roth", "system")


def test_picture_is_shown_and_removed(browser: Client, user: User) -> None:
    answer = browser.post("/profile/picture/", {"avatar": SimpleUploadedFile("me.png", drawn())})
    assert answer["Location"] == "/profile/?done=picture"
    user.refresh_from_db()
    assert f'<img src="{user.avatar_url}" alt="">' in page(browser)
    browser.post("/profile/picture/", {"remove": "1"})
    assert "<img" not in page(browser).partition("picture-title")[2].partition("</section>")[0]


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        ({}, 400, "Choose a picture first."),
        ({"avatar": SimpleUploadedFile("me.png", b"words")}, 400, "This is not a picture"),
        ({"avatar": SimpleUploadedFile("me.png", b"x" * (2 * 1024 * 1024 + 1))}, 413, "too large"),
    ],
    ids=["none", "words", "large"],
)
def test_picture_that_cannot_be_is_told_at_its_field(
    browser: Client, fields: dict[str, Any], status: int, words: str
) -> None:
    answer = browser.post("/profile/picture/", fields)
    assert answer.status_code == status
    assert words in answer.content.decode()


def test_token_is_shown_once_and_revoked(browser: Client) -> None:
    answer = browser.post("/profile/tokens/", {"name": "Build", "scopes": ["read", "sessions"], "days": "30"})
    found = re.search(r"data-new-key[^>]*>(nzp_[\w-]+)<", answer.content.decode())
    assert found
    token = ApiToken.objects.get()
    assert token.scopes == ["read", "sessions"]
    assert token.expires_at
    assert abs(token.expires_at - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)
    seen = page(browser)
    assert "nzp_" not in seen
    assert f"…{found[1][-4:]}" in seen
    assert "never used" in seen
    answer = browser.post(f"/profile/tokens/{token.pk}/revoke/")
    assert answer["Location"] == "/profile/?done=revoked"
    assert "Build" not in page(browser)
    assert browser.post(f"/profile/tokens/{token.pk}/revoke/").status_code == 302


@pytest.mark.parametrize("fields", [{"scopes": ["read"]}, {"name": "Build"}, {"name": "B", "scopes": ["x"]}])
def test_token_that_cannot_be_is_told(browser: Client, fields: dict[str, Any]) -> None:
    answer = browser.post("/profile/tokens/", fields)
    assert answer.status_code == 400
    assert "nz-error" in answer.content.decode()
    assert not ApiToken.objects.exists()


def test_token_of_another_stays(browser: Client) -> None:
    other = User.objects.create_user("other@example.org")
    token = ApiToken.objects.create(user=other, name="Theirs", token_hash="x")
    browser.post(f"/profile/tokens/{token.pk}/revoke/")
    token.refresh_from_db()
    assert token.revoked_at is None
    assert "Theirs" not in page(browser)


@pytest.mark.parametrize("path", ["/profile/picture/", "/profile/tokens/"])
def test_answer_that_is_loaded_anew_leads_back_to_the_page(browser: Client, path: str) -> None:
    assert browser.get(path)["Location"] == "/profile/"


def test_all_logins_end_by_one_key(browser: Client, user: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(user)
    assert browser.post("/profile/logout-everywhere/")["Location"] == "/"
    for one in (browser, elsewhere):
        assert one.get("/profile/").status_code == 302


def test_log_out_asks_first_and_ends_this_login(browser: Client) -> None:
    assert "<form" in page(browser, "/logout/")
    assert browser.get("/profile/").status_code == 200, "a link logs nobody out"
    assert browser.post("/logout/")["Location"] == "/"
    assert browser.get("/profile/").status_code == 302


def test_google_is_connected_and_parted_from(browser: Client, google: OidcServer, user: User) -> None:
    answer = browser.post("/account/google/login/", {"process": "connect", "next": "/profile/"})
    address = urlsplit(google.allow(answer["Location"], Account("dana@elsewhere.example", sub="7")))
    answer = browser.get(f"{address.path}?{address.query}")
    assert answer["Location"] == "/profile/"
    assert SocialAccount.objects.get().user == user
    assert [letter.to for letter in mail.outbox] == [["dana@example.org"]]
    assert "Connected as dana@elsewhere.example" in page(browser)
    user.refresh_from_db()
    assert user.email == "dana@example.org"
    browser.post("/profile/google/disconnect/")
    assert not SocialAccount.objects.exists()
    assert len(mail.outbox) == 2


def test_google_of_another_account_is_not_taken_over(browser: Client, google: OidcServer, user: User) -> None:
    other = User.objects.create_user("other@example.org")
    SocialAccount.objects.create(user=other, provider="google", uid="7", extra_data={})
    answer = browser.post("/account/google/login/", {"process": "connect", "next": "/profile/"})
    address = urlsplit(google.allow(answer["Location"], Account("x@elsewhere.example", sub="7")))
    browser.get(f"{address.path}?{address.query}")
    assert SocialAccount.objects.get().user == other


def test_who_could_not_log_in_otherwise_stays_connected(browser: Client, user: User, settings: Any) -> None:
    SocialAccount.objects.create(user=user, provider="google", uid="7", extra_data={"email": "d@e.org"})
    settings.EMAIL_LOGIN = False
    assert "Disconnect" not in page(browser)
    browser.post("/profile/google/disconnect/")
    assert SocialAccount.objects.exists()


@pytest.mark.parametrize("count", [1, 30])
def test_page_costs_the_same_for_many_tokens(
    browser: Client, user: User, count: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        ApiToken.objects.create(user=user, name=f"Token {number}", token_hash=str(number), ending="abcd")
    with django_assert_max_num_queries(12):
        assert page(browser).count("…abcd") == count


@pytest.mark.parametrize("language", ["en", "ru"])
def test_page_speaks_both_languages(browser: Client, user: User, language: str) -> None:
    User.objects.update(language=language)
    title = "Профиль" if language == "ru" else "Profile"
    assert f'data-spoken="{language}">{title}</h1>' in page(browser)
