"""A page for every end, and a way on from each."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import call_page as call
from tests.e2e.axe import findings
from tests.e2e.conftest import Nonza, Someone

pytestmark = pytest.mark.e2e

START = """
async ([name, fields]) => {
  const token = document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? "";
  const response = await fetch("/api/v1/sessions/", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ display_name: name, ...fields }),
  });
  return (await response.json()).link;
}
"""


def start_with(page: Page, address: str, name: str, **fields: Any) -> str:
    """Start a session over the API, as the page itself could; return its link."""
    page.add_init_script(call.WATCH_CONNECTIONS)
    page.goto(f"{address}/")
    return str(page.evaluate(START, [name, fields]))


def heading(page: Page, words: str) -> None:
    """The end page with this heading stands, has the focus on it, and axe finds nothing on it."""
    expect(page.get_by_role("heading", name=words)).to_be_visible()
    expect(page).to_have_title(re.compile(re.escape(words)))
    assert findings(page) == []


def test_code_that_does_not_exist_has_a_page(embedded: Nonza, someone: Callable[..., Someone]) -> None:
    page = someone().page
    answer = page.goto(f"{embedded.address}/session/aaaa-bbbb-cccc/")
    assert answer is not None
    assert answer.status == 404
    heading(page, "There is no session with this code")
    page.get_by_role("link", name="Go to the front page").click()
    expect(page.get_by_role("heading", name="Your own place to talk.")).to_be_visible()


def test_who_left_can_come_back(embedded: Nonza, someone: Callable[..., Someone]) -> None:
    page = someone().page
    call.start_session(page, embedded.address, "Marta")
    call.join(page)
    page.get_by_role("toolbar").get_by_role("button", name="Leave").click()
    page.get_by_role("menuitem", name="Leave").click()
    heading(page, "You left the session")
    page.get_by_role("button", name="Come back").click()
    call.join(page)


def test_full_session_lets_in_who_waits_as_soon_as_a_seat_is_free(
    embedded: Nonza, someone: Callable[..., Someone]
) -> None:
    marta, dana = someone().page, someone().page
    link = start_with(marta, embedded.address, "Marta", max_participants=1)
    call.open_link(marta, link)
    call.join(marta)
    call.open_link(dana, link)
    dana.get_by_label("Your name").fill("Dana")
    dana.get_by_role("button", name="Join", exact=True).click()
    heading(dana, "Every seat is taken")
    marta.get_by_role("toolbar").get_by_role("button", name="Leave").click()
    marta.get_by_role("menuitem", name="Leave").click()
    expect(call.leave_key(dana)).to_be_visible()


def test_session_whose_time_is_over_says_so_to_who_holds_a_place_in_it(
    embedded: Nonza, someone: Callable[..., Someone]
) -> None:
    marta, mallory = someone().page, someone().page
    soon = (datetime.now(UTC) + timedelta(seconds=5)).isoformat()
    link = start_with(marta, embedded.address, "Marta", expires_at=soon)

    def stranger_finds_nothing() -> None:
        mallory.goto(link)
        expect(mallory.get_by_role("heading", name="There is no session")).to_be_visible(timeout=1000)

    _until(stranger_finds_nothing)
    marta.goto(link)
    heading(marta, "The session has expired")


def test_second_tab_takes_over_and_the_first_can_take_it_back(
    embedded: Nonza, someone: Callable[..., Someone]
) -> None:
    person = someone()
    first = person.page
    link = call.start_session(first, embedded.address, "Marta")
    call.join(first)
    second = person.context.new_page()
    call.open_link(second, link)
    call.join(second)
    heading(first, "You joined from another tab")
    first.get_by_role("button", name="Use it here").click()
    expect(call.leave_key(first)).to_be_visible()
    expect(second.get_by_role("heading", name="You joined from another tab")).to_be_visible()


def test_host_ends_for_all_and_strangers_find_nothing(
    embedded: Nonza, someone: Callable[..., Someone]
) -> None:
    marta, mallory = someone().page, someone().page
    link = call.start_session(marta, embedded.address, "Marta")
    call.join(marta)
    marta.get_by_role("toolbar").get_by_role("button", name="Leave").click()
    marta.get_by_role("menuitem", name="End for all").click()
    marta.get_by_role("alertdialog").get_by_role("button", name="End for all").click()
    heading(marta, "The session has ended")
    marta.reload()
    heading(marta, "The session has ended")
    mallory.goto(link)
    heading(mallory, "There is no session with this code")


@pytest.mark.parametrize(
    ("missing", "words"),
    [
        ("delete window.RTCPeerConnection", "This browser can’t hold a call"),
        ("delete window.WebSocket", "This browser can’t hold a call"),
    ],
)
def test_browser_without_calls_is_told_so(
    embedded: Nonza, someone: Callable[..., Someone], missing: str, words: str
) -> None:
    marta, page = someone().page, someone().page
    link = start_with(marta, embedded.address, "Marta")
    page.add_init_script(missing)
    page.goto(link)
    heading(page, words)


def test_media_server_that_is_away_is_said_and_tried_again(
    without_media: Nonza, someone: Callable[..., Someone]
) -> None:
    page = someone().page
    call.start_session(page, without_media.address, "Marta")
    with page.expect_response(re.compile(r"/token/$")) as first:
        page.get_by_role("button", name="Join", exact=True).click()
    assert first.value.status == 503
    expect(page.get_by_text("Calls are not available now").first).to_be_visible()
    assert findings(page) == []
    with page.expect_response(re.compile(r"/token/$")) as again:  # by itself
        pass
    assert again.value.json()["code"] == "media_unavailable"


def _until(attempt: Callable[[], None]) -> None:
    """Try until it holds, as a person who loads the page again would."""
    for _count in range(20):
        try:
            attempt()
        except AssertionError:
            continue
        return
    attempt()
