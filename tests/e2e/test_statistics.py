"""How it went: what hosts are told of a real call, in it and after it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import call_page as call
from tests.e2e.conftest import Nonza, Someone

pytestmark = pytest.mark.e2e

READ = "async (address) => (await fetch(address)).json()"

# The same figure twice in a row: what it counts has ended.
STANDS_STILL = """(() => {
  const before = window.__shared;
  window.__shared = told.screen_share_seconds;
  return before === window.__shared;
})()
"""


def statistics(page: Page) -> dict[str, Any]:
    address = page.url.replace("/session/", "/api/v1/sessions/") + "statistics/"
    return dict(page.evaluate(READ, address))


def until(page: Page, condition: str) -> dict[str, Any]:
    """Wait until what the host is told (`told`) fulfils the condition."""
    address = page.url.replace("/session/", "/api/v1/sessions/") + "statistics/"
    question = f"async (address) => {{ const told = await ({READ})(address); return {condition}; }}"
    call.until_true(page, question, address, seconds=40)
    return statistics(page)


def test_hosts_are_told_who_was_there_shared_and_spoke(
    embedded: Nonza, someone: Callable[..., Someone]
) -> None:
    marta, dana = someone().page, someone().page
    link = call.start_session(marta, embedded.address, "Marta Silva")
    call.join(marta)
    call.open_link(dana, link)
    call.join(dana, "Dana Levi")
    expect(call.tile(marta, "Dana Levi")).to_be_visible()

    marta.get_by_role("button", name="Share the screen").click()
    expect(dana.get_by_text("Marta Silva’s screen")).to_be_visible()
    until(marta, "told.screen_share_seconds > 0")
    marta.get_by_role("toolbar").get_by_role("button", name="Stop sharing").click()
    expect(dana.get_by_text("Marta Silva’s screen")).to_have_count(0)
    until(marta, STANDS_STILL)

    dana.reload()
    expect(call.tile(marta, "Dana Levi")).to_have_count(1)
    until(marta, "told.rejoins === 1")
    told = until(marta, "told.spoken_seconds > 0")  # both have microphones that beep
    assert (told["people"], told["guests"], told["peak"]) == (2, 2, 2)
    spoken = sum(person["speaking_share"] for person in told["participants"])
    assert spoken == pytest.approx(1), told
    assert all(person["spoken_seconds"] <= person["in_call_seconds"] for person in told["participants"])

    marta.get_by_role("toolbar").get_by_role("button", name="More").click()
    marta.get_by_role("menuitem", name="Statistics").click()
    dialog = marta.get_by_role("dialog", name="Statistics")
    expect(dialog.get_by_role("listitem")).to_have_count(2)
    marta.keyboard.press("Escape")
    dana.get_by_role("toolbar").get_by_role("button", name="More").click()
    expect(dana.get_by_role("menuitem", name="Copy the link")).to_be_visible()
    expect(dana.get_by_role("menuitem", name="Statistics")).to_have_count(0)
    dana.keyboard.press("Escape")

    marta.get_by_role("toolbar").get_by_role("button", name="Leave").click()
    marta.get_by_role("menuitem", name="End for all").click()
    marta.get_by_role("alertdialog").get_by_role("button", name="End for all").click()
    after = marta.get_by_role("region", name="How it went")
    expect(after.get_by_role("listitem")).to_have_count(2)
    expect(dana.get_by_role("heading", name="The session has ended")).to_be_visible()
    expect(dana.get_by_role("region", name="How it went")).to_have_count(0)
    told = statistics(marta)
    assert told["ended_at"] is not None
    assert statistics(marta) == told  # from now on nothing changes
