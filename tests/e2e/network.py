"""A browser behind a router: two network namespaces, and links that can really go down."""

import contextlib
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass
class FarAway:
    """
    A namespace that reaches this machine through a router of its own.

    browser (.2) ---- own cable ---- (.1) router (.6) ---- uplink ---- (.5) this machine
    """

    name: str
    net: str

    @property
    def router(self) -> str:
        return f"{self.name}-r"

    @property
    def here(self) -> str:
        """The address of this machine, as the browser reaches it."""
        return f"{self.net}.5"

    def pull_uplink(self) -> None:
        """Nothing comes through any more; the browser's machine sees no change of its own."""
        self._link("uplink", "down")

    def plug_uplink(self) -> None:
        self._link("uplink", "up")

    def pull_cable(self) -> None:
        """The browser's own link is gone, and its machine knows."""
        self._link("cable", "down")

    def plug_cable(self) -> None:
        self._link("cable", "up")

    def _link(self, device: str, state: str) -> None:
        _ip("-n", self.router, "link", "set", device, state)

    def wrap(self, program: Path, folder: Path) -> Path:
        """A program that runs the given one behind the router."""
        script = folder / program.name
        script.write_text(f'#!/bin/sh\nexec ip netns exec {self.name} {program} "$@"\n')
        script.chmod(0o755)
        return script


@contextlib.contextmanager
def far_away() -> Iterator[FarAway]:
    """Two namespaces and their links, gone again at the end."""
    number = os.getpid() % 200
    far = FarAway(f"nonza-{os.getpid()}", f"10.213.{number}")
    near_end = f"nonza{os.getpid()}"[:15]
    try:
        for name in (far.name, far.router):
            _ip("netns", "add", name)
            _ip("-n", name, "link", "set", "lo", "up")
        own = ("-n", far.name)
        router = ("-n", far.router)
        _ip(*router, "link", "add", "cable", "type", "veth", "peer", "name", "eth0", "netns", far.name)
        _ip(*router, "link", "add", "uplink", "type", "veth", "peer", "name", near_end, "netns", "1")
        for end, device, address in (
            (own, "eth0", f"{far.net}.2/30"),
            (router, "cable", f"{far.net}.1/30"),
            (router, "uplink", f"{far.net}.6/30"),
            ((), near_end, f"{far.net}.5/30"),
        ):
            _ip(*end, "address", "add", address, "dev", device)
            _ip(*end, "link", "set", device, "up")
        _ip(*own, "route", "add", "default", "via", f"{far.net}.1")
        _ip("route", "add", f"{far.net}.0/30", "via", f"{far.net}.6")
        forward = "echo 1 > /proc/sys/net/ipv4/ip_forward"
        _ip("netns", "exec", far.router, "sh", "-c", forward)
        # Without its uplink the router drops in silence, which is harder than a refusal.
        _ip(*router, "route", "add", "blackhole", "default")
        yield far
    finally:
        for name in (far.name, far.router):  # their links go with them
            subprocess.run(["ip", "netns", "delete", name], check=False, capture_output=True)
        subprocess.run(["ip", "link", "delete", near_end], check=False, capture_output=True)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True, text=True)
