"""How tests speak of what is written in a channel."""

from typing import Any

from spaces.models import Channel
from tests.helpers import Person

Pushed = tuple[int, str, Any]  # offset, event, payload


def messages_url(channel: Channel, *more: object) -> str:
    """The address of a channel's messages, or of one of them and what hangs on it."""
    return f"channels/{channel.pk}/messages/" + "".join(f"{part}/" for part in more)


def page(person: Person, channel: Channel, **query: object) -> dict[str, Any]:
    """A page of a channel as somebody reads it."""
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    answer = person.get(f"{messages_url(channel)}?{asked}")
    assert answer.status_code == 200, answer.content
    return dict(answer.json())


def texts(read: dict[str, Any]) -> list[str]:
    """What the messages of a page say."""
    return [message["text"] for message in read["results"]]
