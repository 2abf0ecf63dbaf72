"""What a camera wrote into a picture, taken out without drawing the picture anew.

Only the parts that make up the picture are copied: no EXIF (where it was taken), no XMP, comments or
thumbnails, and nothing that somebody put behind its end. How a JPEG is to be turned is kept.
All functions raise ValueError, IndexError or struct.error for what is no such picture.
"""

import struct
from collections.abc import Callable, Iterator

from PIL import Image

PNG_SIGN, JPEG_SIGN = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff"
_PNG_PARTS = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB sBIT iCCP cICP pHYs bKGD hIST acTL fcTL fdAT".split()
)
_WEBP_PARTS = frozenset([b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"])
_WEBP_EXIF_XMP = 0x08 | 0x04
_GIF_TRAILER, _GIF_PICTURE, _GIF_EXTENSION = 0x3B, 0x2C, 0x21
_GIF_CONTROL, _GIF_APPLICATION = 0xF9, 0xFF
_GIF_LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
_JFIF, _ICC, _ADOBE, _COMMENT = 0xE0, 0xE2, 0xEE, 0xFE
_START_OF_SCAN, _END_OF_PICTURE = 0xDA, 0xD9
_ORIENTATION = 0x0112


def stripper_of(beginning: bytes) -> Callable[[bytes], bytes] | None:
    """Return what strips a picture that begins like this; None where it is none that is known."""
    if beginning.startswith(PNG_SIGN):
        return strip_png
    if beginning.startswith(JPEG_SIGN):
        return strip_jpeg
    if beginning[:6] in {b"GIF87a", b"GIF89a"}:
        return strip_gif
    if beginning[:4] == b"RIFF" and beginning[8:12] == b"WEBP":
        return strip_webp
    return None


def strip_png(content: bytes) -> bytes:
    """Copy the chunks that are drawn, up to the end."""
    kept, at = [PNG_SIGN], len(PNG_SIGN)
    while True:
        size, kind = struct.unpack_from(">I4s", content, at)
        end = at + 12 + size
        if end > len(content):
            raise ValueError
        if kind in _PNG_PARTS:
            kept.append(content[at:end])
        if kind == b"IEND":
            return b"".join(kept)
        at = end


def strip_webp(content: bytes) -> bytes:
    """Copy the chunks that are drawn, and let the header say that there are no others."""
    (size,) = struct.unpack_from("<I", content, 4)
    end, at, kept = min(8 + size, len(content)), 12, []
    while at + 8 <= end:
        kind, size = struct.unpack_from("<4sI", content, at)
        following = at + 8 + size + size % 2
        chunk = bytearray(content[at:following])
        if kind == b"VP8X":
            chunk[8] &= ~_WEBP_EXIF_XMP
        if kind in _WEBP_PARTS:
            kept.append(bytes(chunk))
        at = following
    body = b"WEBP" + b"".join(kept)
    return struct.pack("<4sI", b"RIFF", len(body)) + body


def strip_gif(content: bytes) -> bytes:
    """Copy frames, their timing and how often they are shown."""
    at = 13 + _colors(content[10])
    kept = [content[:at]]
    while content[at] != _GIF_TRAILER:
        start, kind = at, content[at]
        if kind == _GIF_PICTURE:
            at += 10 + _colors(content[at + 9]) + 1
        elif kind == _GIF_EXTENSION:
            at += 2
        else:
            raise ValueError
        first = at
        at = _after_blocks(content, at)
        label = content[start + 1]
        loops = label == _GIF_APPLICATION and content[first + 1 : first + 12] in _GIF_LOOPS
        if kind == _GIF_PICTURE or label == _GIF_CONTROL or loops:
            kept.append(content[start:at])
    return b"".join([*kept, bytes([_GIF_TRAILER])])


def strip_jpeg(content: bytes) -> bytes:
    """Copy what is needed to draw it, up to the end of the first picture."""
    kept = [b"\xff\xd8"]
    turned = _orientation(content)
    if turned:
        kept.append(turned)
    for kind, segment in _segments(content):
        if kind == _JFIF and segment[4:9] == b"JFIF\0":
            kept.append(b"\xff\xe0\x00\x10" + segment[4:16] + b"\0\0")
        elif not _tells_of_the_camera(kind, segment):
            kept.append(segment)
    return b"".join([*kept, b"\xff\xd9"])


def _colors(packed: int) -> int:
    """Return the bytes of a GIF's table of colours."""
    return 3 << ((packed & 7) + 1) if packed & 0x80 else 0


def _after_blocks(content: bytes, at: int) -> int:
    while content[at]:
        at += content[at] + 1
    return at + 1


def _tells_of_the_camera(kind: int, segment: bytes) -> bool:
    if kind == _ICC:
        return segment[4:16] != b"ICC_PROFILE\0"
    if kind == _ADOBE:
        return segment[4:9] != b"Adobe"
    return kind == _COMMENT or _JFIF <= kind <= 0xEF  # noqa: PLR2004 -- all application segments


def _segments(content: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the marker and the bytes of each segment, the drawing with the one before it."""
    at = 2
    while True:
        if content[at] != 0xFF:  # noqa: PLR2004 -- every marker begins so
            raise ValueError
        kind = content[at + 1]
        if kind == 0xFF:  # noqa: PLR2004 -- a filling byte
            at += 1
            continue
        if kind == _END_OF_PICTURE:
            return
        (size,) = struct.unpack_from(">H", content, at + 2)
        end = at + 2 + size
        if kind == _START_OF_SCAN:
            end = _after_scan(content, end)
        if size < 2 or end > len(content):  # noqa: PLR2004 -- it counts itself
            raise ValueError
        yield kind, content[at:end]
        at = end


def _after_scan(content: bytes, at: int) -> int:
    """Return where the next segment begins: a marker that is neither stuffing nor a restart."""
    while True:
        at = content.index(b"\xff", at)
        if content[at + 1] and not 0xD0 <= content[at + 1] <= 0xD7:  # noqa: PLR2004 -- restarts
            return at
        at += 2


def _orientation(content: bytes) -> bytes:
    """Return an EXIF segment that says only how the picture is to be turned; none if it stands upright."""
    for kind, segment in _segments(content):
        if kind == 0xE1 and segment[4:10] == b"Exif\0\0":  # noqa: PLR2004 -- APP1
            exif = Image.Exif()
            exif.load(segment[4:])
            turn = exif.get(_ORIENTATION)
            if isinstance(turn, int) and 2 <= turn <= 8:  # noqa: PLR2004 -- what the standard knows
                clean = Image.Exif()
                clean[_ORIENTATION] = turn
                body = clean.tobytes()
                if not body.startswith(b"Exif\0\0"):
                    body = b"Exif\0\0" + body
                return b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body
        if kind == _START_OF_SCAN:
            break
    return b""
