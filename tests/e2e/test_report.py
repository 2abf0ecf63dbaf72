"""The connection report of a real call: what it tells, what it does not, and that everybody can read it."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.e2e import call_page as call
from tests.e2e.axe import findings
from tests.e2e.conftest import Nonza, Someone

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_report_tells_how_the_media_are_and_nobodys_address(
    embedded: Nonza, someone: Callable[..., Someone], scheme: str
) -> None:
    rights = ["camera", "microphone", "clipboard-read", "clipboard-write"]
    page, dana = someone(permissions=rights, color_scheme=scheme).page, someone().page
    link = call.start_session(page, embedded.address, "Marta")
    call.join(page)
    call.open_link(dana, link)
    call.join(dana, "Dana")
    call.sees_moving_picture(page)
    page.get_by_role("toolbar").get_by_role("button", name="More").click()
    page.get_by_role("menuitem", name="Connection report").click()
    dialog = page.get_by_role("dialog", name="Connection report")
    expect(dialog.get_by_text(re.compile(r"^VP8 · .+ pictures/s · .+ kbit/s · loss"))).to_have_count(2)
    expect(dialog.get_by_text(re.compile(r"^(opus|red) · "))).to_have_count(2)
    assert findings(page) == []

    dialog.get_by_role("button", name="Copy the report").click()
    expect(dialog.get_by_role("button", name="Report copied")).to_be_visible()
    text = str(page.evaluate("() => navigator.clipboard.readText()"))
    assert re.search(r"way: (host|srflx|prflx), udp.*; round trip \d+ ms", text)
    assert re.search(r"camera: VP8, \d+x\d+, \d+ fps, \d+ kbit/s, loss", text)
    assert "LiveKit: server 1.13.5, client" in text
    told = "\n".join(line for line in text.splitlines() if not line.startswith("browser:"))
    assert not re.search(r"\d+\.\d+\.\d+\.\d+", told)
    assert link.rstrip("/").rsplit("/", 1)[1] not in text
    assert "eyJ" not in text
