"""Text channels, and what is pushed of them."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import orjson
import pytest

from chat.models import Message
from chat.services.messages import send_message
from nonza import realtime
from spaces.models import Channel, Space
from tests.chat.wording import Pushed
from tests.factories import make_channel
from tests.helpers import Person


@pytest.fixture
def channel(space: Space) -> Channel:
    return make_channel(space, "general", kind=Channel.Type.TEXT)


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> list[Pushed]:
    """What was pushed of the logs: (offset, event, payload)."""
    seen: list[Pushed] = []

    def note(group: str, frame: str) -> None:
        if frame.startswith("log "):
            _log, stream, _epoch, offset, content = frame.split(" ", 4)
            told = orjson.loads(content)
            assert stream == "chat"
            seen.append((int(offset), told["event"], told["payload"]))

    monkeypatch.setattr(realtime, "publish", note)
    return seen


@pytest.fixture
def say(channel: Channel) -> Callable[..., Message]:
    """Write in the channel, past the limits of a person's requests."""

    def write(person: Person, text: str = "Ahoy", **more: Any) -> Message:
        assert person.user
        fields = {"channel_id": channel.pk, "client_id": uuid4(), **more}
        return send_message(actor=person.user, text=text, **fields)[0]

    return write
