"""The release archive: only the one that Nonza knows is unpacked, and no trouble with it takes long."""

import hashlib
import io
import socket
import tarfile
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from nonza.run.media import release
from nonza.run.media.release import MEMBER, VERSION, NotToBeHad, Release, fetch, machine

PROGRAM = b"#!/bin/sh\necho livekit-server version 1.13.5\n"


def packed(name: str = MEMBER) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for member, content in (("LICENSE", b"text"), (name, PROGRAM)):
            info = tarfile.TarInfo(member)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return stream.getvalue()


class Shelf:
    """A web server that hands out one archive."""

    def __init__(self) -> None:
        self.content = packed()
        self.promised: int | None = None
        self.asked: list[str] = []
        shelf = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                shelf.asked.append(self.path)
                self.send_response(
                    200 if self.path.endswith(f"livekit_{VERSION}_{machine()}.tar.gz") else 404
                )
                self.send_header("Content-Length", str(shelf.promised or len(shelf.content)))
                self.end_headers()
                self.wfile.write(shelf.content)

            def log_message(self, *_: object) -> None:
                """Keep the terminal quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.thread = Thread(target=self.server.serve_forever)
        self.thread.start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def release(self, **changes: object) -> Release:
        checksum = hashlib.sha256(self.content).hexdigest()
        return Release(**{"base_url": self.url, "checksums": {machine(): checksum}, **changes})  # type: ignore[arg-type]


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    shelf = Shelf()
    yield shelf
    shelf.close()


def refusal(wanted: Release, target: Path) -> str:
    with pytest.raises(NotToBeHad) as caught:
        fetch(wanted, target)
    assert list(target.parent.iterdir()) == [], "nothing is left behind"
    return str(caught.value)


def test_right_archive_gives_the_program_alone(shelf: Shelf, tmp_path: Path) -> None:
    fetch(shelf.release(), tmp_path / "server")
    assert [path.name for path in tmp_path.iterdir()] == ["server"]
    assert (tmp_path / "server").read_bytes() == PROGRAM
    assert (tmp_path / "server").stat().st_mode & 0o777 == 0o755


def test_wrong_checksum_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    wanted = shelf.release(checksums={machine(): "0" * 64})
    assert "SHA-256" in refusal(wanted, tmp_path / "server")


def test_cut_off_archive_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    wanted = shelf.release()
    shelf.promised, shelf.content = len(shelf.content), shelf.content[:40]
    assert "broke off" in refusal(wanted, tmp_path / "server")


def test_short_archive_that_claims_to_be_whole_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    wanted = shelf.release()
    shelf.content = shelf.content[:40]
    assert "SHA-256" in refusal(wanted, tmp_path / "server")


def test_oversized_archive_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    assert "larger" in refusal(shelf.release(most_bytes=100), tmp_path / "server")


def test_oversized_program_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    assert "no usable program" in refusal(shelf.release(most_unpacked_bytes=10), tmp_path / "server")


def test_archive_without_the_program_is_refused(shelf: Shelf, tmp_path: Path) -> None:
    shelf.content = packed("something-else")
    assert "could not be unpacked" in refusal(shelf.release(), tmp_path / "server")


def test_missing_archive_is_told(shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = shelf.release()
    monkeypatch.setattr(release, "VERSION", "0.0.1")
    assert "404" in refusal(wanted, tmp_path / "server")


def test_machine_without_an_archive_is_told(shelf: Shelf, tmp_path: Path) -> None:
    assert machine() in refusal(shelf.release(checksums={}), tmp_path / "server")
    assert shelf.asked == []


def test_nobody_listening_is_told(tmp_path: Path) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        wanted = Release(base_url=f"http://127.0.0.1:{closed.getsockname()[1]}", checksums={machine(): ""})
        assert "no connection" in refusal(wanted, tmp_path / "server")


def test_slow_connection_is_given_up(tmp_path: Path) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        with socket.create_connection(address), socket.socket() as second:
            second.setblocking(False)
            second.connect_ex(address)
            wanted = Release(
                base_url=f"http://127.0.0.1:{address[1]}", checksums={machine(): ""}, connect_seconds=0.3
            )
            began = time.monotonic()
            assert "no connection in time" in refusal(wanted, tmp_path / "server")
            assert time.monotonic() - began < 2


def test_silent_server_is_given_up(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        base = f"http://127.0.0.1:{silent.getsockname()[1]}"
        wanted = Release(base_url=base, checksums={machine(): ""}, read_seconds=0.3)
        assert "stopped answering" in refusal(wanted, tmp_path / "server")


def test_every_known_archive_has_a_whole_checksum() -> None:
    assert set(release.SHA256) == {"linux_amd64", "linux_arm64", "linux_armv7"}
    assert all(len(bytes.fromhex(checksum)) == 32 for checksum in release.SHA256.values())
    assert Release().connect_seconds == 5
