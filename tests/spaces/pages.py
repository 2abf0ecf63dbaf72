"""How tests of pages look at them: as a browser without scripts does."""

import re
from html import unescape
from typing import Any

from django.http import HttpResponse

from tests.helpers import Person


def post(person: Person, path: str, **fields: Any) -> HttpResponse:
    """Send a form."""
    return person.browser.post(
        path,
        {"csrfmiddlewaretoken": person.browser.cookies["csrftoken"].value, **fields},
        REMOTE_ADDR=person.ip,
        headers={"Accept-Language": person.language},
    )


def words(answer: HttpResponse) -> str:
    """What can be read on the page, without its marks and with single blanks."""
    body = answer.content.decode()
    body = re.sub(r"<(script|template|style)\b.*?</\1>", " ", body, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def main_of(answer: HttpResponse) -> str:
    """The words of the pane alone."""
    body = answer.content.decode()
    found = re.search(r"<main\b.*</main>", body, flags=re.DOTALL)
    assert found, body
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", found.group())).split())
