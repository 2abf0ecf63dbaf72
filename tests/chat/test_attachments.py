"""Files in text channels: brought, sent, served and deleted."""

import errno
import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.utils import timezone
from PIL import Image

from chat.models import Attachment, Message
from chat.services import attachments
from chat.services.attachments import purge_unsent, sweep
from chat.services.messages import delete_message
from nonza.env import Rate
from nonza.parsers import BoundedMultiPartParser
from spaces.models import Channel, Space
from spaces.services.channels import delete_channel
from tests.chat.wording import messages_url
from tests.factories import make_channel, make_space
from tests.helpers import API, Person, code_of


def png(width: int = 8, height: int = 4, **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "PNG", **options)
    return out.getvalue()


def bring(
    person: Person, channel: Channel, content: bytes = b"words", name: str = "notes.txt"
) -> HttpResponse:
    """Upload as a browser does."""
    return person.browser.post(
        f"{API}channels/{channel.pk}/attachments/",
        {"file": SimpleUploadedFile(name, content, "text/html")},
        REMOTE_ADDR=person.ip,
        headers={"X-CSRFToken": person.browser.cookies["csrftoken"].value},
    )


def brought(person: Person, channel: Channel, content: bytes = b"words", name: str = "notes.txt") -> UUID:
    answer = bring(person, channel, content, name)
    assert answer.status_code == 201, answer.content
    return UUID(answer.json()["id"])


def stored() -> set[str]:
    """The names of all files in the storage."""
    shelves = default_storage.listdir("attachments")[0] if default_storage.exists("attachments") else []
    return {
        f"attachments/{shelf}/{name}"
        for shelf in shelves
        for name in default_storage.listdir(f"attachments/{shelf}")[1]
    }


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


# Bringing --------------------------------------------------------------------


def test_file_is_answered_whole(bob: Person, channel: Channel) -> None:
    answer = bring(bob, channel, b"one\ntwo", "Übersicht – №1.txt")
    row = Attachment.objects.get()
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "id": str(row.pk),
            "name": "Übersicht – №1.txt",
            "content_type": "text/plain",
            "size": 7,
            "url": f"/attachments/{row.pk}/%C3%9Cbersicht%20%E2%80%93%20%E2%84%961.txt",
            "preview_url": None,
            "width": None,
            "height": None,
        },
    )
    assert stored() == {row.file}
    assert "bersicht" not in row.file


def test_picture_has_a_small_one_beside_it(bob: Person, channel: Channel) -> None:
    seen = bring(bob, channel, png(1600, 800), "ship.dat").json()
    assert (seen["content_type"], seen["width"], seen["height"]) == ("image/png", 1600, 800)
    answer = bob.browser.get(seen["preview_url"])
    with Image.open(io.BytesIO(answer.getvalue())) as small:
        assert (small.format, small.size) == ("WEBP", (720, 360))
    assert answer["Content-Type"] == "image/webp"


def test_file_of_the_operators_size_is_taken_and_no_larger_one(
    bob: Person, channel: Channel, settings: Any
) -> None:
    settings.ATTACHMENT_MAX_MB = 1
    assert bring(bob, channel, b"x" * 1024 * 1024).status_code == 201
    assert code_of(bring(bob, channel, b"x" * (1024 * 1024 + 1))) == (413, "attachment_too_large")
    assert code_of(bring(bob, channel, b"x" * (1024 * 1024 + 20_000))) == (413, "attachment_too_large")
    assert len(stored()) == 1


def test_empty_file_is_refused(bob: Person, channel: Channel) -> None:
    answer = bring(bob, channel, b"")
    assert code_of(answer) == (400, "invalid")
    assert answer.json()["errors"][0]["pointer"] == "/file"


def test_form_without_a_file_is_refused(bob: Person, channel: Channel) -> None:
    path = f"{API}channels/{channel.pk}/attachments/"
    token = bob.browser.cookies["csrftoken"].value
    answer = bob.browser.post(path, {"file": "words"}, headers={"X-CSRFToken": token})
    assert code_of(answer) == (400, "invalid")


def test_files_of_one_person_are_counted(bob: Person, alice: Person, channel: Channel, settings: Any) -> None:
    settings.RATES = {**settings.RATES, "upload": (Rate(2, 3600),)}
    assert [bring(bob, channel).status_code for _ in range(3)] == [201, 201, 429]
    assert bring(alice, channel).status_code == 201


def test_who_may_not_write_brings_nothing(bob: Person, stranger: Person, channel: Channel) -> None:
    assert code_of(bring(stranger, channel)) == (404, "channel_not_found")
    voice = make_channel(channel.space)
    assert code_of(bring(bob, voice)) == (409, "channel_without_messages")
    assert stored() == set()


def test_file_that_gets_no_row_is_not_kept(
    bob: Person, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_fields: Any) -> None:
        raise RuntimeError("no database")

    monkeypatch.setattr(Attachment.objects, "create", fail)
    with pytest.raises(RuntimeError):
        attachments.upload(actor=bob.user, channel_id=channel.pk, file=SimpleUploadedFile("ship.png", png()))
    assert stored() == set()


# Sending ---------------------------------------------------------------------


def test_message_carries_files_in_their_order(bob: Person, alice: Person, channel: Channel) -> None:
    ids = [brought(bob, channel, name=f"{number}.txt") for number in range(3)][::-1]
    body = {"client_id": str(uuid4()), "text": "", "attachments": [str(one) for one in ids]}
    answer = bob.post(messages_url(channel), body)
    assert answer.status_code == 201, answer.content
    assert [file["name"] for file in answer.json()["attachments"]] == ["2.txt", "1.txt", "0.txt"]
    assert alice.get(messages_url(channel, answer.json()["id"])).json() == answer.json()
    assert bob.post(messages_url(channel), body).json() == answer.json()  # sent again: the same message


def test_message_needs_words_or_files(bob: Person, channel: Channel) -> None:
    answer = bob.post(messages_url(channel), {"client_id": str(uuid4()), "text": " ", "attachments": []})
    assert code_of(answer) == (400, "invalid")


def test_only_ones_own_unsent_files_of_the_channel_are_sent(
    bob: Person, alice: Person, space: Space, channel: Channel, say: Callable
) -> None:
    other = make_channel(space, "other", kind="text")
    foreign, elsewhere, own = brought(alice, channel), brought(bob, other), brought(bob, channel)
    say(bob, attachments=[own])
    for wrong in (foreign, elsewhere, own, uuid4()):
        body = {"client_id": str(uuid4()), "text": "", "attachments": [str(wrong)]}
        assert code_of(bob.post(messages_url(channel), body)) == (404, "attachment_not_found")
    assert Message.objects.count() == 1


def test_ten_files_are_sent_at_most(bob: Person, channel: Channel) -> None:
    body = {"client_id": str(uuid4()), "text": "", "attachments": [str(uuid4()) for _ in range(11)]}
    assert code_of(bob.post(messages_url(channel), body)) == (409, "too_many_attachments")


@pytest.mark.parametrize("number", [1, 3])
def test_claiming_asks_little(
    number: int, bob: Person, channel: Channel, say: Callable, django_assert_num_queries: Callable
) -> None:
    ids = [brought(bob, channel) for _ in range(number)]
    message = say(bob)
    with django_assert_num_queries(2):
        attachments.claim(ids, message)


# Serving ---------------------------------------------------------------------


def test_file_is_served_to_be_kept(bob: Person, alice: Person, channel: Channel, say: Callable) -> None:
    ids = [brought(bob, channel, png(), "ship.png")]
    say(bob, attachments=ids)
    url = attachments_url(ids[0])
    answer = alice.browser.get(url)
    assert answer.getvalue() == png()
    headers = {name.lower(): value for name, value in answer.items()}
    assert headers["content-type"] == "image/png"
    assert headers["content-disposition"] == 'attachment; filename="ship.png"'
    assert headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "private, max-age=31536000, immutable"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    small = alice.browser.get(f"/attachments/{ids[0]}/preview")
    assert small.getvalue()
    assert small["Content-Security-Policy"] == "default-src 'none'; sandbox"


def attachments_url(attachment_id: UUID) -> str:
    row = Attachment.objects.get(pk=attachment_id)
    return f"/attachments/{row.pk}/{row.name}"


def test_name_of_a_file_with_any_letters_is_kept(bob: Person, channel: Channel) -> None:
    seen = bring(bob, channel, name="Отчёт 50% #1 &?.pdf").json()
    answer = bob.browser.get(seen["url"])
    assert answer.getvalue() == b"words"
    assert (
        "filename*=utf-8''%D0%9E%D1%82%D1%87%D1%91%D1%82%2050%25%20%231%20%26_.pdf"
        in answer["Content-Disposition"]
    )


def test_file_goes_by_its_own_name_only(bob: Person, channel: Channel) -> None:
    file = brought(bob, channel)
    assert bob.browser.get(f"/attachments/{file}/invoice.exe").status_code == 404


def test_unsent_file_is_its_owners(bob: Person, alice: Person, channel: Channel) -> None:
    url = attachments_url(brought(bob, channel))
    assert bob.browser.get(url).getvalue() == b"words"
    assert alice.browser.get(url).status_code == 404


def test_who_is_no_member_gets_no_file(
    bob: Person, stranger: Person, mallory: Person, channel: Channel, say: Callable
) -> None:
    file = brought(bob, channel, png())
    say(bob, attachments=[file])
    for person in (stranger, mallory):
        for url in (attachments_url(file), f"/attachments/{file}/preview"):
            assert person.browser.get(url).status_code == 404
    channel.space.memberships.filter(user=bob.user).delete()
    assert bob.browser.get(attachments_url(file)).status_code == 404


def test_what_has_no_small_picture_or_no_file_is_not_there(bob: Person, channel: Channel) -> None:
    file = brought(bob, channel)
    assert bob.browser.get(f"/attachments/{file}/preview").status_code == 404
    assert bob.browser.get(f"/attachments/{uuid4()}/notes.txt").status_code == 404
    default_storage.delete(Attachment.objects.get().file)
    assert bob.browser.get(attachments_url(file)).status_code == 404


def test_files_are_only_read(bob: Person, channel: Channel) -> None:
    assert bob.browser.post(attachments_url(brought(bob, channel))).status_code in {403, 405}


# Deleting --------------------------------------------------------------------


def test_deleted_message_takes_its_files_along(
    bob: Person, alice: Person, channel: Channel, say: Callable, commits: Callable
) -> None:
    file = brought(bob, channel, png())
    url = attachments_url(file)
    message = say(bob, "Look", attachments=[file])
    assert len(stored()) == 2
    with commits():
        delete_message(actor=bob.user, channel_id=channel.pk, message_id=message.pk)
        assert len(stored()) == 2  # until it is committed
    assert stored() == set()
    assert alice.browser.get(url).status_code == 404
    assert alice.get(messages_url(channel, message.pk)).json()["attachments"] == []


@pytest.mark.parametrize("what", ["channel", "space"])
def test_what_is_deleted_takes_its_files_along(
    what: str, alice: Person, space: Space, channel: Channel, say: Callable, commits: Callable
) -> None:
    make_space("Her other one", owner=alice.user)
    kept = make_channel(make_space("Elsewhere", owner=alice.user), "general", kind="text")
    say(alice, attachments=[brought(alice, channel, png())])
    brought(alice, channel)
    brought(alice, kept)
    assert len(stored()) == 4
    with commits():
        if what == "channel":
            delete_channel(actor=alice.user, channel_id=channel.pk)
        else:
            assert alice.delete(f"spaces/{space.pk}/").status_code == 204
    assert stored() == {Attachment.objects.get().file}


def test_what_nobody_sent_goes_after_a_day(bob: Person, channel: Channel, say: Callable) -> None:
    old, sent, fresh = brought(bob, channel, png()), brought(bob, channel), brought(bob, channel)
    say(bob, attachments=[sent])
    Attachment.objects.exclude(pk=fresh).update(created_at=timezone.now() - timedelta(hours=25))
    assert purge_unsent() == 1
    assert set(Attachment.objects.values_list("pk", flat=True)) == {sent, fresh}
    assert len(stored()) == 2
    assert not Attachment.objects.filter(pk=old).exists()


def test_sweep_deletes_what_no_row_knows_of(
    bob: Person, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    brought(bob, channel, png())
    known = stored()
    default_storage.save("attachments/ab/ab01", ContentFile(b"lost"))
    shelves = range(attachments.SHELVES)
    assert sweep(shelves) == 0  # it may be on its way to a row
    monkeypatch.setattr(attachments, "UNSENT_FOR", timedelta(seconds=-5))
    assert sweep(shelves) == 1
    assert stored() == known
    assert sweep(shelves) == 0


def test_file_that_cannot_be_deleted_stops_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(name: str) -> None:
        raise OSError(name)

    monkeypatch.setattr(default_storage, "delete", fail)
    attachments.delete_files(["one", "two"])
    assert caplog.text.count("could not be deleted") == 2


# Where the storage fails ---------------------------------------------------------


def test_full_storage_is_told_and_keeps_nothing(
    bob: Person, channel: Channel, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    save, saved = default_storage.save, []

    def fill(name: str, content: Any) -> str:
        if saved:
            raise OSError(errno.ENOSPC, "No space left on device")
        saved.append(save(name, content))
        return saved[0]

    monkeypatch.setattr(default_storage, "save", fill)
    answer = bring(bob, channel, png(), "ship.png")
    assert code_of(answer) == (503, "unavailable")
    assert float(answer["Retry-After"]) > 0
    assert "No space left" in caplog.text
    assert stored() == set()
    assert not Attachment.objects.exists()


def test_storage_that_is_away_asks_to_come_back(
    bob: Person, channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Attachment.objects.get(pk=brought(bob, channel))

    def fail(_name: str) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(default_storage, "open", fail)
    assert bob.browser.get(f"/attachments/{file.pk}/{file.name}").status_code == 503


def test_who_has_brought_too_much_is_not_even_read(
    bob: Person, channel: Channel, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.RATES = {**settings.RATES, "upload": (Rate(1, 3600),)}
    brought(bob, channel)

    def read(*_arguments: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(BoundedMultiPartParser, "parse", read)
    assert code_of(bring(bob, channel)) == (429, "rate_limited")
