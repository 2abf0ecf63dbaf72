"""Pictures of people: checked, drawn anew, kept under random names."""

import io
import logging
import uuid
from typing import IO

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from PIL import Image, ImageOps, features

from identity.errors import PictureTooLarge, PictureUnreadable
from identity.models import User
from identity.services.profiles import tell_profile
from identity.signals import profile_changed
from nonza.rate_limits import buckets, consume

logger = logging.getLogger(__name__)

FOLDER = "avatars"
SIDE = 256
BYTES_AT_MOST = 2 * 1024 * 1024
PIXELS_AT_MOST = 16_000_000  # 64 MB once they are decoded
READ = ("PNG", "JPEG", "WEBP", "GIF")


def change_avatar(*, actor: User, picture: UploadedFile) -> User:
    """Give a user a picture; raises PictureTooLarge, PictureUnreadable or RateLimited."""
    consume(*buckets(f"upload:{actor.pk}", settings.RATES["upload"]))
    if (picture.size or 0) > BYTES_AT_MOST:
        raise PictureTooLarge
    content, kind = drawn_anew(picture)
    name = default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}.{kind}", ContentFile(content))
    try:
        return _put(actor, name)
    except BaseException:
        _delete(name)
        raise


def remove_avatar(*, actor: User) -> User:
    """Go back to initials on a pastel."""
    return _put(actor, "")


def drawn_anew(source: IO[bytes] | UploadedFile) -> tuple[bytes, str]:
    """Return a square of 256 pixels and its kind (`webp`, or `png` where Pillow knows no WebP).

    Only the pixels come through: no EXIF, no profile, no second frame, nothing behind the end.
    """
    try:
        with Image.open(source, formats=READ) as picture:
            _refuse_bomb(picture)
            small = ImageOps.fit(_upright(picture), (SIDE, SIDE), Image.Resampling.LANCZOS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureTooLarge from error
    except PictureTooLarge:
        raise
    except Exception as error:
        raise PictureUnreadable from error
    clean = Image.new(small.mode, small.size)
    clean.paste(small)
    out = io.BytesIO()
    if features.check("webp"):
        clean.save(out, "WEBP", quality=86)
        return out.getvalue(), "webp"
    clean.save(out, "PNG", optimize=True)
    return out.getvalue(), "png"


def _refuse_bomb(picture: Image.Image) -> None:
    """Look at the header alone: nothing has been decoded yet."""
    if picture.width * picture.height > PIXELS_AT_MOST:
        raise PictureTooLarge


def _upright(picture: Image.Image) -> Image.Image:
    """Shrink first, and turn what is left: so a big one is never held twice."""
    picture.draft("RGB", (2 * SIDE, 2 * SIDE))  # a JPEG is not even decoded in full
    has_holes = "A" in picture.mode or "transparency" in picture.info
    mode = "RGBA" if has_holes else "RGB"
    shrunk = picture if picture.mode == mode else picture.convert(mode)
    shrunk.thumbnail((4 * SIDE, 4 * SIDE), Image.Resampling.LANCZOS)
    return ImageOps.exif_transpose(shrunk)


def _put(actor: User, name: str) -> User:
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).get(pk=actor.pk)
        old, user.avatar = user.avatar.name, name
        user.save(update_fields=["avatar", "updated_at"])
        if old:
            transaction.on_commit(lambda: _delete(old))
        tell_profile(user)
        profile_changed.send(sender=User, user=user)
    return user


def _delete(name: str) -> None:
    """A file that stays costs space; that it stays must not fail what was done."""
    try:
        default_storage.delete(name)
    except OSError as error:
        logger.warning("%s could not be deleted: %s", name, error)
