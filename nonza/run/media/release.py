"""LiveKit's own release archives: which there are, and how one is fetched and verified."""

import hashlib
import platform
import shutil
import sys
import tarfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import httpx

from nonza.run.console import Progress

VERSION = "1.13.5"
MEMBER = "livekit-server"
BASE_URL = f"https://github.com/livekit/livekit/releases/download/v{VERSION}"
SHA256 = {
    "linux_amd64": "c020fac437b7cc9b776eef1ad5ea8af77be9acfa07602eca20a3a44930dfbc70",
    "linux_arm64": "332015305518765fe05bad74fc3a9d9583e635e7dd130de3c4fc563d69c550f3",
    "linux_armv7": "6dceb15fec3b2b90a67615acff7f92a48a901408f31c74f3d290a7d4277f76bd",
}
MACHINES = {"x86_64": "amd64", "aarch64": "arm64", "arm64": "arm64", "armv7l": "armv7"}


class NotToBeHad(Exception):
    """One way of getting the media server failed; the message says why, in a few words."""


@dataclass(frozen=True)
class Release:
    """Where the archives are, what they must be, and how patient to be."""

    base_url: str = BASE_URL
    checksums: dict[str, str] = field(default_factory=lambda: dict(SHA256))
    connect_seconds: float = 5.0
    read_seconds: float = 20.0
    whole_seconds: float = 300.0
    most_bytes: int = 32 * 1024 * 1024
    most_unpacked_bytes: int = 256 * 1024 * 1024


def machine() -> str:
    """The name that a release archive would have for this machine, `linux_amd64` for one."""
    return f"{sys.platform}_{MACHINES.get(platform.machine(), platform.machine())}"


def fetch(release: Release, target: Path) -> None:
    """Download, verify, and unpack the server's one file to `target`; NotToBeHad if any of it fails."""
    name = machine()
    if name not in release.checksums:
        raise NotToBeHad(f"there is no release archive for {name}")
    archive = target.with_name(f"{target.name}.tar.gz")
    try:
        _download(release, f"{release.base_url}/livekit_{VERSION}_{name}.tar.gz", archive)
        _verify(archive, release.checksums[name])
        _unpack(archive, target, release.most_unpacked_bytes)
    finally:
        archive.unlink(missing_ok=True)


def _download(release: Release, url: str, archive: Path) -> None:
    patience = httpx.Timeout(release.read_seconds, connect=release.connect_seconds)
    try:
        with (
            archive.open("wb") as stream,
            httpx.stream("GET", url, follow_redirects=True, timeout=patience) as response,
        ):
            response.raise_for_status()
            _copy(release, response, stream)
    except httpx.HTTPStatusError as error:
        raise NotToBeHad(f"the release archive answered {error.response.status_code}") from error
    except httpx.HTTPError as error:
        raise NotToBeHad(f"the release archive could not be fetched ({_kind(error)})") from error


def _copy(release: Release, response: httpx.Response, stream: IO[bytes]) -> None:
    progress = Progress("Fetching LiveKit", every=2.0)
    whole = int(response.headers.get("content-length", 0))
    deadline = time.monotonic() + release.whole_seconds
    for chunk in response.iter_raw():
        if response.num_bytes_downloaded > release.most_bytes:
            raise NotToBeHad("the release archive is larger than it may be")
        if time.monotonic() > deadline:
            raise NotToBeHad("the release archive came too slowly")
        stream.write(chunk)
        progress.note(lambda: f"{_megabytes(response.num_bytes_downloaded)} of {_megabytes(whole)} MB")


def _megabytes(count: int) -> str:
    return f"{count / 1e6:.1f}"


def _kind(error: httpx.HTTPError) -> str:
    if isinstance(error, httpx.ConnectTimeout):
        return "no connection in time"
    if isinstance(error, httpx.ConnectError):
        return "no connection"
    if isinstance(error, httpx.TimeoutException):
        return "it stopped answering"
    return "the connection broke off"


def _verify(archive: Path, checksum: str) -> None:
    with archive.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found != checksum:
        raise NotToBeHad("the release archive is not the one that Nonza knows (wrong SHA-256)")


def _unpack(archive: Path, target: Path, most_bytes: int) -> None:
    try:
        with tarfile.open(archive, "r:gz") as members:
            member = members.getmember(MEMBER)
            source = members.extractfile(member)
            if source is None or member.size > most_bytes:
                raise NotToBeHad("the release archive holds no usable program")
            with source, target.open("wb") as stream:
                shutil.copyfileobj(source, stream)
    except (tarfile.TarError, KeyError, OSError, EOFError) as error:
        raise NotToBeHad("the release archive could not be unpacked") from error
    target.chmod(0o755)
