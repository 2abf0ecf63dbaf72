"""What becomes of what somebody does in a channel that goes, or that they leave, meanwhile."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from chat.models import Attachment, Message, ReadMark, Report, SpaceLog
from chat.services import attachments, reading, reports
from chat.services.log import lock_log
from chat.services.messages import remove_message
from spaces.errors import ChannelNotFound, SpaceNotFound
from spaces.models import Channel, Space
from spaces.services.channels import delete_channel
from spaces.services.members import remove_member
from tests.helpers import Person


@pytest.fixture
def after(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let something happen just before a step of a service is taken."""

    def happen(module: Any, step: str, act: Callable[[], Any]) -> None:
        real = getattr(module, step)

        def first(*arguments: Any, **options: Any) -> Any:
            monkeypatch.setattr(module, step, real)
            act()
            return real(*arguments, **options)

        monkeypatch.setattr(module, step, first)

    return happen


def test_file_for_a_channel_that_goes_meanwhile_is_not_kept(
    after: Callable, alice: Person, bob: Person, channel: Channel, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    after(attachments, "_examined", lambda: delete_channel(actor=alice.user, channel_id=channel.pk))
    with pytest.raises(ChannelNotFound):
        attachments.upload(
            actor=bob.user, channel_id=channel.pk, file=SimpleUploadedFile("a.txt", b"Departure at six")
        )
    assert not Attachment.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_report_in_a_channel_that_goes_meanwhile_is_not_kept(
    after: Callable, alice: Person, bob: Person, channel: Channel, say: Callable
) -> None:
    message = say(alice)
    after(reports, "consume", lambda: delete_channel(actor=alice.user, channel_id=channel.pk))
    with pytest.raises(ChannelNotFound):
        reports.report_in_channel(actor=bob.user, channel_id=channel.pk, message_id=message.pk)
    assert not Report.objects.exists()


def test_read_mark_in_a_channel_that_goes_meanwhile_is_not_kept(
    after: Callable, alice: Person, bob: Person, channel: Channel, say: Callable
) -> None:
    say(alice)
    after(reading, "_move", lambda: delete_channel(actor=alice.user, channel_id=channel.pk))
    with pytest.raises(ChannelNotFound):
        reading.mark_read(actor=bob.user, channel_id=channel.pk, offset=1)
    assert not ReadMark.objects.exists()


def test_who_is_thrown_out_while_they_read_finds_no_channel(
    after: Callable, alice: Person, bob: Person, space: Space, channel: Channel, say: Callable
) -> None:
    say(alice)
    reading.mark_read(actor=bob.user, channel_id=channel.pk, offset=1)
    member = space.memberships.get(user=bob.user)
    after(
        reading,
        "state_of",
        lambda: remove_member(actor=alice.user, space_id=space.pk, member_id=member.pk),
    )
    with pytest.raises(ChannelNotFound):
        reading.mark_read(actor=bob.user, channel_id=channel.pk, offset=1)


def test_message_that_went_with_its_channel_need_not_be_deleted(
    alice: Person, channel: Channel, say: Callable
) -> None:
    say(alice)
    message = Message.objects.select_related("channel").get()
    delete_channel(actor=alice.user, channel_id=channel.pk)
    remove_message(message, actor=alice.user)
    assert not Message.objects.exists()


@pytest.mark.django_db
def test_space_that_is_gone_gets_no_log() -> None:
    with pytest.raises(SpaceNotFound), transaction.atomic():
        lock_log(uuid4())
    assert not SpaceLog.objects.exists()
