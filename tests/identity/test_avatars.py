"""Pictures of people: drawn anew, bounded, kept under random names, gone when they are replaced."""

import io
import random
import re
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.http import HttpResponse
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from PIL import Image

from identity.services import avatars
from identity.services.avatars import BYTES_AT_MOST, change_avatar
from tests.helpers import Person, code_of

CANARY = b"GPS canary 59.33N 18.06E"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def drawn(kind: str = "PNG", size: tuple[int, int] = (400, 300), **options: Any) -> bytes:
    """A picture with its left half red and its right half blue."""
    mode = options.pop("mode", "RGB")
    picture = Image.new("RGB", size, "red")
    picture.paste("blue", (size[0] // 2, 0, size[0], size[1]))
    out = io.BytesIO()
    picture.convert(mode).save(out, kind, **options)
    return out.getvalue()


def put(person: Person, content: bytes, name: str = "me.png") -> HttpResponse:
    body = encode_multipart(BOUNDARY, {"avatar": SimpleUploadedFile(name, content)})
    return person.browser.generic(
        "PUT",
        "/api/v1/identity/avatar/",
        body,
        MULTIPART_CONTENT,
        REMOTE_ADDR=person.ip,
        headers={"X-CSRFToken": person.browser.cookies["csrftoken"].value},
    )


def files() -> list[Path]:
    return [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]


def shown(person: Person) -> Image.Image:
    address = person.get("identity/profile/").json()["avatar_url"]
    answer = person.browser.get(address)
    assert answer.status_code == 200
    return Image.open(io.BytesIO(b"".join(answer)))  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize("size", [(400, 300), (40, 3000), (1, 1)])
def test_picture_becomes_a_square_of_256_pixels(alice: Person, kind: str, size: tuple[int, int]) -> None:
    answer = put(alice, drawn(kind, size))
    assert answer.status_code == 200, answer.content
    address = answer.json()["avatar_url"]
    assert re.fullmatch(r"/media/avatars/[0-9a-f]{32}\.webp", address)
    picture = shown(alice)
    assert (picture.format, picture.size) == ("WEBP", (256, 256))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "PA", "RGBA", "I;16"])
def test_every_kind_of_pixels_is_understood(alice: Person, mode: str) -> None:
    out = io.BytesIO()
    options = {"transparency": 0} if mode == "PA" else {}
    Image.new(mode[0] if mode == "PA" else mode, (60, 60)).save(out, "PNG", **options)
    assert put(alice, out.getvalue()).status_code == 200


def test_nothing_but_pixels_comes_through(alice: Person) -> None:
    exif = Image.Exif()
    exif[0x010E] = CANARY.decode()
    content = drawn("JPEG", exif=exif, comment=CANARY, icc_profile=CANARY * 8) + CANARY
    assert content.count(CANARY) > 3
    assert put(alice, content).status_code == 200
    kept = files()[0].read_bytes()
    assert CANARY not in kept
    picture = Image.open(io.BytesIO(kept))
    assert not picture.getexif()
    assert "icc_profile" not in picture.info


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_picture_of_a_turned_camera_stands_upright(alice: Person, kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees clockwise: what was left is on top
    assert put(alice, drawn(kind, (300, 300), exif=exif)).status_code == 200
    picture = shown(alice).convert("RGB")
    top, bottom = picture.getpixel((128, 20)), picture.getpixel((128, 236))
    assert top[0] > 2 * top[2], "red"  # type: ignore[index]
    assert bottom[2] > 2 * bottom[0], "blue"  # type: ignore[index]


def test_only_the_first_frame_is_taken(alice: Person) -> None:
    frames = [Image.new("RGB", (64, 64), color) for color in ("red", "blue")]
    out = io.BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert put(alice, out.getvalue()).status_code == 200
    assert getattr(shown(alice), "n_frames", 1) == 1


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", SVG, b"<html><script>", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, drawn()[:200],
     b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", drawn("TIFF"), drawn("BMP")],
)  # fmt: skip
def test_what_is_no_picture_for_a_browser_is_refused(alice: Person, content: bytes) -> None:
    assert code_of(put(alice, content)) == (400, "picture_unreadable")
    assert not files()


def test_random_bytes_never_make_an_error_of_ours(alice: Person) -> None:
    source = random.Random(7)  # noqa: S311 -- the same bytes in every run
    for kind in ("PNG", "JPEG", "WEBP", "GIF"):
        whole = bytearray(drawn(kind, (90, 90)))
        for _ in range(30):
            broken = bytearray(whole)
            for _ in range(6):
                broken[source.randrange(len(broken))] = source.randrange(256)
            try:
                avatars.drawn_anew(io.BytesIO(bytes(broken)))
            except (avatars.PictureUnreadable, avatars.PictureTooLarge):
                continue


def _bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that says it is huge."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        checked = kind + content
        return struct.pack(">I", len(content)) + checked + struct.pack(">I", zlib.crc32(checked))

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 1_000_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [4001, 10_000, 65_000])
def test_bomb_is_refused_before_it_is_decoded(
    alice: Person, side: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(*_arguments: Any) -> None:
        raise AssertionError

    monkeypatch.setattr(Image.core, "zip_decoder", explode)
    assert code_of(put(alice, _bomb(side, side))) == (413, "picture_too_large")


@pytest.mark.parametrize(
    ("over", "code"), [(1, "picture_too_large"), (64 * 1024, "too_large")], ids=["file", "body"]
)
def test_more_than_two_mebibytes_are_refused(alice: Person, over: int, code: str) -> None:
    assert code_of(put(alice, b"x" * (BYTES_AT_MOST + over))) == (413, code)


def test_old_picture_is_deleted_once_the_new_one_is_kept(alice: Person, commits: Any) -> None:
    with commits():
        put(alice, drawn())
    first = files()
    with commits():
        put(alice, drawn())
    assert len(files()) == 1
    assert files() != first
    with commits():
        answer = alice.delete("identity/avatar/")
    assert answer.json()["avatar_url"] is None
    assert not files()


def test_picture_stays_if_the_change_is_undone(alice: Person, commits: Any) -> None:
    with commits():
        put(alice, drawn())
    before = files()
    assert alice.user
    with transaction.atomic():
        change_avatar(actor=alice.user, picture=SimpleUploadedFile("a.png", drawn()))
        transaction.set_rollback(True)
    assert set(before) <= set(files())
    assert shown(alice).size == (256, 256)


def test_new_file_is_deleted_if_it_cannot_be_noted(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(avatars, "_put", fail)
    assert alice.user
    with pytest.raises(ZeroDivisionError):
        change_avatar(actor=alice.user, picture=SimpleUploadedFile("a.png", drawn()))
    assert not files()


def test_picture_is_served_as_a_picture_and_nothing_else(alice: Person, mallory: Person) -> None:
    put(alice, drawn())
    answer = mallory.browser.get(alice.get("identity/profile/").json()["avatar_url"])
    assert answer["Content-Type"] == "image/webp"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"].startswith("private, max-age=")
    answer.close()


@pytest.mark.parametrize(
    "name",
    ["../db.sqlite3", "..%2fdb.sqlite3", "a.webp", "0" * 32 + ".webp", "0" * 32 + ".svg", "0" * 32, "%00"],
)
def test_no_other_file_is_served(db: None, mallory: Person, name: str) -> None:
    assert mallory.browser.get(f"/media/avatars/{name}").status_code == 404


def test_nobody_else_changes_a_picture(mallory: Person) -> None:
    assert code_of(put(mallory, drawn())) == (401, "credential_required")
    assert code_of(mallory.delete("identity/avatar/")) == (401, "credential_required")


def test_picture_wants_a_form_with_a_file(alice: Person) -> None:
    assert code_of(alice.send("PUT", "identity/avatar/", {"avatar": "x"}))[0] == 415
    answer = alice.browser.generic(
        "PUT",
        "/api/v1/identity/avatar/",
        encode_multipart(BOUNDARY, {"avatar": "a word"}),
        MULTIPART_CONTENT,
        headers={"X-CSRFToken": alice.browser.cookies["csrftoken"].value},
    )
    assert code_of(answer) == (400, "invalid")


def test_twenty_first_picture_within_an_hour_is_refused(alice: Person) -> None:
    for _ in range(20):
        assert put(alice, b"no picture").status_code == 400
    answer = put(alice, drawn())
    assert code_of(answer) == (429, "rate_limited")
    assert int(answer["Retry-After"]) > 60
