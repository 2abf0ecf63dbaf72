"""The client's address: only as many hops are believed as proxies are trusted."""

from typing import Any

import pytest
from django.http import HttpRequest
from django.test import RequestFactory

from identity import client_ip as module
from identity.client_ip import UNKNOWN, client_ip, client_ip_of_scope, client_prefix
from nonza.env import Env, env

PEER, CLAIMED, REAL, INNER = "198.51.100.1", "192.0.2.66", "203.0.113.7", "10.0.0.2"

TABLE = [
    # trusted proxies, peer, X-Forwarded-For, the address
    (0, PEER, "", PEER),
    (0, PEER, CLAIMED, PEER),
    (0, PEER, f"{CLAIMED}, {REAL}", PEER),
    (0, "2001:db8::1", CLAIMED, "2001:db8::1"),
    (1, PEER, "", PEER),
    (1, PEER, REAL, REAL),
    (1, PEER, f"{CLAIMED}, {REAL}", REAL),
    (1, PEER, f"{CLAIMED},{CLAIMED},{CLAIMED}, {REAL}", REAL),
    (1, PEER, f"127.0.0.1, {REAL}", REAL),
    (1, PEER, f"{CLAIMED},{REAL},", REAL),
    (1, PEER, f"{CLAIMED}\t,  {REAL} ", REAL),
    (1, PEER, f"{REAL}, unknown", UNKNOWN),
    (1, PEER, f"{CLAIMED}, <script>", UNKNOWN),
    (1, PEER, "999.1.1.1", UNKNOWN),
    (1, PEER, f"{REAL}:4242", REAL),
    (1, PEER, "[2001:db8::1]:4242", "2001:db8::1"),
    (1, PEER, "203.0.113.07", UNKNOWN),
    (2, PEER, f"{REAL}, {INNER}", REAL),
    (2, PEER, f"{CLAIMED}, {REAL}, {INNER}", REAL),
    (2, PEER, REAL, REAL),
    (2, PEER, "", PEER),
    (3, PEER, f"{CLAIMED}, {REAL}, 10.0.0.1, {INNER}", REAL),
    (1, PEER, "2001:db8::7", "2001:db8::7"),
    (1, PEER, "2001:DB8:0:0:0:0:0:7", "2001:db8::7"),
    (1, PEER, f"::ffff:{REAL}", REAL),
    (1, PEER, "::ffff:cb00:7107", REAL),
    (0, f"::ffff:{PEER}", "", PEER),
    (0, "", "", UNKNOWN),
    (0, "", CLAIMED, UNKNOWN),
    (1, "", REAL, REAL),
    (0, "unix:", "", UNKNOWN),
    (0, "fe80::1%eth0", "", "fe80::1"),
]


@pytest.fixture
def trust(monkeypatch: pytest.MonkeyPatch) -> Any:
    def set_count(count: int) -> None:
        monkeypatch.setattr(module, "env", Env.model_copy(env, update={"trusted_proxies": count}))

    return set_count


def request_from(peer: str, forwarded: str) -> HttpRequest:
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=peer, **headers)


@pytest.mark.parametrize(("count", "peer", "forwarded", "expected"), TABLE)
def test_address_is_the_one_that_the_outermost_trusted_proxy_saw(
    trust: Any, count: int, peer: str, forwarded: str, expected: str
) -> None:
    trust(count)
    assert client_ip(request_from(peer, forwarded)) == expected


@pytest.mark.parametrize(("count", "peer", "forwarded", "expected"), TABLE)
def test_socket_has_the_same_address_as_a_request(
    trust: Any, count: int, peer: str, forwarded: str, expected: str
) -> None:
    trust(count)
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    assert client_ip_of_scope({"client": (peer, 4242), "headers": headers}) == expected


def test_header_sent_twice_counts_as_one_list(trust: Any) -> None:
    trust(1)
    headers = [(b"x-forwarded-for", CLAIMED.encode()), (b"x-forwarded-for", REAL.encode())]
    assert client_ip_of_scope({"client": (PEER, 1), "headers": headers}) == REAL


def test_socket_without_a_client_has_a_placeholder(trust: Any) -> None:
    trust(0)
    assert client_ip_of_scope({"client": None, "headers": []}) == UNKNOWN


@pytest.mark.parametrize(
    "header",
    [
        "X-Real-IP",
        "X-Client-IP",
        "Forwarded",
        "CF-Connecting-IP",
        "True-Client-IP",
        "X-Forwarded",
        "Client-IP",
    ],
)
def test_no_other_header_is_believed(trust: Any, header: str) -> None:
    trust(1)
    request = RequestFactory().get("/", REMOTE_ADDR=PEER, headers={header: CLAIMED})
    assert client_ip(request) == PEER


def test_no_other_module_reads_forwarded_headers() -> None:
    from nonza.env import ROOT  # noqa: PLC0415 -- leaf

    readers = [
        str(path.relative_to(ROOT))
        for app in ("nonza", "identity", "sessions")
        for path in (ROOT / app).rglob("*.py")
        if any(word in path.read_text().upper() for word in ("FORWARDED_FOR", "FORWARDED-FOR", "REMOTE_ADDR"))
    ]
    assert readers == ["identity/client_ip.py"]


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2ff:3:4:5:6", "2001:db8:1:200::/56"),
        ("2001:db8:1:200::1", "2001:db8:1:200::/56"),
        ("2001:db8:1:300::1", "2001:db8:1:300::/56"),
        (UNKNOWN, UNKNOWN),
    ],
)
def test_limits_count_an_ipv6_customer_as_one(address: str, prefix: str) -> None:
    assert client_prefix(address) == prefix
