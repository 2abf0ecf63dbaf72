"""What people write is text wherever it is shown: nothing of it runs, and no page breaks its policy."""

import re
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e import call_page as call
from tests.e2e import space_page as at
from tests.e2e.conftest import Nonza, Someone
from tests.nasty import ALL, MARKDOWN, MARKUP
from tests.oidc_server import Account

pytestmark = pytest.mark.e2e

MARTA = Account("marta@nasty.example", "Marta Silva")
NOOR = Account("noor@nasty.example", "Noor Haddad")
A_PAGE = 50
NAMES = [text for text in (*MARKUP, *MARKDOWN) if len(text) <= 60][:24]
SOUGHT = [*MARKUP[:4], *MARKDOWN[:2], "%", "' OR 1=1 --", "foo & bar | !baz <-> qux:*", "\\", "("]

WATCH = """
window.__nasty = { ran: 0, violations: [] };
window.nastyRan = () => { window.__nasty.ran += 1; };
document.addEventListener("securitypolicyviolation", (event) =>
  window.__nasty.violations.push(`${event.violatedDirective} ${event.blockedURI}`));
"""
# Everything that a page of ours never has, wherever it came from.
FINDINGS = r"""
() => {
  const found = [...window.__nasty.violations];
  if (window.__nasty.ran) found.push(`ran ${window.__nasty.ran} times`);
  const never = "iframe, object, embed, base, marquee, math, plaintext, xmp, meta[http-equiv], svg script, " +
    "script:not([src]):not([type='application/json']):not([nonce])";
  for (const element of document.querySelectorAll(never)) found.push(element.outerHTML.slice(0, 200));
  for (const element of document.querySelectorAll("*")) {
    for (const { name, value } of element.attributes) {
      if (/^on/i.test(name)) found.push(`${name}=${value}`);
      if (!["href", "src", "action", "formaction", "poster", "data", "xlink:href"].includes(name)) continue;
      const address = new URL(value, location.href);
      const isPage = name === "href" && element.tagName === "A";
      const isOurs = address.origin === location.origin || ["blob:"].includes(address.protocol);
      if (!isOurs && !(isPage && /^https?:$/.test(address.protocol)) && !value.startsWith("data:image/"))
        found.push(`${name}=${value}`);
    }
  }
  return found;
}
"""
POST_ALL = """
async ([path, texts]) => {
  const token = document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? "";
  const taken = [];
  for (const text of texts) {
    const response = await fetch(`/api/v1/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ client_id: crypto.randomUUID(), text }),
    });
    if (response.status === 201) taken.push(await response.json());
    else if (response.status !== 400) throw new Error(`${response.status} for ${JSON.stringify(text)}`);
  }
  return taken;
}
"""
UPLOAD = """
async ([path, name]) => {
  const form = new FormData();
  form.append("file", new Blob(["Nothing but words."], { type: "text/plain" }), name);
  const token = document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? "";
  const response = await fetch(`/api/v1/${path}`, {
    method: "POST", headers: { "X-CSRFToken": token }, body: form,
  });
  return response.status === 201 ? await response.json() : { status: response.status };
}
"""
CONTENTS = """
(list) => list
  .filter((row) => row.querySelector(".nz-message-content"))
  .map((row) => [row.dataset.message, row.querySelector(".nz-message-content").textContent])
"""


@dataclass
class Shown:
    """A page that notes what goes wrong on it."""

    page: Page
    address: str
    dialogs: list[str]
    elsewhere: list[str]

    def is_harmless(self) -> None:
        assert self.page.evaluate(FINDINGS) == []
        assert (self.dialogs, self.elsewhere) == ([], [])

    def goes(self, path: str) -> None:
        self.page.goto(f"{self.address}{path}")


@pytest.fixture
def watched(accounts: Nonza, someone: Callable[..., Someone]) -> Callable[[], Shown]:
    """Give somebody a browser in which nothing must run or ask elsewhere."""

    def come() -> Shown:
        page = someone().page
        shown = Shown(page, accounts.address, [], [])
        page.add_init_script(WATCH)
        page.on("dialog", lambda dialog: (shown.dialogs.append(dialog.message), dialog.dismiss()))
        page.on(
            "request",
            lambda request: shown.elsewhere.append(request.url) if ".example" in request.url else None,
        )
        return shown

    return come


@pytest.fixture
def marta(watched: Callable[[], Shown]) -> Shown:
    shown = watched()
    at.log_in(shown.page, shown.address, MARTA)
    if "/welcome/" in shown.page.url:
        at.make_space(shown.page, "Northlight Ferries")
    return shown


@pytest.fixture
def space(marta: Shown) -> str:
    return str(at.ask(marta.page, "POST", "spaces/", {"name": "Northlight Ferries"})["id"])


def letters_of(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def write_all(shown: Shown, messages: str, texts: list[str]) -> dict[str, str]:
    """Write them over the API; returns what was taken, by id."""
    return {each["id"]: each["text"] for each in shown.page.evaluate(POST_ALL, [messages, texts])}


def all_are_text(shown: Shown, taken: dict[str, str], place: str) -> None:
    """Every message is there, and reads as it was written."""
    rows = shown.page.locator(f".nz-chat-{place} li[data-message]")
    expect(rows).to_have_count(len(taken))
    shown.is_harmless()
    as_shown = dict(rows.evaluate_all(CONTENTS))
    for message, text in taken.items():
        if text in MARKUP:
            assert letters_of(as_shown[message]) == letters_of(text)
        else:
            assert as_shown[message].strip(), f"{text!r} shows nothing"


def test_whatever_is_written_in_a_channel_is_text(marta: Shown, space: str) -> None:
    for first in range(0, len(ALL), A_PAGE - 5):
        channel = at.make_channel(marta.page, space, f"part {first}", "text")
        taken = write_all(marta, f"channels/{channel}/messages/", list(ALL[first : first + A_PAGE - 5]))
        marta.goes(f"/channels/{channel}/")
        all_are_text(marta, taken, "channel")


def test_whatever_is_written_in_a_call_is_text(watched: Callable[[], Shown]) -> None:
    marta = watched()
    call.start_session(marta.page, marta.address, "Marta")
    call.join(marta.page)
    marta.page.locator("#chat-key").click()
    slug = marta.page.url.rstrip("/").rpartition("/")[2]
    expect(marta.page.locator(".nz-chat-panel")).to_be_visible()
    taken = write_all(marta, f"sessions/{slug}/messages/", list(ALL))
    rows = marta.page.locator(".nz-chat-panel li[data-message]")
    last = list(taken)[-1]
    expect(marta.page.locator(f'li[data-message="{last}"]')).to_be_attached()
    marta.is_harmless()
    as_shown = dict(rows.evaluate_all(CONTENTS))
    seen = [message for message in taken if message in as_shown]
    assert len(seen) > A_PAGE
    for message in seen:
        if taken[message] in MARKUP:
            assert letters_of(as_shown[message]) == letters_of(taken[message])


def test_names_of_people_channels_and_files_are_text(marta: Shown, space: str) -> None:
    page = marta.page
    channel = at.make_channel(page, space, "names", "text")
    for name in NAMES:
        at.ask(page, "PATCH", "identity/profile/", {"display_name": name})
        write_all(marta, f"channels/{channel}/messages/", ["Hello"])
    for name in NAMES[:12]:
        at.make_channel(page, space, name, "text")
        told = page.evaluate(UPLOAD, [f"channels/{channel}/attachments/", f"{name}.txt"])
        if "id" in told:
            body = {"client_id": told["id"], "text": "", "attachments": [told["id"]]}
            at.ask(page, "POST", f"channels/{channel}/messages/", body)
    marta.goes(f"/channels/{channel}/")
    expect(page.locator(".nz-chat-channel li[data-message]").first).to_be_visible()
    expect(page.locator(".nz-chat-channel .nz-message-name").first).to_be_visible()
    marta.is_harmless()
    for path in (f"/spaces/{space}/", f"/spaces/{space}/members/", "/profile/", "/notifications/"):
        marta.goes(path)
        marta.is_harmless()
    at.ask(page, "PATCH", "identity/profile/", {"display_name": "Marta Silva"})


def test_what_is_sought_and_found_is_text(marta: Shown, space: str) -> None:
    page = marta.page
    channel = at.make_channel(page, space, "search", "text")
    write_all(marta, f"channels/{channel}/messages/", [f"needle {text}" for text in MARKUP[:40]])
    marta.goes(f"/channels/{channel}/")
    page.get_by_role("button", name="Search", exact=True).click()
    field = page.get_by_label("Search in the messages")
    for words in ["needle", *SOUGHT, "needle script"]:
        with page.expect_response(lambda answer: "/search/" in answer.url) as answered:
            field.fill(words)
        assert answered.value.status in (200, 400), words
        marta.is_harmless()
    expect(page.locator(".nz-chat-side-list li").first).to_be_visible()
    marta.is_harmless()


def test_reports_are_text_to_moderators_and_admins(
    marta: Shown, watched: Callable[[], Shown], space: str, accounts: Nonza
) -> None:
    page, noor = marta.page, watched()
    at.accept(noor.page, noor.address, at.invite(page, space), NOOR)
    channel = at.make_channel(page, space, "reports", "text")
    taken = write_all(marta, f"channels/{channel}/messages/", list(MARKUP[:24]))
    for (message, _text), reason in zip(taken.items(), MARKUP[24:], strict=False):
        path = f"channels/{channel}/messages/{message}/report/"
        at.ask(noor.page, "POST", path, {"reason": reason})
    make_admin(accounts, MARTA.email)
    for path in (f"/spaces/{space}/reports/", "/notifications/", "/admin/", *admin_lists()):
        marta.goes(path)
        assert page.locator("h1").count(), path
        marta.is_harmless()
    for kind in ("message", "report"):
        for row in range(8):
            marta.goes(f"/admin/chat/{kind}/")
            page.locator("#result_list tbody tr").nth(row).get_by_role("link").first.click()
            page.wait_for_url(re.compile(r"/change/"))
            marta.is_harmless()
    assert page.get_by_text("nastyRan").count(), "the text is there, to whoever opens it"


def admin_lists() -> list[str]:
    return ["/admin/chat/message/", "/admin/chat/report/", "/admin/chat/report/?q=%3Cscript%3E"]


def make_admin(nonza: Nonza, email: str) -> None:
    """As `manage.py` would; the tests have no ORM."""
    words = list(nonza.process.args)  # type: ignore[arg-type]
    folder = Path(words[words.index("--state") + 1])
    (database,) = folder.glob("*.sqlite3")
    with sqlite3.connect(database, timeout=20) as connection:
        query = "UPDATE identity_user SET is_staff = 1, is_superuser = 1 WHERE email = ?"
        assert connection.execute(query, [email]).rowcount == 1
