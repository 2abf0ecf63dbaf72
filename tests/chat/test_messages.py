"""Writing in a text channel: sending, changing, deleting, replying."""

from collections.abc import Callable
from uuid import uuid4

from chat.models import Message
from spaces.models import Channel
from tests.chat.conftest import Pushed, messages_url
from tests.helpers import Person


def test_message_is_answered_whole(bob: Person, channel: Channel) -> None:
    name = uuid4()
    answer = bob.post(messages_url(channel), {"client_id": str(name), "text": " Ahoy\r\n\u202eall \x07"})
    message = Message.objects.get()
    assert bob.user
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "id": str(message.pk),
            "offset": 1,
            "kind": "user",
            "client_id": str(name),
            "channel_id": str(channel.pk),
            "author": {
                "user_id": str(bob.user.pk),
                "participant_id": None,
                "display_name": "Bob",
                "color": bob.user.color,
                "avatar_url": None,
            },
            "text": "Ahoy\nall",
            "code": "",
            "params": {},
            "reply_to": None,
            "mentions": [],
            "mentions_all": False,
            "reactions": [],
            "attachments": [],
            "pinned_at": None,
            "edited_at": None,
            "deleted_at": None,
            "created_at": message.created_at.isoformat().replace("+00:00", "Z"),
        },
    )
    assert bob.get(messages_url(channel, message.pk)).json() == answer.json()


def test_message_is_pushed_with_its_offset_after_the_commit(
    bob: Person, channel: Channel, logged: list[Pushed], commits: Callable
) -> None:
    with commits():
        seen = bob.post(messages_url(channel), {"client_id": str(uuid4()), "text": "Ahoy"}).json()
        assert logged == []
    del seen["reactions"]
    assert logged == [(1, "message.created", seen)]
