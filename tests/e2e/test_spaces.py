"""A team in a space: invitations, a voice channel, and the call that goes on while one looks around."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import call_page as call
from tests.e2e import space_page as at
from tests.e2e.axe import findings
from tests.e2e.conftest import Nonza, Someone
from tests.oidc_server import Account

pytestmark = pytest.mark.e2e

MARTA = Account("marta@ferries.example", "Marta Silva")
ILYA = Account("ilya@ferries.example", "Илья Громов")
NOOR = Account("noor@ferries.example", "Noor Haddad")


@dataclass
class Team:
    """Three people in one space, each at a browser of their own."""

    owner: Page
    second: Page
    third: Page
    space: str
    galley: str
    bridge: str


@pytest.fixture
def team(accounts: Nonza, someone: Callable[..., Someone]) -> Team:
    """Marta makes a space with two channels; Ilya and Noor come by her link."""
    marta, ilya, noor = someone().page, someone().page, someone().page
    at.log_in(marta, accounts.address, MARTA)
    if "/welcome/" in marta.url:
        at.make_space(marta, "Northlight Ferries")
    space = str(at.ask(marta, "POST", "spaces/", {"name": "Northlight Ferries"})["id"])
    galley = at.make_channel(marta, space, "Galley")
    bridge = at.make_channel(marta, space, "Bridge", "video")
    link = at.invite(marta, space)
    at.accept(ilya, accounts.address, link, ILYA)
    at.accept(noor, accounts.address, link, NOOR)
    marta.goto(f"{accounts.address}/spaces/{space}/")
    for page in (marta, ilya, noor):
        at.alive(page)
    return Team(marta, ilya, noor, space, galley, bridge)


def test_team_meets_in_a_voice_channel_and_everybody_sees_who_is_in_it(team: Team) -> None:
    marta, ilya, noor = team.owner, team.second, team.third
    at.enter(marta, "Galley")
    expect(at.faces(noor, team.galley)).to_have_count(1)
    at.enter(ilya, "Galley")
    for page in (marta, ilya, noor):
        expect(at.faces(page, team.galley)).to_have_count(2)
    call.hears_sound(ilya)
    call.hears_sound(marta)

    at.large(ilya).get_by_role("button", name="Mute the microphone").click()
    expect(noor.locator("#sidebar [data-person][data-muted]")).to_have_count(1)

    at.large(ilya).get_by_role("toolbar").get_by_role("button", name="Leave").click()
    expect(at.large(ilya)).to_have_count(0)
    for page in (marta, ilya, noor):
        expect(at.faces(page, team.galley)).to_have_count(1)
    expect(noor.locator("#main [data-here]").get_by_text("in Galley")).to_have_count(1)


def test_call_goes_on_in_the_bar_while_one_looks_around(team: Team) -> None:
    marta, ilya = team.owner, team.second
    at.enter(ilya, "Galley")
    at.enter(marta, "Galley")
    call.hears_sound(marta)
    connections = marta.evaluate("() => window.__connections.length")

    for link, heading in (("Overview", "Northlight Ferries"), ("All sessions", "Sessions")):
        at.sidebar(marta).get_by_role("link", name=link).click()
        expect(marta.get_by_role("heading", name=heading, level=1)).to_be_focused()
        at.connected(marta)
    marta.go_back()
    marta.wait_for_url(re.compile(r"/spaces/"))
    at.connected(marta)
    assert marta.evaluate("() => window.__connections.length") == connections
    call.hears_sound(marta)

    at.bar(marta).get_by_role("button", name="Mute the microphone").click()
    expect(ilya.locator("#sidebar [data-person][data-muted]")).to_have_count(1)
    at.bar(marta).get_by_role("button", name="Turn the microphone on").click()
    expect(ilya.locator("#sidebar [data-person][data-muted]")).to_have_count(0)

    at.bar(marta).get_by_role("button", name="Hear nobody").click()
    expect(at.bar(marta).get_by_role("button", name="Hear everyone")).to_be_visible()
    expect(ilya.locator("#sidebar [data-person][data-muted]")).to_have_count(1)
    assert marta.evaluate("() => [...document.querySelectorAll('audio')].every((sound) => sound.muted)")
    at.bar(marta).get_by_role("button", name="Hear everyone").click()
    expect(ilya.locator("#sidebar [data-person][data-muted]")).to_have_count(0)

    at.sidebar(marta).get_by_role("link", name="Galley").click()
    expect(call.tile(marta, "Илья Громов")).to_be_visible()
    expect(at.large(marta)).to_be_visible()
    at.large(marta).get_by_role("button", name="Make the call small").click()
    expect(at.bar(marta).get_by_role("button", name="Open the call Galley")).to_be_focused()

    marta.reload()
    at.connected(marta)
    expect(at.faces(ilya, team.galley)).to_have_count(2)
    call.hears_sound(marta)
    at.bar(marta).get_by_role("button", name="Leave").click()
    expect(at.bar(marta)).to_have_count(0)
    expect(at.faces(ilya, team.galley)).to_have_count(1)


def test_from_one_channel_to_another_one_is_asked_first(team: Team) -> None:
    marta, noor = team.owner, team.third
    at.enter(marta, "Galley")
    at.sidebar(marta).get_by_role("link", name="Bridge").hover()
    at.sidebar(marta).get_by_role("button", name="Join Bridge").click()
    question = marta.get_by_role("alertdialog", name="Leave Galley and go to Bridge?")
    expect(question).to_be_visible()
    assert findings(marta) == []
    question.get_by_role("button", name="Stay").click()
    expect(at.faces(noor, team.galley)).to_have_count(1)
    at.sidebar(marta).get_by_role("button", name="Join Bridge").click()
    question.get_by_role("button", name="Go there").click()
    expect(at.faces(noor, team.bridge)).to_have_count(1)
    expect(at.faces(noor, team.galley)).to_have_count(0)


def test_channel_is_entered_and_left_by_keyboard_alone(team: Team) -> None:
    marta, noor = team.owner, team.third
    marta.locator("body").press("Tab")
    _tab_to(marta, "Join Galley")
    marta.keyboard.press("Enter")
    expect(at.faces(noor, team.galley)).to_have_count(1)
    _tab_to(marta, "Make the call small")
    marta.keyboard.press("Enter")
    expect(at.bar(marta).get_by_role("button", name="Open the call Galley")).to_be_focused()
    _tab_to(marta, "Leave")
    marta.keyboard.press("Enter")
    expect(at.bar(marta)).to_have_count(0)
    expect(at.faces(noor, team.galley)).to_have_count(0)
    expect(marta.locator("#main :focus, #main:focus")).to_have_count(1)


def test_who_is_removed_is_told_and_led_to_a_space_of_their_own(team: Team) -> None:
    marta, ilya = team.owner, team.second
    members = at.ask(marta, "GET", f"spaces/{team.space}/members/")["results"]
    found = next(member for member in members if member["role"] == "member" and "Илья" in str(member))
    at.ask(marta, "DELETE", f"spaces/{team.space}/members/{found['id']}/")
    expect(ilya.get_by_text("You are no longer a member of Northlight Ferries.").first).to_be_visible()
    expect(at.sidebar(ilya)).not_to_have_attribute("data-space", team.space)


def test_news_reach_the_bell_at_once(team: Team) -> None:
    marta, noor = team.owner, team.third
    at.sidebar(noor).get_by_role("link", name="All sessions").click()
    expect(noor.get_by_role("heading", name="Sessions", level=1)).to_be_focused()
    before = int(noor.locator("[data-unread-news]").text_content() or "0")
    at.enter(marta, "Galley")
    expect(noor.locator("[data-unread-news]")).to_have_text(str(before + 1))
    noor.get_by_role("button", name="Join", exact=True).click()
    expect(at.large(noor)).to_be_visible()
    expect(at.faces(marta, team.galley)).to_have_count(2)


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until the button with this name has the focus."""
    target = page.get_by_role("button", name=name, exact=True).first
    for _press in range(60):
        if target.count() and target.evaluate("(button) => button === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {name}.")
