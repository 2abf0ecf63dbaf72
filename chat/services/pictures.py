"""Pictures among what people send: known by content, freed of what the camera wrote, made small."""

import io
import struct
import threading
from typing import IO, NamedTuple

from PIL import Image, ImageOps, features

from chat.errors import AttachmentTooLarge
from chat.services.stripping import stripper_of

READ = ("PNG", "JPEG", "WEBP", "GIF")
PREVIEW_SIDE = 720
PIXELS_AT_MOST = 50_000_000
BYTES_AT_MOST = 64 * 1024 * 1024  # a larger file is kept as it is, whatever it holds
_BEGINNING = 16
_TURNED = {5, 6, 7, 8}  # orientations that lie on their side
_ORIENTATION = 0x0112

# One after the other: a picture takes up to 200 MB while it is made small.
_drawing = threading.Lock()


class Picture(NamedTuple):
    """A picture without what the camera wrote, and a small one drawn from it."""

    content: bytes
    content_type: str
    width: int
    height: int
    preview: bytes
    preview_suffix: str


def picture_of(file: IO[bytes], size: int) -> Picture | None:
    """Return the picture in a file; None where it is none, or cannot be drawn.

    Raises AttachmentTooLarge for one of more than 50 megapixels, before anything of it is drawn.
    """
    file.seek(0)
    strip = stripper_of(file.read(_BEGINNING))
    if strip is None or size > BYTES_AT_MOST:
        return None
    file.seek(0)
    try:
        content = strip(file.read())
        with _drawing, Image.open(io.BytesIO(content), formats=READ) as picture:
            return _drawn(content, picture)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise AttachmentTooLarge from error
    except (ValueError, LookupError, OSError, SyntaxError, struct.error, EOFError, ArithmeticError):
        return None  # it only looks like one


def _drawn(content: bytes, picture: Image.Image) -> Picture:
    if picture.width * picture.height > PIXELS_AT_MOST:
        raise AttachmentTooLarge
    content_type = Image.MIME[picture.format or ""]
    width, height = picture.size
    if picture.getexif().get(_ORIENTATION) in _TURNED:
        width, height = height, width
    picture.draft("RGB", (2 * PREVIEW_SIDE, 2 * PREVIEW_SIDE))  # a JPEG is not even decoded in full
    mode = "RGBA" if "A" in picture.mode or "transparency" in picture.info else "RGB"
    small = picture if picture.mode == mode else picture.convert(mode)
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE), Image.Resampling.LANCZOS, reducing_gap=2)
    small = ImageOps.exif_transpose(small)
    clean = Image.new(small.mode, small.size)  # only the pixels
    clean.paste(small)
    out = io.BytesIO()
    if features.check("webp"):
        clean.save(out, "WEBP", quality=82)
        return Picture(content, content_type, width, height, out.getvalue(), "webp")
    clean.save(out, "PNG")
    return Picture(content, content_type, width, height, out.getvalue(), "png")
