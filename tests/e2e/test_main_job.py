"""The main job: two people, two browsers, one link, on the real LiveKit."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e import call_page as call
from tests.e2e.conftest import Nonza, Someone

pytestmark = pytest.mark.e2e


def test_two_people_hold_a_call(either: Nonza, someone: Callable[..., Someone]) -> None:
    marta, dana = someone().page, someone().page
    link = call.start_session(marta, either.address, "Marta")
    call.join(marta)
    expect(marta.get_by_text("Nobody else is here yet")).to_be_visible()

    call.open_link(dana, link)
    call.join(dana, "Dana")
    expect(call.tile(marta, "Dana")).to_be_visible()
    expect(call.tile(dana, "Marta")).to_be_visible()
    for page in (marta, dana):
        call.sees_moving_picture(page)
        call.hears_sound(page)

    dana.get_by_role("button", name="Mute the microphone").click()
    expect(call.tile(marta, "microphone off Dana")).to_be_visible()
    dana.get_by_role("button", name="Turn the microphone on").click()
    expect(call.tile(marta, "microphone off Dana")).to_have_count(0)

    marta.get_by_role("button", name="Share the screen").click()
    expect(dana.get_by_text("Marta’s screen")).to_be_visible()
    call.wait_until(dana, "seen.tracks >= 2")

    dana.reload()
    expect(call.leave_key(dana)).to_be_visible()
    expect(call.tile(marta, "Dana")).to_have_count(1)
    expect(marta.get_by_role("button", name="People, 2")).to_be_visible()
    call.sees_moving_picture(dana)

    marta.get_by_role("toolbar").get_by_role("button", name="Leave").click()
    marta.get_by_role("menuitem", name="End for all").click()
    marta.get_by_role("alertdialog").get_by_role("button", name="End for all").click()
    for page in (marta, dana):
        expect(page.get_by_role("heading", name="The session has ended")).to_be_visible()
