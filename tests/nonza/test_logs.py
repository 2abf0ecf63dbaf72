"""What never reaches a log."""

import io
import logging
from collections.abc import Callable, Iterator

import pytest
from django.conf import settings
from django.utils.module_loading import import_string

from sessions.livekit import join_token

Lines = Callable[[], list[str]]
JWT = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJjYW5hcnkifQ.c2lnbmF0dXJlLWNhbmFyeQ"
TICKET = "canary-Zk3_9aQ"


@pytest.fixture
def logger() -> Iterator[logging.Logger]:
    """A logger with the handler that production has, writing into memory."""
    configuration = settings.LOGGING["handlers"]["stderr"]
    handler = logging.StreamHandler(io.StringIO())
    for name in configuration["filters"]:
        handler.addFilter(import_string(settings.LOGGING["filters"][name]["()"])())
    handler.setFormatter(
        logging.Formatter(settings.LOGGING["formatters"][configuration["formatter"]]["format"])
    )
    logger = logging.getLogger("tests.logs")
    logger.addHandler(handler)
    logger.propagate = False
    yield logger
    logger.removeHandler(handler)
    logger.propagate = True


@pytest.fixture
def lines(logger: logging.Logger) -> Lines:
    stream = logger.handlers[0].stream  # type: ignore[attr-defined]
    return lambda: stream.getvalue().splitlines()


@pytest.mark.parametrize(
    "message",
    [
        f"GET /rtc?access_token={JWT}&x=1",
        f"GET /rtc?access_token=%7B{TICKET}&x=1",
        f"GET /ws/?ticket={TICKET}",
        f"GET /ws/?token={TICKET}&auto=1",
        f"Authorization: Bearer {TICKET}",
        f"authorization: bearer {JWT}",
        f'{{"type":"hello","ticket":"{TICKET}"}}',
        f'{{"token": "{TICKET}", "url": "ws://x"}}',
        f"{{'ticket': '{TICKET}'}}",
        JWT,
        JWT.rpartition(".")[0],
        f"TOKEN={TICKET}",
    ],
)
def test_secret_is_redacted(logger: logging.Logger, lines: Lines, message: str) -> None:
    logger.warning("Said %s", message)
    logger.warning(message)
    assert len(lines()) == 2
    for line in lines():
        assert "[redacted]" in line
        for canary in (TICKET, *JWT.split(".")):
            assert canary not in line


def test_real_join_token_is_redacted(logger: logging.Logger, lines: Lines) -> None:
    from uuid import uuid4  # noqa: PLC0415 -- leaf

    token, _expires_at = join_token(room=uuid4(), identity="a.b", name="Dana")
    logger.warning("connecting with %s", {"token": token})
    assert not any(part in lines()[0] for part in token.split("."))


@pytest.mark.parametrize(
    "attack",
    [
        "Dana\r\nINFO root: forged", "Dana\nforged", "Dana\rforged", "\x1b[2J\x1b[31mforged", "\x9b31mforged",
        "a\x00b", "a\x08\x08b", "a\x85b", "a\u2028b", "a\u2029b", "a\u202eb", "a\u2066b", "a\tb",
        "a\x0bb\x0cc\x1cd\x1ee",
    ],
)  # fmt: skip
def test_nobody_writes_a_line_of_their_own(logger: logging.Logger, lines: Lines, attack: str) -> None:
    logger.warning("Joined: %s", attack)
    assert len(lines()) == 1
    assert lines()[0].isprintable()
    assert lines()[0].startswith("WARNING tests.logs: Joined: ")


def test_ordinary_words_stay_as_they_are(logger: logging.Logger, lines: Lines) -> None:
    logger.warning("Дана 👩 joined %s (%d of %d); the ticket was used", "aaaa-bbbb-cccc", 1, 10)
    assert lines() == ["WARNING tests.logs: Дана 👩 joined aaaa-bbbb-cccc (1 of 10); the ticket was used"]


def test_traceback_keeps_its_lines_and_loses_its_secrets(logger: logging.Logger, lines: Lines) -> None:
    def fail() -> None:
        raise RuntimeError(f"refused ?access_token={JWT} \x1b[31m")

    try:
        fail()
    except RuntimeError:
        logger.exception("It failed")
    assert lines()[1] == "Traceback (most recent call last):"
    assert "RuntimeError" in lines()[-1]
    text = "\n".join(lines())
    assert JWT not in text
    assert "\x1b" not in text
    assert "[redacted]" in text


def test_every_handler_redacts() -> None:
    for handler in settings.LOGGING["handlers"].values():
        assert handler["filters"] == ["redact"]
    assert settings.LOGGING["root"]["handlers"] == ["stderr"]
