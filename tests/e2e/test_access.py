"""For everybody: axe on every state, all of it by keyboard, in both languages, in every width."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import call_page as call
from tests.e2e.axe import findings
from tests.e2e.conftest import Nonza, Someone

pytestmark = pytest.mark.e2e

DESKTOP, PHONE, SMALL = (
    {"width": 1440, "height": 900},
    {"width": 390, "height": 844},
    {"width": 320, "height": 640},
)
LOOKS = [
    pytest.param(DESKTOP, "light", id="desktop-light"),
    pytest.param(DESKTOP, "dark", id="desktop-dark"),
    pytest.param(PHONE, "light", id="phone-light"),
    pytest.param(PHONE, "dark", id="phone-dark"),
]


def fits(page: Page) -> bool:
    """Nothing scrolls sideways."""
    return bool(page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth"))


@pytest.mark.parametrize(("viewport", "scheme"), LOOKS)
def test_axe_finds_nothing_from_the_front_page_into_the_call(
    embedded: Nonza, someone: Callable[..., Someone], viewport: dict, scheme: str
) -> None:
    page = someone(viewport=viewport, color_scheme=scheme).page
    page.goto(embedded.address)
    assert findings(page) == []
    assert fits(page)
    page.get_by_label("Your name").fill("host")
    page.get_by_role("button", name="Start a session").click()
    expect(page.get_by_text("This name is reserved. Choose another one.")).to_be_visible()
    assert findings(page) == []

    link = call.start_session(page, embedded.address, "Marta")
    expect(page.get_by_role("button", name="Join", exact=True)).to_be_visible()
    assert findings(page) == []
    assert fits(page)
    call.join(page)
    expect(page.get_by_text("Nobody else is here yet")).to_be_visible()
    assert findings(page) == []
    assert fits(page)

    dana = someone().page
    call.open_link(dana, link)
    call.join(dana, "Dana")
    expect(call.tile(page, "Dana")).to_be_visible()
    assert findings(page) == []
    page.get_by_role("button", name="People", exact=False).first.click()
    expect(page.get_by_role("heading", name="People")).to_be_visible()
    assert findings(page) == []
    page.get_by_role("button", name="More about Dana").last.click()
    expect(page.get_by_role("menuitem", name="Pin")).to_be_visible()
    assert findings(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    assert findings(page) == []


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_in_the_settings(
    embedded: Nonza, someone: Callable[..., Someone], viewport: dict
) -> None:
    page = someone(viewport=viewport).page
    call.start_session(page, embedded.address, "Marta")
    call.join(page)
    page.get_by_role("toolbar").get_by_role("button", name="More").click()
    page.get_by_text("Sound and camera").click()
    dialog = page.get_by_role("dialog", name="Sound and camera")
    expect(dialog).to_be_visible()
    for tab in ("Sound", "Camera", "Quality"):
        dialog.get_by_role("tab", name=tab).click()
        assert findings(page) == []
    assert fits(page)


def test_smallest_phone_shows_everything(embedded: Nonza, someone: Callable[..., Someone]) -> None:
    page = someone(viewport=SMALL, locale="ru-RU").page
    page.goto(embedded.address)
    assert fits(page)
    page.get_by_label("Ваше имя").fill("Марта")
    page.get_by_role("button", name="Начать сессию").click()
    page.get_by_role("button", name="Войти", exact=True).click()
    expect(page.get_by_role("toolbar")).to_be_visible()
    assert fits(page)
    assert findings(page) == []


def test_whole_way_goes_by_keyboard(embedded: Nonza, someone: Callable[..., Someone]) -> None:
    page = someone().page
    page.goto(embedded.address)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.get_by_label("Your name").focus()
    page.keyboard.type("Marta")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Join", exact=True)).to_be_visible()
    page.get_by_label("Your name").focus()
    page.keyboard.press("Enter")
    expect(call.leave_key(page)).to_be_visible()

    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Turn the microphone on")).to_be_visible()
    page.keyboard.press("m")
    expect(page.get_by_role("button", name="Mute the microphone")).to_be_visible()
    page.keyboard.press("v")
    expect(page.get_by_role("button", name="Turn the camera on")).to_be_visible()

    page.keyboard.press("p")
    panel = page.get_by_role("complementary", name="People")
    expect(panel).to_be_visible()
    assert panel.evaluate("(node) => node.contains(document.activeElement)")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)

    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)

    call.leave_key(page).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="You left the session")).to_be_visible()


def test_who_comes_and_goes_is_announced(embedded: Nonza, someone: Callable[..., Someone]) -> None:
    marta, dana = someone().page, someone().page
    link = call.start_session(marta, embedded.address, "Marta")
    call.join(marta)
    call.open_link(dana, link)
    call.join(dana, "Dana")
    live = marta.locator("[aria-live=polite]")
    expect(live.filter(has_text="Dana joined.")).to_have_count(1)
    call.leave_key(dana).click()
    expect(live.filter(has_text="Dana left.")).to_have_count(1)


def test_language_follows_the_browser_and_the_choice(
    embedded: Nonza, someone: Callable[..., Someone]
) -> None:
    page = someone(locale="ru-RU").page
    page.goto(embedded.address)
    assert page.locator("html").get_attribute("lang") == "ru"
    expect(page.get_by_role("heading", name="Своё место для разговора")).to_be_visible()
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Your own place to talk.")).to_be_visible()
    call.start_session(page, embedded.address, "Marta")
    expect(page.get_by_role("button", name="Join", exact=True)).to_be_visible()


def test_admin_breaks_no_rule_of_the_policy(embedded: Nonza, someone: Callable[..., Someone]) -> None:
    page = someone().page
    page.goto(f"{embedded.address}/admin/")
    expect(page.get_by_label("E-mail")).to_be_visible()
