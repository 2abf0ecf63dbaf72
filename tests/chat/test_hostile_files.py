"""Files that are not what they seem, know too much, or are far larger than they look."""

import contextlib
import io
import struct
import subprocess
import sys
import zlib
from typing import Any

import pytest
from django.core.files.storage import default_storage
from PIL import Image, PngImagePlugin

from chat.errors import AttachmentTooLarge
from chat.models import Attachment
from chat.services.attachments import file_name
from chat.services.pictures import picture_of
from chat.services.stripping import strip_gif, strip_jpeg, strip_png, strip_webp, stripper_of
from spaces.models import Channel
from tests.chat.test_attachments import bring
from tests.helpers import Person, code_of

SCRIPT = b"<script>alert(1)</script>"
SECRET = b"SECRET-PLACE"
WHERE = 0x8825  # EXIF: where it was taken


@pytest.fixture(autouse=True)
def _own_storage(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def picture(kind: str, size: tuple[int, int] = (12, 6), **options: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


def exif(turn: int = 1) -> Image.Exif:
    """What a telephone writes: how it was held, what it is, and where it was."""
    written = Image.Exif()
    written[0x0112] = turn
    written[0x010F] = SECRET.decode()
    written.get_ifd(WHERE)[1] = "N"
    written.get_ifd(WHERE)[2] = (59.0, 57.0, 14.0)
    return written


def comment() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", SECRET.decode())
    info.add_text("XML:com.adobe.xmp", SECRET.decode(), zip=True)
    return info


TALKATIVE = {
    "JPEG": picture("JPEG", exif=exif(), comment=SECRET),
    "PNG": picture("PNG", exif=exif(), pnginfo=comment()),
    "WEBP": picture("WEBP", exif=exif(), xmp=SECRET),
    "GIF": picture("GIF", comment=SECRET),
}


# What it is ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<!doctype html>" + SCRIPT, "page.html"),
        (b"<!doctype html>" + SCRIPT, "cat.png"),
        (b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>", "drawing.svg"),
        (b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>", "photo.jpg"),
        (b'<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml">' + SCRIPT, "feed.xml"),
        (b"\n\n   plain, then " + SCRIPT, "notes.txt"),
        (b"\x89PNG\r\n\x1a\n" + SCRIPT, "cat.png"),
        (b"\xff\xd8\xff\xe0" + SCRIPT, "cat.jpg"),
        (b"GIF89a" + SCRIPT * 4, "cat.gif"),
        (b"RIFF\xff\xff\xff\xffWEBPVP8 " + SCRIPT, "cat.webp"),
        (b"\x7fELF" + SCRIPT, "setup"),
        (b"\xff\xfeh\x00i\x00", "utf16.txt"),
        (b"x" * 65_535 + "é".encode() + b"\xff", "late.bin"),
    ],
)
def test_what_a_browser_could_run_is_only_to_be_kept(
    content: bytes, name: str, bob: Person, channel: Channel
) -> None:
    seen = bring(bob, channel, content, name).json()
    expected = "text/plain" if name == "late.bin" else "application/octet-stream"
    assert (seen["content_type"], seen["preview_url"], seen["size"]) == (expected, None, len(content))
    answer = bob.browser.get(seen["url"])
    assert answer.getvalue() == content
    assert answer["Content-Type"] == expected
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"MZ\x90\x00...", "photo.png"),
        (b"echo off", "start.BAT"),
        (b"words", "invoice.pdf.exe"),
        (b"words", "invoice\u202efdp.exe"),
        (b"words", "run.lnk. "),
    ],
)
def test_programs_are_not_taken(content: bytes, name: str, bob: Person, channel: Channel) -> None:
    assert code_of(bring(bob, channel, content, name)) == (415, "attachment_type")
    assert not Attachment.objects.exists()


def test_operator_says_what_is_not_taken(bob: Person, channel: Channel, settings: Any) -> None:
    settings.ATTACHMENT_REFUSED = {"zip"}
    assert code_of(bring(bob, channel, b"PK", "all.zip")) == (415, "attachment_type")
    assert bring(bob, channel, b"MZ", "setup.exe").status_code == 201


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"ID3\x04...", "audio/mpeg"),
        (b"OggS...", "audio/ogg"),
        (b"RIFF\x10\0\0\0WAVEfmt ", "audio/wav"),
        (b"\0\0\0\x18ftypmp42....", "video/mp4"),
        (b"\x1a\x45\xdf\xa3....", "video/webm"),
        ("Привет\n".encode() * 20_000, "text/plain"),
        (b"PK\x03\x04...", "application/octet-stream"),
    ],
)
def test_type_is_told_by_the_content(
    content: bytes, content_type: str, bob: Person, channel: Channel
) -> None:
    assert bring(bob, channel, content, "anything.html").json()["content_type"] == content_type


# What it knows ---------------------------------------------------------------


@pytest.mark.parametrize("kind", TALKATIVE)
def test_what_the_camera_wrote_is_not_kept(kind: str, bob: Person, channel: Channel) -> None:
    content = TALKATIVE[kind] + b"behind the end: " + SCRIPT
    assert SECRET in content or kind == "PNG"
    seen = bring(bob, channel, content, f"photo.{kind.lower()}").json()
    assert seen["content_type"] == Image.MIME[kind]
    row = Attachment.objects.get()
    for name in (row.file, row.preview):
        with default_storage.open(name) as file:
            kept = file.read()
        assert SECRET not in kept
        assert SCRIPT not in kept
        assert b"GPS" not in kept
        with Image.open(io.BytesIO(kept)) as shown:
            shown.load()
            assert shown.getexif().get_ifd(WHERE) == {}
            assert "comment" not in shown.info
            assert "xmp" not in shown.info
            assert getattr(shown, "text", {}) == {}
    with Image.open(io.BytesIO(content)) as before, default_storage.open(row.file) as file:
        assert before.convert("RGB").tobytes() == Image.open(file).convert("RGB").tobytes()


def test_picture_that_lies_on_its_side_stays_upright(bob: Person, channel: Channel) -> None:
    seen = bring(bob, channel, picture("JPEG", (1200, 600), exif=exif(turn=6)), "photo.jpg").json()
    assert (seen["width"], seen["height"]) == (600, 1200)
    row = Attachment.objects.get()
    with default_storage.open(row.file) as file, Image.open(file) as kept:
        assert dict(kept.getexif()) == {0x0112: 6}
    with default_storage.open(row.preview) as file, Image.open(file) as small:
        assert small.size == (360, 720)


def test_moving_pictures_go_on_moving() -> None:
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "green", "blue")]
    for kind, options in (
        ("GIF", {"comment": SECRET, "loop": 0}),
        ("WEBP", {"exif": exif(), "lossless": True}),
        ("PNG", {"pnginfo": comment()}),
    ):
        out = io.BytesIO()
        frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=50, **options)
        found = picture_of(io.BytesIO(out.getvalue()), len(out.getvalue()))
        assert found is not None
        assert SECRET not in found.content
        with Image.open(io.BytesIO(found.content)) as moving:
            assert moving.n_frames == 3
            assert moving.info.get("loop", 0) == 0


@pytest.mark.parametrize("kind", TALKATIVE)
def test_stripping_twice_changes_nothing(kind: str) -> None:
    strip = {"JPEG": strip_jpeg, "PNG": strip_png, "WEBP": strip_webp, "GIF": strip_gif}[kind]
    once = strip(TALKATIVE[kind])
    assert stripper_of(once) is strip
    assert strip(once) == once


@pytest.mark.parametrize("kind", TALKATIVE)
@pytest.mark.parametrize("options", [{}, {"progressive": True, "quality": 95}])
def test_picture_that_is_cut_short_is_a_file_like_others(kind: str, options: dict) -> None:
    whole = picture(kind, (300, 200), **(options if kind == "JPEG" else {}))
    assert picture_of(io.BytesIO(whole), len(whole)) is not None
    for share in (0.1, 0.3, 0.5, 0.9):
        part = whole[: int(len(whole) * share)]
        assert picture_of(io.BytesIO(part), len(part)) is None


@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("kind", TALKATIVE)
def test_any_change_of_a_picture_is_survived(kind: str) -> None:
    whole = TALKATIVE[kind]
    for place in range(len(whole)):
        changed = whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :]
        with contextlib.suppress(AttachmentTooLarge):
            picture_of(io.BytesIO(changed), len(changed))  # whatever it is then: no error


# How large it is -------------------------------------------------------------


def huge_png(width: int, height: int) -> bytes:
    """A picture of one colour that is small as a file: a bomb."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + content))
        return struct.pack(">I", len(content)) + kind + content + check

    packed = zlib.compressobj(9)
    line = b"\0" * min(width + 1, 60_001)
    body = b"".join([*(packed.compress(line) for _ in range(min(height, 1000))), packed.flush()])
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("size", [(10_000, 5_001), (30_000, 30_000), (65_535, 65_535), (2**31 - 1, 1)])
def test_picture_of_too_many_pixels_is_refused(size: tuple[int, int], bob: Person, channel: Channel) -> None:
    answer = bring(bob, channel, huge_png(*size), "wall.png")
    assert code_of(answer) == (413, "attachment_too_large")
    assert not Attachment.objects.exists()


def test_bomb_is_refused_before_it_takes_memory(tmp_path: Any) -> None:
    bomb = tmp_path / "bomb.png"
    bomb.write_bytes(huge_png(60_000, 60_000))
    program = (
        "import django, resource, sys; django.setup()\n"
        "from chat.errors import AttachmentTooLarge\n"
        "from chat.services.pictures import picture_of\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "content = open(sys.argv[1], 'rb')\n"
        "try: picture_of(content, 1)\n"
        "except AttachmentTooLarge: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, bomb], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 20 * 1024  # kilobytes more than before


def test_compressed_comment_does_not_unfold() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "A" * 100_000_000, zip=True)
    content = picture("PNG", pnginfo=info)
    found = picture_of(io.BytesIO(content), len(content))
    assert found is not None
    assert len(found.content) < 1000


# What it is called -----------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.ini", "boot.ini"),
        ("C:\\Users\\bob\\photo.png", "photo.png"),
        ("/", "file"),
        ("..", "file"),
        (" . ", "file"),
        (".htaccess", "htaccess"),
        ("a\x00b\r\nc.txt", "ab c.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("zero\u200bwidth.txt", "zerowidth.txt"),
        ('a"b<c>|?*:.txt', "a_b_c_____.txt"),
        ("preview", "file preview"),
        ("x" * 400 + ".tar.gz", "x" * 252 + ".gz"),
        ("." + "y" * 400, "y" * 255),
        ("Отчёт за ноябрь.docx", "Отчёт за ноябрь.docx"),
    ],
)
def test_names_are_cleaned(name: str, kept: str) -> None:
    assert file_name(name) == kept
    assert file_name(kept) == kept


def test_nothing_of_the_name_reaches_the_storage(bob: Person, channel: Channel) -> None:
    bring(bob, channel, b"words", "..%2f..%2fsettings.py")
    row = Attachment.objects.get()
    assert row.file.startswith("attachments/")
    assert "settings" not in row.file
