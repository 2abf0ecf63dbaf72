"""How a call behaves towards the one who is in it: hints, keys, devices, windows."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import parts
from tests.e2e import call_page as call
from tests.e2e import voices
from tests.e2e.axe import findings
from tests.e2e.conftest import CHROMIUM_FLAGS, Nonza, Someone, running

pytestmark = pytest.mark.e2e

Browse = Callable[..., Page]


@pytest.fixture
def browse(chromium: Browser) -> Iterator[Browse]:
    """Start a browser of one's own with other flags, and open a page in it."""
    browsers = []

    def start(*flags: str, without: str = " ", **options: Any) -> Page:
        kept = [flag for flag in CHROMIUM_FLAGS if not flag.startswith(without)]
        browser = chromium.browser_type.launch(
            executable_path=str(parts.chromium()),
            args=[*kept, "--headless=new", *flags],
            ignore_default_args=["--headless", "--mute-audio"],
            headless=True,
        )
        browsers.append(browser)
        context = browser.new_context(
            **{"locale": "en-GB", "permissions": ["camera", "microphone"], **options}
        )
        return context.new_page()

    yield start
    for browser in browsers:
        browser.close()


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return voices.write_speech(tmp_path_factory.mktemp("voices") / "speech.wav")


def speaking(file: Path) -> str:
    return f"--use-file-for-fake-audio-capture={file}"


@pytest.fixture
def pair(embedded: Nonza, someone: Callable[..., Someone]) -> tuple[Page, Page]:
    """Marta (host) and Dana in one call."""
    marta, dana = someone().page, someone().page
    link = call.start_session(marta, embedded.address, "Marta")
    call.join(marta)
    call.open_link(dana, link)
    call.join(dana, "Dana")
    call.sees_moving_picture(marta)
    return marta, dana


def microphone_key(page: Page, name: str) -> Any:
    return page.get_by_role("toolbar").get_by_role("button", name=name)


# Push-to-talk -----------------------------------------------------------------


def test_space_talks_while_it_is_held_also_after_a_click_on_the_key(pair: tuple[Page, Page]) -> None:
    marta, dana = pair
    off = call.tile(dana, "Marta").get_by_text("microphone off")
    microphone_key(marta, "Mute the microphone").click()
    expect(off).to_be_attached()
    marta.keyboard.down("Space")
    expect(marta.get_by_text("Others hear you while you hold the key.").first).to_be_visible()
    expect(off).not_to_be_attached()
    marta.keyboard.up("Space")
    expect(off).to_be_attached()
    expect(microphone_key(marta, "Turn the microphone on")).to_be_visible()


def test_space_belongs_to_the_button_that_the_keyboard_reached(pair: tuple[Page, Page]) -> None:
    marta, _dana = pair
    microphone_key(marta, "Mute the microphone").click()
    marta.keyboard.press("Tab")
    expect(marta.get_by_role("button", name="Microphone and speaker")).to_be_focused()
    marta.keyboard.press("Space")
    expect(marta.get_by_role("menu", name="Microphone and speaker")).to_be_visible()
    expect(microphone_key(marta, "Turn the microphone on")).to_be_visible()


# Hints ------------------------------------------------------------------------


def test_who_speaks_muted_is_told_so_and_nobody_hears_it(
    embedded: Nonza, browse: Browse, someone: Callable[..., Someone], speech: Path
) -> None:
    marta, dana = browse(speaking(speech)), someone().page
    link = call.start_session(marta, embedded.address, "Marta")
    call.join(marta)
    call.open_link(dana, link)
    call.join(dana, "Dana")
    call.hears_sound(dana)
    microphone_key(marta, "Mute the microphone").click()
    hint = marta.locator(".nz-toast", has_text="You are muted. Press M to speak.")
    expect(hint).to_be_visible()
    call.wait_until(dana, "seen.audio === 0")
    hint.get_by_role("button", name="Unmute").click()
    expect(hint).not_to_be_attached()
    call.hears_sound(dana)


def test_silent_microphone_is_asked_about_with_a_way_to_another(
    embedded: Nonza, browse: Browse, tmp_path: Path
) -> None:
    page = browse(speaking(voices.write_silence(tmp_path / "silence.wav")))
    call.start_session(page, embedded.address, "Marta")
    call.join(page)
    hint = page.locator(".nz-toast", has_text="We hear nothing. Is this the right microphone?")
    expect(hint).to_be_visible(timeout=40_000)
    assert findings(page) == []
    hint.get_by_role("button", name="Choose another one").click()
    dialog = page.get_by_role("dialog", name="Sound and camera")
    expect(dialog.get_by_role("combobox", name="Microphone")).to_be_visible()


# What comes in goes out again: a loudspeaker beside a microphone.
ECHO = """
let heard = null;
const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
navigator.mediaDevices.getUserMedia = async (asked) =>
  heard && asked.audio ? new MediaStream([heard.clone()]) : open(asked);
const Plain = window.RTCPeerConnection;
window.RTCPeerConnection = class extends Plain {
  constructor(...options) {
    super(...options);
    this.addEventListener("track", ({ track }) => { if (track.kind === "audio") heard = track; });
  }
};
"""


def test_echo_is_told_to_whoever_causes_it(
    embedded: Nonza, browse: Browse, someone: Callable[..., Someone], speech: Path
) -> None:
    dana, marta = browse(speaking(speech)), someone().page
    marta.add_init_script(ECHO)
    link = call.start_session(marta, embedded.address, "Marta")
    marta.get_by_role("button", name="Mute the microphone").click()
    call.join(marta)
    call.open_link(dana, link)
    call.join(dana, "Dana")
    call.hears_sound(marta)
    microphone_key(marta, "Turn the microphone on").click()
    hint = marta.locator(".nz-toast", has_text="Headphones help.")
    expect(hint).to_be_visible(timeout=60_000)
    hint.get_by_role("button", name="Dismiss").click()
    expect(hint).not_to_be_attached()
    expect(dana.locator(".nz-toast", has_text="Headphones help.")).to_have_count(0)


# Sound held back --------------------------------------------------------------

# Nobody presses anything: browsers then hold the sound back.
JOINS_BY_ITSELF = """
localStorage.setItem("nonza.name", JSON.stringify("Dana"));
localStorage.setItem("nonza.switches", JSON.stringify({ microphoneOn: false, cameraOn: false }));
const joining = setInterval(() => {
  const form = document.querySelector("form.nz-gate-form");
  if (!form) return;
  clearInterval(joining);
  form.requestSubmit();
}, 100);
// To look from outside would count as a press: the page itself says when it comes.
new MutationObserver((_changes, observer) => {
  if (!document.querySelector(".nz-strip .nz-button-primary")) return;
  observer.disconnect();
  console.log("a strip with a key");
}).observe(document, { childList: true, subtree: true });
"""


def test_sound_that_the_browser_holds_back_needs_one_press(
    embedded: Nonza, browse: Browse, someone: Callable[..., Someone]
) -> None:
    marta = someone().page
    link = call.start_session(marta, embedded.address, "Marta")
    call.join(marta)
    dana = browse(without="--autoplay-policy", permissions=[])
    dana.add_init_script(JOINS_BY_ITSELF)
    dana.add_init_script(call.WATCH_CONNECTIONS)
    with dana.expect_console_message(lambda message: message.text == "a strip with a key"):
        dana.goto(link, wait_until="commit")
    strip = dana.locator(".nz-strip", has_text="The browser holds the sound back.")
    expect(strip).to_be_visible()
    strip.get_by_role("button", name="Hear everyone").click()
    expect(strip).not_to_be_attached()
    dana.wait_for_function("() => [...document.querySelectorAll('audio')].some((a) => !a.paused && !a.muted)")
    call.hears_sound(dana)


# Devices ----------------------------------------------------------------------

# A headset that is not plugged in yet, and what was opened last.
HEADSET = """
window.plugged = false;
window.opened = [];
const media = navigator.mediaDevices;
const list = media.enumerateDevices.bind(media);
const open = media.getUserMedia.bind(media);
const isHeadset = ({ label }) => / 2$/.test(label) && !/video/i.test(label);
media.enumerateDevices = async () => (await list()).filter((d) => window.plugged || !isHeadset(d));
media.getUserMedia = async (asked) => {
  const stream = await open(asked);
  for (const track of stream.getAudioTracks()) window.opened.push(track.label);
  return stream;
};
window.plug = (plugged) => {
  window.plugged = plugged;
  media.dispatchEvent(new Event("devicechange"));
};
"""


def test_new_headset_is_offered_and_its_loss_is_told(
    embedded: Nonza, someone: Callable[..., Someone]
) -> None:
    page = someone().page
    page.add_init_script(HEADSET)
    call.start_session(page, embedded.address, "Marta")
    call.join(page)
    expect(microphone_key(page, "Mute the microphone")).to_be_visible()
    page.wait_for_function("() => window.opened.length > 0")
    page.evaluate("() => window.plug(true)")
    offer = page.locator(".nz-toast", has_text="Fake Audio Input 2 is connected.")
    expect(offer).to_be_visible()
    assert findings(page) == []
    offer.get_by_role("button", name="Use it").click()
    page.wait_for_function("() => / 2$/.test(window.opened.at(-1))")
    page.evaluate("() => window.plug(false)")
    loss = page.locator(".nz-toast", has_text="Fake Audio Input 2 is gone. We go on with")
    expect(loss).to_be_visible()
    page.wait_for_function("() => !/ 2$/.test(window.opened.at(-1))")
    expect(microphone_key(page, "Mute the microphone")).to_be_visible()
    page.evaluate("() => window.plug(true)")
    expect(page.locator(".nz-toast", has_text="Fake Audio Input 2 is back and in use.")).to_be_visible()
    page.wait_for_function("() => / 2$/.test(window.opened.at(-1))")


# A browser ends what it takes away; the tests' own way to take a permission away does not.
ENDED_BY_BROWSER = """
const media = navigator.mediaDevices;
const open = media.getUserMedia.bind(media);
const microphones = [];
media.getUserMedia = async (asked) => {
  const stream = await open(asked);
  microphones.push(...stream.getAudioTracks());
  return stream;
};
window.endMicrophones = () => {
  for (const track of microphones) {
    if (track.readyState === "ended") continue;
    track.stop();
    track.dispatchEvent(new Event("ended"));
  }
};
"""


def test_withdrawn_permission_shows_on_the_key_and_comes_back_without_a_reload(
    embedded: Nonza, browse: Browse
) -> None:
    page = browse(without="--use-fake-ui-for-media-stream")
    page.add_init_script(ENDED_BY_BROWSER)
    call.start_session(page, embedded.address, "Marta")
    call.join(page)
    expect(microphone_key(page, "Mute the microphone")).to_be_visible()
    _allow(page, "camera")
    page.evaluate("() => window.endMicrophones()")
    blocked = microphone_key(page, "Turn the microphone on. The browser blocks it.")
    expect(blocked).to_be_visible()
    expect(page.locator(".nz-toast", has_text="The browser blocks your microphone.")).to_be_visible()
    _allow(page, "camera", "microphone")
    toast = page.locator(".nz-toast", has_text="The browser allows the microphone again.")
    toast.get_by_role("button", name="Turn on").click()
    expect(microphone_key(page, "Mute the microphone")).to_be_visible()


def _allow(page: Page, *permissions: str) -> None:
    """Allow these; whatever else was allowed is denied from now on."""
    page.context.clear_permissions()
    page.context.grant_permissions(list(permissions))


# Picture in picture -----------------------------------------------------------


def test_call_goes_on_in_a_small_window(pair: tuple[Page, Page]) -> None:
    marta, dana = pair
    marta.get_by_role("toolbar").get_by_role("button", name="More").click()
    with marta.context.expect_page() as opened:
        marta.get_by_role("menuitem", name="Picture in picture").click()
    small = opened.value
    expect(small.get_by_role("figure", name="Dana")).to_be_visible()
    small.wait_for_function(
        "() => [...document.querySelectorAll('video')].some((v) => v.videoWidth > 0 && !v.paused)"
    )
    off = call.tile(dana, "Marta").get_by_text("microphone off")
    small.get_by_role("button", name="Mute the microphone").click()
    expect(off).to_be_attached()
    small.keyboard.press("m")
    expect(off).not_to_be_attached()
    assert findings(small) == []
    small.close()
    call.sees_moving_picture(marta)
    marta.keyboard.press("i")
    expect(call.leave_key(marta)).to_be_visible()


# Background blur --------------------------------------------------------------


@pytest.fixture(scope="module")
def with_dummy_model(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nonza]:
    """A Nonza whose operator brought a file that is no model."""
    parts.chromium()
    folder = tmp_path_factory.mktemp("blur")
    model = folder / "person.tflite"
    model.write_bytes(b"TFL3 this is no model" * 100)
    with running(folder / "state", NONZA_BLUR_MODEL=str(model)) as nonza:
        yield nonza


def test_blur_asks_no_stranger_and_leaves_the_camera_on_when_it_fails(
    with_dummy_model: Nonza, someone: Callable[..., Someone]
) -> None:
    marta, dana = someone().page, someone().page
    asked: list[str] = []
    marta.on("request", lambda request: asked.append(request.url))
    link = call.start_session(marta, with_dummy_model.address, "Marta")
    call.join(marta)
    call.open_link(dana, link)
    call.join(dana, "Dana")
    call.sees_moving_picture(dana)
    marta.get_by_role("toolbar").get_by_role("button", name="More").click()
    marta.get_by_role("menuitem", name="Sound and camera").click()
    marta.get_by_role("tab", name="Camera").click()
    marta.get_by_role("switch", name="Blur my background").check()
    failure = marta.get_by_role("dialog").locator(".nz-toast", has_text="The camera is on without blur.")
    expect(failure).to_be_visible(timeout=40_000)
    failure.get_by_role("button", name="Dismiss").click()
    expect(failure).not_to_be_attached()
    call.sees_moving_picture(dana)
    assert any(url.endswith(".tflite") for url in asked)
    assert any("/vision-" in url and url.endswith(".wasm") for url in asked)
    ours = {urlsplit(with_dummy_model.address).netloc}
    strangers = {urlsplit(url).netloc for url in asked if not url.startswith(("data:", "blob:"))} - ours
    assert all(host.startswith("127.0.0.1:") for host in strangers), (
        "only the media server is asked beside us"
    )
    # With blur still wished for, the camera opens all the same.
    marta.keyboard.press("Escape")
    key = marta.get_by_role("toolbar")
    key.get_by_role("button", name="Turn the camera off").click()
    key.get_by_role("button", name="Turn the camera on").click()
    call.sees_moving_picture(dana)
