"""What people write is text and stays it, whatever it looks like: in channels and in sessions."""

import unicodedata
import uuid
from typing import Any

import pytest
import regex

from nonza.env import Rate
from spaces.models import Channel
from tests.helpers import Person
from tests.nasty import ALL, BIDI

NOTHING_SEEN = regex.compile(r"[\p{Cc}\p{Bidi_Control}--[\n\t]]", regex.VERSION1)
LETTERS = regex.compile(r"[\p{L}\p{N}\p{S}\p{P}]+")


@pytest.fixture(autouse=True)
def _no_limits(settings: Any) -> None:
    settings.RATES = dict.fromkeys(settings.RATES, (Rate(1_000_000, 60),))


def comes_back_as_text(person: Person, messages: str, text: str) -> None:
    """Taken as it is but for what nobody can see, or refused as empty; then read as it was taken."""
    answer = person.post(messages, {"client_id": str(uuid.uuid4()), "text": text})
    if answer.status_code == 400:
        assert [error["code"] for error in answer.json()["errors"]] == ["message_empty"], answer.json()
        assert not letters_of(as_cleaned(text)), f"{text!r} is not empty"
        return
    assert answer.status_code == 201, (text, answer.content)
    taken = answer.json()["text"]
    assert not NOTHING_SEEN.search(taken), repr(taken)
    assert not set(taken) & set(BIDI)
    assert letters_of(as_cleaned(taken)) == letters_of(as_cleaned(text)), (text, taken)
    kept = person.get(f"{messages}?limit=1").json()["results"][0]
    assert (kept["id"], kept["text"]) == (answer.json()["id"], taken)


def letters_of(text: str) -> str:
    """All that has a shape of its own, without what stands between."""
    return "".join(LETTERS.findall(text))


def as_cleaned(text: str) -> str:
    """The same letters, without what cannot be seen."""
    text = unicodedata.normalize("NFC", text.replace("\r", "\n"))
    return regex.sub(r"[\p{C}\p{Default_Ignorable_Code_Point}\u2800--[\n\t]]", "", text, flags=regex.VERSION1)


@pytest.mark.parametrize("text", ALL)
def test_message_of_a_channel_is_text(bob: Person, channel: Channel, text: str) -> None:
    comes_back_as_text(bob, f"channels/{channel.pk}/messages/", text)


@pytest.mark.parametrize("text", ALL)
def test_message_of_a_session_is_text(host: Person, slug: str, text: str) -> None:
    host.join(slug, "Marta")
    comes_back_as_text(host, f"sessions/{slug}/messages/", text)
