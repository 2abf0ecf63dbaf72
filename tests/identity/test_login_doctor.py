"""The doctor says how people can log in, and what keeps them from it."""

import socketserver
import threading
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as plain

from identity.doctor import look_at_logins
from nonza.run.ports import free_port
from tests.oidc_server import OidcServer


def told() -> dict[str, str]:
    return {finding.code: str(finding.verdict) for finding in look_at_logins()}


class _Mail(socketserver.StreamRequestHandler):
    """As much of SMTP as a greeting takes; it knows one password."""

    def handle(self) -> None:
        self.wfile.write(b"220 mail.test\r\n")
        for line in self.rfile:
            word = line.split()[0].upper()
            if word == b"EHLO":
                self.wfile.write(b"250-mail.test\r\n250 AUTH PLAIN\r\n")
            elif word == b"AUTH":
                right = b"AG1lAHJpZ2h0" in line  # \0me\0right
                self.wfile.write(b"235 ok\r\n" if right else b"535 no\r\n")
            else:
                self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")


@pytest.fixture
def mail(settings: Any) -> Iterator[None]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mail) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.server_address[1]
        settings.EMAIL_HOST_USER = "me"
        settings.GOOGLE_LOGIN = False
        yield
        server.shutdown()


@pytest.mark.parametrize(
    ("password", "found"),
    [("right", {"login.mail": "fine"}), ("wrong", {"login.mail_refused": "broken"})],
)
def test_mail_server_is_tried(mail: None, settings: Any, password: str, found: dict[str, str]) -> None:
    settings.EMAIL_HOST_PASSWORD = password
    assert told() == found


def test_mail_server_that_is_away_is_told(mail: None, settings: Any) -> None:
    settings.EMAIL_PORT = free_port()
    assert told() == {"login.no_mail": "broken"}


def test_google_that_cannot_be_reached_is_told(settings: Any) -> None:
    settings.EMAIL_LOGIN = False
    assert told() == {"login.no_google": "broken"}
    with OidcServer(urlsplit(plain.GOOGLE_URL).port or 0):
        assert told() == {"login.google": "fine"}


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({"ACCOUNTS": False}, {"login.off": "fine"}),
        ({"GOOGLE_LOGIN": False, "EMAIL_LOGIN": False}, {"login.none": "warning"}),
        ({"GOOGLE_LOGIN": False, "LOGIN_CODE_ON_PAGE": True}, {"login.code_on_page": "fine"}),
    ],
)
def test_settings_that_need_no_server_are_told(
    settings: Any, values: dict[str, bool], found: dict[str, str]
) -> None:
    for name, value in values.items():
        setattr(settings, name, value)
    assert told() == found
