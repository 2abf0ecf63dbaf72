"""STUN and TURN at the wire (RFC 8489, 8445, 8656), as little as asks a media port whether it lives."""

import contextlib
import hashlib
import hmac
import ipaddress
import os
import socket
import ssl
import struct
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qs, urlsplit

_COOKIE = 0x2112A442
_BINDING, _ALLOCATE = 0x0001, 0x0003
_SUCCESS, _ERROR = 0x0100, 0x0110
_USERNAME, _INTEGRITY, _ERROR_CODE, _REALM, _NONCE = 0x0006, 0x0008, 0x0009, 0x0014, 0x0015
_REQUESTED_TRANSPORT, _PRIORITY, _CONTROLLING, _FINGERPRINT = 0x0019, 0x0024, 0x802A, 0x8028
_UDP_TRANSPORT = b"\x11\0\0\0"
_HEADER = 20
_UNAUTHORIZED = 401
# Over UDP a packet may be lost without anything being wrong.
TRIES, PATIENCE_SECONDS = 4, 0.6


class NoAnswer(Exception):
    """Nothing came back, or nothing that makes sense."""


@dataclass(frozen=True)
class Credentials:
    """What ICE asks for: `ufrag` and `password` are the server's, `own_ufrag` is ours."""

    ufrag: str
    password: str
    own_ufrag: str


@dataclass(frozen=True)
class Candidate:
    """A place at which the media server says it can be reached (`candidate:…` of RFC 8839)."""

    transport: str  # "udp" or "tcp"
    host: str
    port: int
    kind: str  # "host", "srflx", "relay"

    @classmethod
    def parse(cls, line: str) -> Self | None:
        """Read a candidate; None for what one cannot connect to."""
        words = line.removeprefix("a=").removeprefix("candidate:").split()
        try:
            transport, host, port, kind = words[2].lower(), words[4], int(words[5]), words[7]
            ipaddress.ip_address(host)
        except (IndexError, ValueError):
            return None
        if transport not in {"udp", "tcp"} or (transport == "tcp" and "passive" not in words):
            return None
        return cls(transport, host, port, kind)

    @property
    def is_private(self) -> bool:
        """Whether only machines of the same network can reach it."""
        return not ipaddress.ip_address(self.host).is_global

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}/{self.transport}"


def answers_ice(candidate: Candidate, credentials: Credentials) -> bool:
    """Ask a candidate as a browser does (a binding request); say whether the right server answered."""
    username = f"{credentials.ufrag}:{credentials.own_ufrag}".encode()
    request = _message(
        _BINDING,
        [(_USERNAME, username), (_CONTROLLING, os.urandom(8)), (_PRIORITY, struct.pack("!I", 1845501695))],
        key=credentials.password.encode(),
    )
    try:
        with _wire(candidate.transport, candidate.host, candidate.port) as wire:
            kind, _attributes = wire.ask(request)
    except (NoAnswer, OSError):
        return False
    return kind == _BINDING | _SUCCESS


def turn_allocates(url: str, username: str, password: str) -> bool:
    """Ask a TURN server for a relay, as a browser does; `url` is like turns:host:443?transport=tcp."""
    secure, host, port, transport = _turn_address(url)
    if secure:
        transport = "tls"
    try:
        with _wire(transport, host, port, framed=False) as wire:
            kind, asked = wire.ask(_message(_ALLOCATE, [(_REQUESTED_TRANSPORT, _UDP_TRANSPORT)]))
            if kind == _ALLOCATE | _ERROR and _error_code(asked) == _UNAUTHORIZED:
                realm, nonce = asked.get(_REALM, b""), asked.get(_NONCE, b"")
                secret = username.encode() + b":" + realm + b":" + password.encode()
                proof = [
                    (_REQUESTED_TRANSPORT, _UDP_TRANSPORT),
                    (_USERNAME, username.encode()),
                    (_REALM, realm),
                    (_NONCE, nonce),
                ]
                key = hashlib.md5(secret, usedforsecurity=False).digest()
                kind, _granted = wire.ask(_message(_ALLOCATE, proof, key=key))
    except (NoAnswer, OSError):
        return False
    return kind == _ALLOCATE | _SUCCESS


def _turn_address(url: str) -> tuple[bool, str, int, str]:
    scheme, _colon, rest = url.partition(":")
    parts = urlsplit(f"//{rest}")
    secure = scheme == "turns"
    transport = parse_qs(parts.query).get("transport", ["tcp" if secure else "udp"])[0]
    return secure, parts.hostname or "", parts.port or (5349 if secure else 3478), transport


# Messages -------------------------------------------------------------------


def _message(kind: int, attributes: list[tuple[int, bytes]], *, key: bytes | None = None) -> bytes:
    body = b"".join(_attribute(number, value) for number, value in attributes)
    transaction = os.urandom(12)
    if key is not None:  # both are reckoned over a header that counts them already
        head = struct.pack("!HHI", kind, len(body) + 24, _COOKIE) + transaction
        body += _attribute(_INTEGRITY, hmac.digest(key, head + body, "sha1"))
        head = struct.pack("!HHI", kind, len(body) + 8, _COOKIE) + transaction
        body += _attribute(_FINGERPRINT, struct.pack("!I", zlib.crc32(head + body) ^ 0x5354554E))
    return struct.pack("!HHI", kind, len(body), _COOKIE) + transaction + body


def _attribute(number: int, value: bytes) -> bytes:
    return struct.pack("!HH", number, len(value)) + value + b"\0" * (-len(value) % 4)


def _read(message: bytes) -> tuple[int, dict[int, bytes]]:
    kind, length, cookie = struct.unpack("!HHI", message[:8])
    if cookie != _COOKIE or len(message) < _HEADER + length:
        raise NoAnswer
    attributes, at = {}, _HEADER
    while at + 4 <= _HEADER + length:
        number, size = struct.unpack("!HH", message[at : at + 4])
        attributes[number] = message[at + 4 : at + 4 + size]
        at += 4 + size + (-size % 4)
    return kind, attributes


def _error_code(attributes: dict[int, bytes]) -> int:
    value = attributes.get(_ERROR_CODE, b"\0\0\0\0")
    return int(value[2]) * 100 + int(value[3])


# Wires ----------------------------------------------------------------------


class _Wire:
    """A connected socket that asks and waits for the answer to just that."""

    def __init__(self, connection: socket.socket, *, packets: bool, framed: bool) -> None:
        self._socket = connection
        self._packets = packets
        self._framed = framed  # RFC 4571: ICE over TCP says the length before each message

    def ask(self, request: bytes) -> tuple[int, dict[int, bytes]]:
        for _try in range(TRIES if self._packets else 1):
            self._socket.sendall(struct.pack("!H", len(request)) + request if self._framed else request)
            deadline = time.monotonic() + PATIENCE_SECONDS * (1 if self._packets else TRIES)
            with contextlib.suppress(TimeoutError):
                while (left := deadline - time.monotonic()) > 0:
                    self._socket.settimeout(left)
                    answer = self._receive()
                    if answer[4:_HEADER] == request[4:_HEADER]:
                        return _read(answer)
        raise NoAnswer

    def _receive(self) -> bytes:
        if self._packets:
            return self._socket.recv(2048)
        if self._framed:
            (length,) = struct.unpack("!H", self._exactly(2))
            return self._exactly(length)
        head = self._exactly(_HEADER)
        return head + self._exactly(struct.unpack("!H", head[2:4])[0])

    def _exactly(self, length: int) -> bytes:
        got = b""
        while len(got) < length:
            piece = self._socket.recv(length - len(got))
            if not piece:
                raise NoAnswer
            got += piece
        return got


@contextlib.contextmanager
def _wire(transport: str, host: str, port: int, *, framed: bool = True) -> Iterator[_Wire]:
    patience = PATIENCE_SECONDS * TRIES
    if transport == "udp":
        family, kind, protocol, _name, address = socket.getaddrinfo(host, port, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind, protocol) as connection:
            connection.connect(address)
            yield _Wire(connection, packets=True, framed=False)
        return
    with contextlib.ExitStack() as stack:
        connection = stack.enter_context(socket.create_connection((host, port), timeout=patience))
        if transport == "tls":
            context = ssl.create_default_context()
            connection = stack.enter_context(context.wrap_socket(connection, server_hostname=host))
        yield _Wire(connection, packets=False, framed=framed)
