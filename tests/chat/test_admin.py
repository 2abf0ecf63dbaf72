"""Messages in the admin: found without being read, read by opening one, and never changed."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from chat.models import Message
from identity.models import User
from spaces.models import Channel
from tests.chat.wording import Pushed
from tests.helpers import Person

LIST = "admin:chat_message_changelist"
SECRET = "<script>alert('The safe is behind the mirror')</script>"


@pytest.fixture
def root(db: None) -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("root@example.org", "a-password"))
    return browser


def listed(root: Client, query: str) -> int:
    """How many rows a search finds; none of them shows what it says."""
    content = root.get(reverse(LIST), {"q": query}).content.decode()
    assert "mirror" not in content
    return content.count('class="action-select"')


def one(message: Message, what: str = "change") -> str:
    return reverse(f"admin:chat_message_{what}", args=[message.pk])


def test_messages_are_found_by_author_channel_and_id_and_not_by_text(
    root: Client, bob: Person, alice: Person, channel: Channel, say: Callable
) -> None:
    message = say(bob, SECRET)
    say(alice, "Ahoy")
    found = {query: listed(root, query) for query in ("Bob", "bob@example", "general", "Northlight", "safe")}
    assert found == {"Bob": 1, "bob@example": 1, "general": 2, "Northlight": 2, "safe": 0}
    assert listed(root, str(message.pk)) == 1
    assert listed(root, str(channel.pk)) == 2
    assert listed(root, str(uuid4())) == 0


def test_text_is_read_by_opening_it_and_runs_nothing(root: Client, bob: Person, say: Callable) -> None:
    page = root.get(one(say(bob, SECRET))).content.decode()
    assert "The safe is behind the mirror" in page
    assert "<script>alert" not in page


def test_nobody_writes_or_changes_messages_there(root: Client, bob: Person, say: Callable) -> None:
    message = say(bob, "Ahoy")
    assert root.get(reverse("admin:chat_message_add")).status_code == 403
    assert root.post(one(message), {"text": "I resign"}).status_code == 403
    message.refresh_from_db()
    assert message.text == "Ahoy"


def test_deleting_leaves_a_tombstone_and_tells_the_members(
    root: Client, bob: Person, say: Callable, logged: list[Pushed], commits: Callable
) -> None:
    first, second, third = say(bob), say(bob), say(bob)
    logged.clear()
    with commits():
        root.post(one(first, "delete"), {"post": "yes"})
        chosen = {"action": "delete_selected", "_selected_action": [str(second.pk)], "post": "yes"}
        root.post(reverse(LIST), chosen)
    assert [event for _offset, event, _payload in logged] == ["message.deleted"] * 2
    texts = dict(Message.objects.values_list("pk", "text"))
    assert texts == {first.pk: "", second.pk: "", third.pk: "Ahoy"}


def test_channel_with_messages_is_deleted_there(
    root: Client, bob: Person, channel: Channel, say: Callable
) -> None:
    say(bob)
    root.post(reverse("admin:spaces_channel_delete", args=[channel.pk]), {"post": "yes"})
    assert not Channel.objects.exists()


def test_list_asks_as_little_for_many(
    root: Client, bob: Person, say: Callable, django_assert_num_queries: Any
) -> None:
    for rows in (1, 3):
        while Message.objects.count() < rows:
            say(bob)
        with django_assert_num_queries(4):  # the login session, its user, how many, the messages
            root.get(reverse(LIST))
