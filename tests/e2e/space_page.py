"""The pages of a space as a person sees them: logging in, entering a channel, the call in the dock."""

import re
from typing import Any

from playwright.sync_api import Locator, Page, expect

from tests.e2e import call_page as call
from tests.oidc_server import Account

# Everything over the API, as the page itself does it.
ASK = """
async ([method, path, body]) => {
  const token = document.cookie.match(/csrftoken=([^;]+)/)?.[1] ?? "";
  const response = await fetch(`/api/v1/${path}`, {
    method,
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    ...(body === null ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
  return response.status === 204 ? null : await response.json();
}
"""


def ask(page: Page, method: str, path: str, body: Any = None) -> Any:
    """Ask the API in the name of whoever is logged in on the page."""
    return page.evaluate(ASK, [method, path, body])


def log_in(page: Page, address: str, person: Account, *, path: str = "/login/") -> None:
    """Log in with Google from any page that asks for it."""
    page.add_init_script(call.WATCH_CONNECTIONS)
    page.goto(f"{address}{path}")
    page.get_by_role("button", name="Continue with Google").click()
    allow(page, person)


def allow(page: Page, person: Account) -> None:
    """Be this person at the provider, and allow it."""
    page.get_by_label("E-mail", exact=True).fill(person.email)
    page.get_by_label("Name", exact=True).fill(person.name)
    page.get_by_role("button", name="Allow").click()


def make_space(page: Page, name: str) -> str:
    """Through the onboarding into the first space; return its id."""
    page.wait_for_url(re.compile(r"/welcome/"))
    page.get_by_label("Name", exact=True).fill(name)
    page.get_by_role("button", name="Go to the space").click()
    return space_of(page)


def space_of(page: Page) -> str:
    """The id of the space whose overview is open."""
    page.wait_for_url(re.compile(r"/spaces/[0-9a-f-]{36}/$"))
    found = re.search(r"/spaces/([0-9a-f-]{36})/$", page.url)
    assert found, page.url
    return found[1]


def make_channel(page: Page, space: str, name: str, kind: str = "voice") -> str:
    """Make a channel; return its id."""
    return str(ask(page, "POST", f"spaces/{space}/channels/", {"name": name, "type": kind})["id"])


def invite(page: Page, space: str) -> str:
    """Make a link into the space; return its path."""
    link = str(ask(page, "POST", f"spaces/{space}/invitations/", {"role": "member"})["link"])
    return link[link.index("/invite/") :]


def accept(page: Page, address: str, path: str, person: Account) -> None:
    """Come by the link, log in on the way, and join the space."""
    page.add_init_script(call.WATCH_CONNECTIONS)
    page.goto(f"{address}{path}")
    page.get_by_role("link", name="Log in to join").click()
    page.get_by_role("button", name="Continue with Google").click()
    allow(page, person)
    page.get_by_role("button", name="Join the space").click()
    space_of(page)


def sidebar(page: Page) -> Locator:
    """The sidebar of the shell."""
    return page.locator("#sidebar")


def faces(page: Page, channel: str) -> Locator:
    """Who stands under a channel in the sidebar."""
    return sidebar(page).locator(f'[data-channel="{channel}"] [data-person]')


def enter(page: Page, name: str) -> None:
    """One press into a channel; the call is large then."""
    row = sidebar(page).get_by_role("link", name=name)
    row.hover()
    sidebar(page).get_by_role("button", name=f"Join {name}").click()
    keys = large(page).get_by_role("toolbar")
    expect(keys.get_by_role("button", name=re.compile("^Leave"))).to_be_visible()


def large(page: Page) -> Locator:
    """The call over the pane."""
    return page.locator(".nz-dock-large")


def bar(page: Page) -> Locator:
    """The call at the foot of the sidebar."""
    return page.locator(".nz-dock-bar")


def connected(page: Page) -> None:
    """The call goes on in the bar, and its clock runs."""
    expect(bar(page).get_by_text(re.compile(r"Connected, \d+:\d\d"))).to_be_visible()


def alive(page: Page) -> None:
    """The sockets of the space's page are open: what happens from now on is drawn."""
    page.wait_for_function("() => document.documentElement.dataset.live === 'open'")
