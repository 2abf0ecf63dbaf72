"""One join is one entry into LiveKit: no second socket, no second token, no second identity."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.e2e import call_page as call
from tests.e2e.conftest import Nonza, Someone

pytestmark = pytest.mark.e2e

# Counts what a page asks for on its way in.
COUNT = """
window.__entries = { sockets: 0, tokens: 0, feeds: 0 };
const Socket = window.WebSocket;
window.WebSocket = class extends Socket {
  constructor(url, ...rest) {
    super(url, ...rest);
    if (String(url).includes("/rtc")) window.__entries.sockets += 1;
    if (String(url).includes("/ws/sessions/")) window.__entries.feeds += 1;
  }
};
const ask = window.fetch;
window.fetch = (address, ...rest) => {
  if (String(address).endsWith("/token/")) window.__entries.tokens += 1;
  return ask(address, ...rest);
};
"""
# A second entry was seen about a second after the first; that none comes can only be waited for.
LONG_ENOUGH = 4_000


def entries(page: Page) -> dict[str, int]:
    page.wait_for_timeout(LONG_ENOUGH)
    return dict(page.evaluate("() => window.__entries"))


def test_each_join_enters_once(embedded: Nonza, someone: Callable[..., Someone]) -> None:
    once = {"sockets": 1, "tokens": 1, "feeds": 1}
    marta, dana = someone().page, someone().page
    for page in (marta, dana):
        page.add_init_script(COUNT)
    link = call.start_session(marta, embedded.address, "Marta")
    call.join(marta)
    assert entries(marta) == once
    call.open_link(dana, link)
    call.join(dana, "Dana")
    call.sees_moving_picture(dana)
    assert entries(dana) == once
    assert entries(marta) == once  # the other's coming moves nobody

    dana.reload()
    call.sees_moving_picture(dana)
    assert entries(dana) == once
    assert entries(marta) == once
