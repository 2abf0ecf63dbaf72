"""Logging in as a newcomer does it, and an installation where nobody can."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e import call_page as call
from tests.e2e import space_page as at
from tests.e2e.axe import findings
from tests.e2e.conftest import Nonza, Someone
from tests.oidc_server import Account

pytestmark = pytest.mark.e2e

DANA = Account("dana@harbour.example", "Dana Roth")
PHONE = {"width": 390, "height": 844}
LOOKS: list[dict[str, Any]] = [
    {"color_scheme": "light"},
    {"color_scheme": "dark", "viewport": PHONE, "locale": "ru-RU"},
    {"color_scheme": "dark"},
    {"color_scheme": "light", "viewport": PHONE},
]


def test_newcomer_logs_in_with_google_and_makes_a_first_space(
    accounts: Nonza, someone: Callable[..., Someone]
) -> None:
    page = someone().page
    page.goto(f"{accounts.address}/")
    page.get_by_role("link", name="Log in").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    assert findings(page) == []
    page.get_by_role("button", name="Continue with Google").click()
    at.allow(page, Account("newcomer@harbour.example", "Theo Marchetti"))
    at.make_space(page, "Harbour desk")
    expect(page.get_by_role("heading", name="Harbour desk", level=1)).to_be_visible()
    page.goto(f"{accounts.address}/")
    expect(page.get_by_role("heading", name="Harbour desk", level=1)).to_be_visible()


def test_who_says_no_at_google_can_try_again(accounts: Nonza, someone: Callable[..., Someone]) -> None:
    page = someone().page
    page.goto(f"{accounts.address}/login/")
    page.get_by_role("button", name="Continue with Google").click()
    page.get_by_role("button", name="Cancel").click()
    page.wait_for_url(re.compile(re.escape(accounts.address)))
    assert findings(page) == []
    page.goto(f"{accounts.address}/login/")
    expect(page.get_by_role("button", name="Continue with Google")).to_be_visible()


@pytest.mark.parametrize("look", LOOKS, ids=["light", "phone-dark-ru", "dark", "phone-light"])
def test_axe_finds_nothing_on_the_pages_of_a_space(
    accounts: Nonza, someone: Callable[..., Someone], look: dict[str, Any]
) -> None:
    page = someone().page
    at.log_in(page, accounts.address, DANA)
    space = at.make_space(page, "Ferries") if "/welcome/" in page.url else at.space_of(page)
    channel = at.make_channel(page, space, "Galley")
    state = page.context.storage_state()
    seen = someone(**look, storage_state=state).page
    paths = [
        f"/spaces/{space}/",
        f"/channels/{channel}/",
        *(f"/spaces/{space}/{part}/" for part in ("settings", "members", "invitations", "channels")),
        f"/spaces/{space}/statistics/",
        "/spaces/new/",
        "/sessions/",
        "/notifications/",
        "/profile/",
        at.invite(page, space),
    ]
    for path in paths:
        answer = seen.goto(f"{accounts.address}{path}")
        assert answer is not None, path
        assert (path, answer.status, findings(seen)) == (path, 200, [])
        wide = seen.evaluate("() => document.documentElement.scrollWidth > window.innerWidth")
        assert (path, wide) == (path, False)


def test_without_accounts_nothing_offers_a_login_and_calls_work(
    without_accounts: Nonza, someone: Callable[..., Someone]
) -> None:
    marta, dana = someone().page, someone().page
    marta.goto(f"{without_accounts.address}/")
    expect(marta.get_by_role("button", name="Start a session")).to_be_visible()
    expect(marta.get_by_role("link", name=re.compile("log in", re.IGNORECASE))).to_have_count(0)
    for path in ("/login/", "/profile/", "/notifications/", "/api/v1/spaces/", "/api/v1/identity/profile/"):
        answer = marta.request.get(f"{without_accounts.address}{path}")
        assert (path, answer.status) == (path, 404)
    link = call.start_session(marta, without_accounts.address, "Marta")
    call.join(marta)
    call.open_link(dana, link)
    call.join(dana, "Dana")
    for page in (marta, dana):
        call.sees_moving_picture(page)
        call.hears_sound(page)
