"""Three people write in a text channel and in a call: in two languages, at a desk and on a phone."""

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import call_page as call
from tests.e2e import space_page as at
from tests.e2e.axe import findings
from tests.e2e.chat_page import Chat
from tests.e2e.conftest import Nonza, Someone
from tests.oidc_server import Account

pytestmark = pytest.mark.e2e

MARTA = Account("marta@written.example", "Marta Silva")
ILYA = Account("ilya@written.example", "Илья Громов")
NOOR = Account("noor@written.example", "Noor Haddad")
PHONE = {"viewport": {"width": 390, "height": 844}}
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
)


AS_JSON = at.ASK[at.ASK.index("if (!response.ok)") : at.ASK.rindex("}")]
LATER = "0193f0e2-7a6b-7c1d-9e2f-3a4b5c6d7e8f"


@dataclass
class Crew:
    """Three people in one space: Marta at a desk, Ilya in Russian, Noor on a phone."""

    marta: Page
    ilya: Page
    noor: Page
    space: str
    channel: str
    address: str

    def all_open(self) -> tuple[Chat, Chat, Chat]:
        """Everybody has the channel before them."""
        for page in (self.marta, self.ilya, self.noor):
            page.goto(f"{self.address}/channels/{self.channel}/")
            at.alive(page)
        chats = Chat(self.marta), Chat(self.ilya, language="ru"), Chat(self.noor)
        for chat in chats:
            expect(chat.field).to_be_visible()
        return chats


@pytest.fixture
def crew(accounts: Nonza, someone: Callable[..., Someone]) -> Iterator[Crew]:
    marta, ilya, noor = someone().page, someone().page, someone(**PHONE).page
    at.log_in(marta, accounts.address, MARTA)
    if "/welcome/" in marta.url:
        at.make_space(marta, "Northlight Ferries")
    space = str(at.ask(marta, "POST", "spaces/", {"name": "Northlight Ferries"})["id"])
    channel = at.make_channel(marta, space, "deck", "text")
    link = at.invite(marta, space)
    at.accept(ilya, accounts.address, link, ILYA)
    at.ask(ilya, "PATCH", "identity/profile/", {"language": "ru"})
    at.accept(noor, accounts.address, link, NOOR)
    yield Crew(marta, ilya, noor, space, channel, accounts.address)
    at.ask(ilya, "PATCH", "identity/profile/", {"language": "en"})  # the next test finds him as he was


def test_three_people_write_in_a_text_channel(crew: Crew) -> None:
    marta, ilya, noor = crew.all_open()
    marta.send("The ferry leaves at nine")
    ilya.sees("The ferry leaves at nine")
    noor.sees("The ferry leaves at nine")

    ilya.act("The ferry leaves at nine", "reply")
    ilya.send("Я буду в восемь")
    expect(marta.message("Я буду в восемь").locator(".nz-quote")).to_contain_text("The ferry leaves at nine")
    marta.react("Я буду в восемь", "thumbs up", "👍")
    expect(ilya.reaction("Я буду в восемь", "👍")).to_have_attribute("aria-pressed", "false")
    ilya.reaction("Я буду в восемь", "👍").click()
    expect(marta.reaction("Я буду в восемь", "👍")).to_contain_text("2")

    marta.act("The ferry leaves at nine", "edit")
    marta.write("The ferry leaves at ten")
    noor.sees("The ferry leaves at ten")
    noor.sees("The ferry leaves at nine", times=0)
    expect(ilya.message("The ferry leaves at ten").first).to_contain_text("изменено")

    ilya.send("Это лишнее")
    marta.sees("Это лишнее")
    ilya.delete("Это лишнее")
    for chat in (marta, ilya, noor):
        chat.sees("Это лишнее", times=0)
        expect(chat.tombstones()).to_have_count(1)

    noor.write("**Bold** and `code` and https://example.org/ferry")
    bold = marta.message("Bold and code").locator("strong")
    expect(bold).to_have_text("Bold")
    expect(marta.message("Bold and code").get_by_role("link")).to_have_attribute(
        "href", "https://example.org/ferry"
    )
    for page in (crew.marta, crew.ilya, crew.noor):
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert findings(page) == []


def test_mention_reaches_who_looks_elsewhere_and_the_new_line_stands_where_they_left(crew: Crew) -> None:
    marta, ilya, _noor = crew.all_open()
    with crew.ilya.expect_response(lambda answer: answer.url.endswith("/read/")):  # told within a second
        ilya.send("Прочитано")
    marta.sees("Прочитано")
    crew.ilya.goto(f"{crew.address}/spaces/{crew.space}/")
    at.alive(crew.ilya)
    marta.field.press_sequentially("Look at this, @Ил")
    crew.marta.get_by_role("option", name="Илья Громов").click()
    marta.root.locator(".nz-send").click()
    marta.sees("Look at this")
    row = at.sidebar(crew.ilya).locator(f'[data-channel="{crew.channel}"]')
    expect(row.locator("[data-mentions]")).to_have_text("1")
    expect(crew.ilya.locator("[data-unread]").first).to_be_visible()
    expect(crew.ilya).to_have_title(re.compile(r"^\(\d+\) "))
    crew.ilya.goto(f"{crew.address}/channels/{crew.channel}/")
    ilya.sees("Look at this")
    expect(ilya.root.locator("[data-new]")).to_have_count(1)
    expect(row.locator("[data-mentions]")).to_be_hidden()
    expect(crew.ilya.locator(".nz-message-for-me")).to_have_count(1)


def test_files_pins_and_search(crew: Crew, tmp_path: Path) -> None:
    marta, ilya, noor = crew.all_open()
    picture, words = tmp_path / "harbour.png", tmp_path / "timetable.txt"
    picture.write_bytes(PICTURE)
    words.write_text("Nine, ten, eleven.")
    marta.root.locator("input[type=file]").set_input_files([str(picture), str(words)])
    expect(marta.root.locator(".nz-send")).not_to_have_attribute("aria-disabled", "true")
    marta.send("Both of them")
    expect(ilya.message("Both of them").locator(".nz-picture img")).to_be_visible()
    loaded = "(image) => image.complete && image.naturalWidth > 0"
    picture_shown = noor.message("Both of them").locator(".nz-picture img")
    expect(picture_shown).to_be_visible()
    assert picture_shown.evaluate(f"async (image) => {{ await image.decode(); return ({loaded})(image); }}")
    with crew.ilya.expect_download() as download:
        ilya.message("Both of them").locator(".nz-file").click()
    assert Path(download.value.path()).read_text() == "Nine, ten, eleven."

    marta.act("Both of them", "pin")
    expect(noor.message("Both of them").locator(".nz-message-pin")).to_be_visible()
    crew.noor.get_by_role("button", name="Pinned messages").click()
    expect(crew.noor.locator(".nz-chat-side-list")).to_contain_text("Both of them")

    marta.send("Somebody looks for lighthouses")
    crew.marta.get_by_role("button", name="Search", exact=True).click()
    crew.marta.get_by_label("Search in the messages").fill("lighthouse")
    expect(crew.marta.locator(".nz-chat-side-list")).to_contain_text("looks for lighthouses")
    assert findings(crew.marta) == []


def test_draft_outlives_a_reload_and_what_was_written_without_a_network_is_sent_once(crew: Crew) -> None:
    marta, ilya, noor = crew.all_open()
    marta.field.fill("Not finished yet")
    crew.marta.reload()
    expect(marta.field).to_have_value("Not finished yet")

    crew.noor.context.set_offline(True)
    noor.write("Written under ground")
    expect(noor.pending("Written under ground")).to_have_count(1)
    ilya.sees("Written under ground", times=0)
    crew.noor.context.set_offline(False)
    again = noor.pending("Written under ground").get_by_role("button", name="Send again")
    sent = noor.message("Written under ground")
    expect(sent.or_(again).first).to_be_visible()
    if again.count():
        again.click()
    for chat in (noor, ilya, marta):
        chat.sees("Written under ground")
    marta.send("And after it")
    noor.sees("And after it")
    noor.sees("Written under ground")


def test_chat_of_a_call_is_for_who_is_in_it(embedded: Nonza, someone: Callable[..., Someone]) -> None:
    host, guest, other = someone().page, someone(locale="ru-RU").page, someone(**PHONE).page
    link = call.start_session(host, embedded.address, "Marta")
    call.join(host)
    for page, name, label, key in (
        (guest, "Илья", "Ваше имя", "Войти"),
        (other, "Noor", "Your name", "Join"),
    ):
        call.open_link(page, link)
        page.get_by_label(label).fill(name)
        page.get_by_role("button", name=key, exact=True).click()
    host.locator("#chat-key").click()
    guest.locator("#chat-key").click()
    marta, ilya, noor = Chat(host, "panel"), Chat(guest, "panel", "ru"), Chat(other, "panel")
    marta.send("Welcome aboard")
    ilya.sees("Welcome aboard")
    expect(other.locator("#chat-key")).to_have_accessible_name(re.compile("1 unread message"))
    ilya.send("Это лишнее")
    marta.sees("Это лишнее")
    for scheme in ("light", "dark"):
        for page in (host, guest):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            assert findings(page) == []
    marta.delete("Это лишнее")
    expect(ilya.tombstones()).to_have_count(1)
    ilya.sees("Это лишнее", times=0)
    other.locator("#chat-key").click()
    noor.sees("Welcome aboard")
    noor.send("From the phone")
    marta.sees("From the phone")
    assert findings(other) == []

    slug = link.rstrip("/").rpartition("/")[2]
    messages = f"sessions/{slug}/messages/"
    at.ask(guest, "POST", f"sessions/{slug}/leave/", {})
    marta.send("Ilya has gone")
    assert status_of(guest, "GET", messages) == 403
    assert status_of(guest, "POST", messages, {"client_id": LATER, "text": "Am I still here?"}) == 403
    ilya.sees("Ilya has gone", times=0)

    at.ask(host, "POST", f"sessions/{slug}/end/", {})
    other.get_by_role("button", name="Read the chat").click()
    noor.sees("Ilya has gone")
    expect(noor.field).to_have_count(0)
    assert status_of(other, "POST", messages, {"client_id": LATER, "text": "Too late"}) == 403


def status_of(page: Page, method: str, path: str, body: dict[str, str] | None = None) -> int:
    """What the API answers to whoever has this page open."""
    return int(page.evaluate(at.ASK.replace(AS_JSON, "return response.status;"), [method, path, body]))
