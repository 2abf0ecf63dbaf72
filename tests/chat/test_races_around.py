"""What must hold of mentions, marks and files when much happens at the same moment."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from chat.models import Attachment, Message, ReadMark
from chat.services.attachments import purge_unsent, upload
from chat.services.mentions import tell_mentioned
from chat.services.messages import send_message
from chat.services.reading import mark_read
from identity.models import User
from spaces.models import Channel, Notification
from tests.factories import make_channel, make_space, make_user
from tests.spaces.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def owner() -> User:
    return make_user("alice@example.org", "Alice")


@pytest.fixture
def bob() -> User:
    return make_user("bob@example.org", "Bob")


@pytest.fixture
def channel(owner: User, bob: User) -> Channel:
    space = make_space("Northlight Ferries", owner=owner, others={bob: "member"})
    return make_channel(space, "general", kind=Channel.Type.TEXT)


def saying(actor: User, channel: Channel, text: str = "Ahoy", **more: Any) -> Callable[[], Any]:
    return partial(send_message, actor=actor, channel_id=channel.pk, client_id=uuid4(), text=text, **more)


def test_who_is_mentioned_is_told_once_by_many_runs(owner: User, bob: User, channel: Channel) -> None:
    message, _is_new = saying(owner, channel, "@Bob, @all")()
    Notification.objects.all().delete()
    assert set(at_once(*[partial(tell_mentioned, message.pk)] * 8)) == {"done"}
    assert Notification.objects.filter(user=bob, kind="message.mentioned").count() == 1


def test_mark_stands_at_the_farthest_of_many(owner: User, bob: User, channel: Channel) -> None:
    offsets = [saying(owner, channel)()[0].offset for _ in range(8)]
    marks = [partial(mark_read, actor=bob, channel_id=channel.pk, offset=offset) for offset in offsets]
    assert set(at_once(*marks)) == {"done"}
    assert [mark.offset for mark in ReadMark.objects.all()] == [offsets[-1]]


def test_file_is_sent_with_one_message_of_many(owner: User, channel: Channel) -> None:
    file = upload(actor=owner, channel_id=channel.pk, file=SimpleUploadedFile("a.txt", b"words"))
    answers = at_once(*[saying(owner, channel, attachments=[file.pk]) for _ in range(6)])
    assert Counter(answers) == {"done": 1, "attachment_not_found": 5}
    assert Message.objects.get().attachments.get().pk == file.pk


def test_file_is_sent_or_purged_but_never_half(owner: User, channel: Channel) -> None:
    for _round in range(5):
        file = upload(actor=owner, channel_id=channel.pk, file=SimpleUploadedFile("a.txt", b"words"))
        Attachment.objects.filter(pk=file.pk).update(created_at=timezone.now() - timedelta(days=2))
        sent, _purged = at_once(saying(owner, channel, attachments=[file.pk]), purge_unsent)
        kept = Attachment.objects.filter(pk=file.pk).first()
        assert sent == ("done" if kept else "attachment_not_found")
        assert default_storage.exists(file.file) == (kept is not None)
        assert kept is None or kept.message is not None
