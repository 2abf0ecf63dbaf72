"""What one person sets for themselves: volume, mute-for-me, layouts, devices, what is received."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import call_page as call
from tests.e2e.conftest import Nonza, Someone

pytestmark = pytest.mark.e2e

LOUDEST = "() => Math.max(0, ...[...document.querySelectorAll('audio')].map((a) => a.muted ? 0 : a.volume))"


def silent(page: Page) -> None:
    page.wait_for_function(f"() => ({LOUDEST})() === 0")


def audible(page: Page) -> None:
    page.wait_for_function(f"() => ({LOUDEST})() > 0")


@pytest.fixture
def pair(embedded: Nonza, someone: Callable[..., Someone]) -> tuple[Page, Page]:
    """Marta (host) and Dana in one call, seen and heard."""
    marta, dana = someone().page, someone().page
    link = call.start_session(marta, embedded.address, "Marta")
    call.join(marta)
    call.open_link(dana, link)
    call.join(dana, "Dana")
    call.sees_moving_picture(marta)
    call.sees_moving_picture(dana)
    return marta, dana


def test_muted_for_me_stays_muted_when_they_come_back(pair: tuple[Page, Page]) -> None:
    marta, dana = pair
    audible(marta)
    call.tile(marta, "Dana").hover()
    call.tile(marta, "Dana").get_by_role("button", name="More about Dana").click()
    marta.get_by_role("menuitem", name="Mute for me").click()
    silent(marta)
    dana.reload()
    expect(call.leave_key(dana)).to_be_visible()
    call.sees_moving_picture(dana)
    call.hears_sound(dana)
    expect(call.tile(marta, "Dana")).to_have_count(1)
    silent(marta)
    audible(dana)


def test_muted_for_me_stays_muted_when_the_own_microphone_opens(
    embedded: Nonza, someone: Callable[..., Someone]
) -> None:
    marta, dana = someone().page, someone().page
    link = call.start_session(marta, embedded.address, "Marta")
    marta.get_by_role("button", name="Mute the microphone").click()
    call.join(marta)
    call.open_link(dana, link)
    call.join(dana, "Dana")
    audible(marta)
    call.tile(marta, "Dana").hover()
    call.tile(marta, "Dana").get_by_role("button", name="More about Dana").click()
    marta.get_by_role("menuitem", name="Mute for me").click()
    silent(marta)
    marta.get_by_role("button", name="Turn the microphone on").click()
    call.hears_sound(dana)
    silent(marta)


def test_pinned_person_is_large_and_everyone_is_side_by_side_again(pair: tuple[Page, Page]) -> None:
    marta, _dana = pair
    tile = call.tile(marta, "Dana")
    before = tile.bounding_box()
    tile.hover()
    tile.get_by_role("button", name="Pin").click()
    assert before is not None
    marta.wait_for_function(
        "(width) => [...document.querySelectorAll('figure')].some((f) => f.clientWidth > width * 1.2)",
        arg=before["width"],
    )
    tile.hover()
    tile.get_by_role("button", name="Unpin").click()
    marta.wait_for_function(
        "(width) => [...document.querySelectorAll('figure')].every((f) => f.clientWidth < width * 1.2)",
        arg=before["width"],
    )


def test_camera_that_is_turned_off_shows_the_person_instead(pair: tuple[Page, Page]) -> None:
    marta, dana = pair
    dana.get_by_role("button", name="Turn the camera off").click()
    expect(call.tile(marta, "Dana").locator("video")).to_have_count(0)
    expect(call.tile(marta, "Dana").get_by_text("D", exact=True)).to_be_visible()
    dana.get_by_role("button", name="Turn the camera on").click()
    expect(call.tile(marta, "Dana").locator("video")).to_be_visible()
    call.sees_moving_picture(marta)


def test_sound_only_receives_no_picture(pair: tuple[Page, Page]) -> None:
    marta, _dana = pair
    marta.get_by_role("toolbar").get_by_role("button", name="More").click()
    marta.get_by_text("Sound and camera").click()
    dialog = marta.get_by_role("dialog", name="Sound and camera")
    dialog.get_by_role("tab", name="Quality").click()
    dialog.get_by_label("Sound only").check()
    marta.keyboard.press("Escape")
    call.wait_until(marta, "seen.tracks === 0 || !window.__last || seen.frames === window.__last")
    expect(call.tile(marta, "Dana").locator("video")).to_have_count(0)
    call.hears_sound(marta)


def test_screen_share_ends_for_everybody(pair: tuple[Page, Page]) -> None:
    marta, dana = pair
    dana.get_by_role("button", name="Share the screen").click()
    expect(marta.get_by_text("Dana’s screen")).to_be_visible()
    dana.get_by_role("button", name="Stop sharing").first.click()
    expect(marta.get_by_text("Dana’s screen")).to_have_count(0)
