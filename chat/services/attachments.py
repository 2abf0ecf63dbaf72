"""Files in text channels: brought, sent with a message, served to members, and deleted with their message."""

import codecs
import logging
import re
import uuid
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import IO, Any, NamedTuple
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from chat import tasks
from chat.errors import AttachmentNotFound, AttachmentTooLarge, AttachmentType, TooManyAttachments
from chat.models import NAME_LENGTH, Attachment, Message
from chat.serializers import ATTACHMENTS_AT_MOST
from chat.services.doors import desk_of, door_of
from chat.services.pictures import picture_of
from identity.models import User
from nonza.doorbell import ring
from nonza.errors import Invalid, Unavailable, come_back_after
from nonza.names import clean
from nonza.periodic import GoOn, never_mind
from nonza.rate_limits import buckets, consume
from spaces.models import Channel, Space

logger = logging.getLogger(__name__)

FOLDER = "attachments"
SHELVES = 256  # folders in it, named by the first two digits of what they hold
SHELVES_AT_A_TIME = 16
UNSENT_FOR = timedelta(hours=24)
AT_A_TIME = 200
UNKNOWN = "application/octet-stream"
# What is told of other files, for a sign of the right kind beside them; all are served to be kept only.
_BEGINNINGS = (
    (re.compile(rb"%PDF-"), "application/pdf"),
    (re.compile(rb"ID3|\xff[\xf2\xf3\xfb]"), "audio/mpeg"),
    (re.compile(rb"OggS"), "audio/ogg"),
    (re.compile(rb"fLaC"), "audio/flac"),
    (re.compile(rb"RIFF....WAVE", re.DOTALL), "audio/wav"),
    (re.compile(rb"....ftyp(?:iso|mp4|avc1|M4V)", re.DOTALL), "video/mp4"),
    (re.compile(rb"\x1a\x45\xdf\xa3"), "video/webm"),
)
_PROGRAM = b"MZ"
_LOOKED_AT = 64 * 1024
_NOT_IN_NAMES = re.compile(r'[<>:"|?*]')
_NOT_IN_TEXTS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


class Stored(NamedTuple):
    """What is kept of a file."""

    content: File
    content_type: str
    size: int
    preview: File | None = None
    preview_suffix: str = ""
    width: int | None = None
    height: int | None = None


def bytes_at_most() -> int:
    """Return how large a file may be."""
    return int(settings.ATTACHMENT_MAX_MB) * 1024 * 1024


def expect_upload(*, actor: User, channel_id: UUID) -> None:
    """Count a file before a byte of it is read.

    Raises ChannelNotFound, ChannelWithoutMessages, RateLimited.
    """
    door_of(actor=actor, channel_id=channel_id)
    consume(*buckets(f"upload:{actor.pk}", settings.RATES["upload"]))


def upload(*, actor: User, channel_id: UUID, file: UploadedFile) -> Attachment:
    """Keep a file for a message that is not written yet; until then only who brought it sees it.

    It has been counted (`expect_upload`). Raises ChannelNotFound, ChannelWithoutMessages, AttachmentTooLarge,
    AttachmentType, Invalid (empty), Unavailable (the storage is away, or full).
    """
    door = door_of(actor=actor, channel_id=channel_id)
    size = file.size or 0
    if size > bytes_at_most():
        raise AttachmentTooLarge
    if not size:
        raise Invalid.field("file", "empty", _("The file is empty."))
    _refuse_programs(file)
    stored = _examined(file, size)
    key = uuid.uuid4().hex
    place = f"{FOLDER}/{key[:2]}/{key}"
    names: list[str] = []
    try:
        names.append(default_storage.save(place, stored.content))
        if stored.preview:
            names.append(default_storage.save(f"{place}.{stored.preview_suffix}", stored.preview))
        with transaction.atomic():
            desk = desk_of(door)  # what a channel that is being deleted has is deleted with it
            return Attachment.objects.create(
                channel=desk.door.channel,
                uploaded_by=actor,
                name=file_name(file.name or ""),
                content_type=stored.content_type,
                size=stored.size,
                file=names[0],
                preview=names[1] if stored.preview else "",
                width=stored.width,
                height=stored.height,
            )
    except OSError as error:
        delete_files(names)
        logger.error("The storage keeps no file: %s", error)  # noqa: TRY400 -- the disk's fault, not the code's
        raise Unavailable(retry_after=come_back_after()) from error
    except BaseException:
        delete_files(names)
        raise


def claim(ids: Sequence[UUID], message: Message) -> list[Attachment]:
    """Send files with a message, in this order: its author's own, of its channel, not sent before.

    Raises TooManyAttachments, AttachmentNotFound.
    """
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return []
    if len(wanted) > ATTACHMENTS_AT_MOST:
        raise TooManyAttachments
    own = Attachment.objects.filter(
        pk__in=wanted, channel=message.channel_id, uploaded_by=message.author_id, message=None
    )
    found = {file.pk: file for file in own.select_for_update(no_key=True)}
    if len(found) != len(wanted):
        raise AttachmentNotFound
    files = [found[pk] for pk in wanted]
    for position, file in enumerate(files):
        file.message, file.position = message, position
    Attachment.objects.bulk_update(files, ["message", "position"])
    return files


def served_to(*, user: User, attachment_id: UUID) -> Attachment:
    """Return a file for a member of its space; before it is sent, for who brought it alone.

    Raises AttachmentNotFound.
    """
    members = Attachment.objects.filter(channel__space__memberships__user=user)
    sent = Q(message__isnull=False, message__deleted_at=None)
    found = members.filter(sent | Q(message=None, uploaded_by=user), pk=attachment_id).first()
    if found is None:
        raise AttachmentNotFound
    return found


# Deleting -----------------------------------------------------------------


def forget(message: Message) -> None:
    """Delete the files of a message that is deleted."""
    files = Attachment.objects.filter(message=message)
    names = _names(files)
    if names:
        files.delete()
        transaction.on_commit(lambda: delete_files(names), robust=True)


def channel_goes(channel: Channel) -> None:
    """Let the worker delete the files of a channel that is deleted."""
    _let_go(Attachment.objects.filter(channel=channel))


def space_goes(space: Space) -> None:
    """Let the worker delete the files of a space that is deleted."""
    _let_go(Attachment.objects.filter(channel__space=space))


def delete_files(names: Iterable[str]) -> None:
    """Delete files of the storage; one that stays is found by `sweep`."""
    for name in names:
        try:
            default_storage.delete(name)
        except OSError as error:
            logger.warning("%s could not be deleted: %s", name, error)


def purge_unsent(go_on: GoOn = never_mind) -> int:
    """Delete what was brought a day ago and sent with no message; return how many files that were."""
    before = timezone.now() - UNSENT_FOR
    deleted = 0
    while True:
        with transaction.atomic():
            # One that is being sent just now is locked, and stays.
            rows = Attachment.objects.filter(message=None, created_at__lt=before)
            ids = list(rows.select_for_update(skip_locked=True).values_list("pk", flat=True)[:AT_A_TIME])
            names = _names(Attachment.objects.filter(pk__in=ids))
            Attachment.objects.filter(pk__in=ids).delete()
        if not ids:
            return deleted
        delete_files(names)
        deleted += len(ids)
        go_on()


def sweep(shelves: Iterable[int], go_on: GoOn = never_mind) -> int:
    """Delete files on these shelves that no row knows of: something failed between the two."""
    before = timezone.now() - UNSENT_FOR
    deleted = 0
    for shelf in shelves:
        folder = f"{FOLDER}/{shelf % SHELVES:02x}"
        try:
            found = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1]]
        except FileNotFoundError:
            continue
        for start in range(0, len(found), AT_A_TIME):
            names = found[start : start + AT_A_TIME]
            kept = set(_names(Attachment.objects.filter(Q(file__in=names) | Q(preview__in=names))))
            lost = [name for name in names if name not in kept and _is_older(name, before)]
            delete_files(lost)
            deleted += len(lost)
            go_on()
    return deleted


def purge(go_on: GoOn = never_mind) -> None:
    """Delete what nobody has sent, and look through the next few shelves for what nobody knows of."""
    purge_unsent(go_on)
    first = int(timezone.now().timestamp() // 3600) * SHELVES_AT_A_TIME
    sweep(range(first, first + SHELVES_AT_A_TIME), go_on)


# Names and types ----------------------------------------------------------


def file_name(name: str) -> str:
    """Return the name that a file is offered by: no path in it, nothing unseen, no dot before it."""
    name = _NOT_IN_NAMES.sub("_", clean(re.split(r"[\\/]", name)[-1])).strip(" .")
    if not name or name == "preview":  # the address of the small picture
        name = f"file {name}".strip()
    stem, dot, suffix = name.rpartition(".")
    if dot and len(suffix) < NAME_LENGTH // 8:
        return f"{stem[: NAME_LENGTH - len(suffix) - 1]}.{suffix}"
    return name[:NAME_LENGTH]


def _refuse_programs(file: UploadedFile) -> None:
    """Refuse what the operator does not take, by the end of its name, and programs of Windows by content."""
    refused: set[str] = settings.ATTACHMENT_REFUSED
    _stem, dot, end = file_name(file.name or "").rpartition(".")
    is_program = "exe" in refused and file.read(len(_PROGRAM)) == _PROGRAM
    file.seek(0)
    if is_program or (dot and end.lower() in refused):
        raise AttachmentType


def _examined(file: UploadedFile, size: int) -> Stored:
    """Look at the content; what its name or the browser say of its type counts for nothing."""
    source: Any = file
    if picture := picture_of(source, size):
        return Stored(
            content=ContentFile(picture.content),
            content_type=picture.content_type,
            size=len(picture.content),
            preview=ContentFile(picture.preview),
            preview_suffix=picture.preview_suffix,
            width=picture.width,
            height=picture.height,
        )
    file.seek(0)
    content_type = _type_of(source)
    file.seek(0)
    return Stored(content=file, content_type=content_type, size=size)


def _type_of(file: IO[bytes]) -> str:
    beginning = file.read(_LOOKED_AT)
    for sign, content_type in _BEGINNINGS:
        if sign.match(beginning):
            return content_type
    try:
        # The last character may have been cut in two.
        text = codecs.getincrementaldecoder("utf-8")().decode(beginning, len(beginning) < _LOOKED_AT)
    except UnicodeDecodeError:
        return UNKNOWN
    # Anything that a browser might take for a page is no plain text.
    is_plain = not _NOT_IN_TEXTS.search(text) and "<" not in text[:1024]
    return "text/plain" if is_plain else UNKNOWN


def _names(files: QuerySet[Attachment]) -> list[str]:
    return [name for pair in files.order_by().values_list("file", "preview") for name in pair if name]


def _let_go(files: QuerySet[Attachment]) -> None:
    names = _names(files)
    for start in range(0, len(names), AT_A_TIME):
        ring(tasks.delete_files, names[start : start + AT_A_TIME])


def _is_older(name: str, moment: Any) -> bool:
    try:
        return bool(default_storage.get_modified_time(name) < moment)
    except FileNotFoundError:
        return False
