"""The environment, read once: every `NONZA_…` variable as a typed field."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, FilePath, SecretStr, ValidationError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent

STATE = Path(os.environ.get("NONZA_STATE_DIR") or ROOT / ".nonza")
# What `make run` made for this machine, where it serves just now, and what the operator says.
_ENV_FILES = (
    STATE / "embedded.env",
    STATE / "running.env",
    Path(os.environ.get("NONZA_ENV_FILE") or ROOT / ".env"),
)
_PERIODS = {"s": 1, "min": 60, "h": 3600}
_MAIL_PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}
_ORIGIN = re.compile(
    r"(?P<scheme>https?)://(?P<host>[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?P<port>:\d{1,5})?/?"
)


@dataclass(frozen=True)
class Rate:
    """A token bucket: `amount` tokens at most, refilled evenly over `seconds`."""

    amount: int
    seconds: int


class MailServer(NamedTuple):
    """Where letters are handed in."""

    host: str
    port: int
    user: str
    password: str
    starttls: bool
    tls: bool


def _words(value: object) -> object:
    """Split `a, b` into a list; pydantic would expect JSON."""
    if isinstance(value, str):
        return [word for word in re.split(r"[\s,]+", value) if word]
    return value


def _rates(value: object) -> object:
    """Parse `10/min, 60/h` or `3/5min` into rates."""
    if not isinstance(value, str):
        return value
    rates = []
    for word in re.split(r"[\s,]+", value.strip()):
        match = re.fullmatch(r"([1-9]\d*)/([1-9]\d*)?(s|min|h)", word)
        if match is None:
            message = f"{word!r} is not a rate; write it like 10/min, 3/5min or 60/h"
            raise ValueError(message)
        rates.append(Rate(int(match[1]), int(match[2] or 1) * _PERIODS[match[3]]))
    return tuple(rates)


def _origin(value: str) -> str:
    """Return the origin as a browser writes it: in small letters, without the scheme's own port."""
    match = _ORIGIN.fullmatch(value.lower())
    if match is None:
        message = f"{value!r} is not an origin; write it like https://example.org"
        raise ValueError(message)
    own_port = {"http": ":80", "https": ":443"}[match["scheme"]]
    port = "" if match["port"] in {None, own_port} else match["port"]
    return f"{match['scheme']}://{match['host']}{port}"


def _exact_origins(values: list[str]) -> list[str]:
    return [_origin(value) for value in values]


def _address(*schemes: str) -> AfterValidator:
    def check(value: str) -> str:
        if value and urlsplit(value).scheme not in schemes:
            message = f"must be an address that begins with {' or '.join(f'{word}://' for word in schemes)}"
            raise ValueError(message)
        return value

    return AfterValidator(check)


def _mail_address(value: SecretStr) -> SecretStr:
    parts = urlsplit(value.get_secret_value())
    if value.get_secret_value() and (parts.scheme not in _MAIL_PORTS or not parts.hostname):
        message = f"must be an address that begins with {' or '.join(f'{word}://' for word in _MAIL_PORTS)}"
        raise ValueError(message)
    return value


# What systems run when it is opened, and scripts of theirs.
_PROGRAMS = (
    *("exe", "com", "scr", "pif", "cpl", "msi", "msix", "appx", "bat", "cmd", "ps1", "vbs", "vbe", "wsf"),
    *("wsh", "hta", "lnk", "reg", "jar", "apk", "app", "dmg", "pkg"),
)

Rates = Annotated[tuple[Rate, ...], NoDecode, BeforeValidator(_rates)]
Words = Annotated[list[str], NoDecode, BeforeValidator(_words)]


class Env(BaseSettings):
    """What an operator may set; `.env.example` explains each variable."""

    model_config = SettingsConfigDict(
        env_prefix="NONZA_",
        env_file=_ENV_FILES,
        env_ignore_empty=True,
        extra="ignore",
    )

    secret_key: SecretStr = SecretStr("")
    base_url: Annotated[str, AfterValidator(_origin)] = "http://localhost:8000"
    allowed_hosts: Words = Field(default_factory=list)
    debug: bool = False
    trusted_proxies: int = Field(default=0, ge=0, le=8)

    database_url: Annotated[str, _address("sqlite", "postgres", "postgresql")] = (
        f"sqlite:///{STATE / 'db.sqlite3'}"
    )
    redis_url: Annotated[str, _address("redis", "rediss", "unix")] = "redis://127.0.0.1:6379/0"

    livekit_url: Annotated[str, _address("http", "https", "ws", "wss")] = "http://127.0.0.1:7880"
    livekit_public_url: Annotated[str, _address("http", "https", "ws", "wss")] = ""
    livekit_api_key: str = "nonza"
    livekit_api_secret: SecretStr = SecretStr("")
    livekit_bin: str = ""

    cors_origins: Annotated[Words, AfterValidator(_exact_origins)] = Field(default_factory=list)
    anonymous_sessions: bool = True
    content_filter: Words = Field(default_factory=list)
    content_filter_mode: Literal["mask", "refuse"] = "mask"

    accounts: bool = True
    chat: bool = True
    google_client_id: str = ""
    google_client_secret: SecretStr = SecretStr("")
    google_url: Annotated[str, _address("http", "https")] = ""
    email_url: Annotated[SecretStr, AfterValidator(_mail_address)] = SecretStr("")
    email_from: str = "Nonza <nonza@localhost>"
    storage_url: Annotated[str, _address("file")] = ""

    blur_model: FilePath | None = None

    max_participants: int = Field(default=10, ge=1, le=200)
    max_session_hours: int = Field(default=0, ge=0)
    empty_session_minutes: int = Field(default=15, ge=1)
    abandoned_session_hours: int = Field(default=6, ge=1)
    empty_channel_seconds: int = Field(default=60, ge=1)
    empty_space_session_hours: int = Field(default=24, ge=1)
    session_retention_days: int = Field(default=30, ge=1)
    client_data_retention_days: int = Field(default=30, ge=1)
    spaces_per_user: int = Field(default=100, ge=1)
    invitations_per_space: int = Field(default=1000, ge=1)
    channels_per_space: int = Field(default=200, ge=1)
    attachment_refused: Words = Field(default_factory=lambda: list(_PROGRAMS))
    attachment_max_mb: int = Field(default=25, ge=1, le=2048)
    notification_retention_days: int = Field(default=90, ge=1)
    join_token_seconds: int = Field(default=90, ge=60, le=120)

    rate_create_guest: Rates = (Rate(10, 60), Rate(60, 3600))
    rate_create_user: Rates = (Rate(60, 3600),)
    rate_join_ip: Rates = (Rate(120, 60),)
    rate_join_session: Rates = (Rate(300, 60),)
    rate_token_participant: Rates = (Rate(12, 60),)
    rate_session_participant: Rates = (Rate(600, 60),)
    rate_session: Rates = (Rate(6000, 60),)
    rate_unknown_ip: Rates = (Rate(20, 60),)
    rate_user: Rates = (Rate(600, 60),)
    rate_create_space: Rates = (Rate(20, 3600),)
    rate_create_invitation: Rates = (Rate(100, 3600),)
    rate_create_channel: Rates = (Rate(100, 3600),)
    rate_report: Rates = (Rate(20, 3600),)
    rate_login_code: Rates = (Rate(5, 900),)
    rate_upload: Rates = (Rate(20, 3600),)
    rate_message_person: Rates = (Rate(10, 2), Rate(60, 60))
    rate_message_place: Rates = (Rate(600, 60),)
    rate_message_ip: Rates = (Rate(3000, 60),)
    rate_search: Rates = (Rate(120, 60),)
    rate_typing: Rates = (Rate(1, 2),)
    sockets_per_participant: int = Field(default=3, ge=1)
    sockets_per_user: int = Field(default=10, ge=1)
    sockets_per_ip: int = Field(default=50, ge=1)
    drain_seconds: int = Field(default=10, ge=0, le=60)

    def livekit_http_url(self) -> str:
        """The address of LiveKit's API; a ws(s) address is the same server."""
        return re.sub(r"^ws", "http", self.livekit_url)

    def media_addresses(self) -> tuple[str, str]:
        """The (http, ws) addresses at which browsers reach LiveKit."""
        parts = urlsplit(self.livekit_public_url or self.livekit_url)
        secure = parts.scheme in {"https", "wss"}
        rest = f"{parts.netloc}{parts.path.rstrip('/')}"
        return f"{'https' if secure else 'http'}://{rest}", f"{'wss' if secure else 'ws'}://{rest}"

    def has_google(self) -> bool:
        """Say whether people can log in with Google."""
        return bool(self.google_client_id and self.google_client_secret.get_secret_value())

    def google_provider(self) -> dict[str, Any]:
        """Return what allauth has to know of Google: our client, and where it is if it is elsewhere."""
        provider: dict[str, Any] = {}
        if self.has_google():
            secret = self.google_client_secret.get_secret_value()
            provider["APPS"] = [{"client_id": self.google_client_id, "secret": secret}]
        if server := self.google_url.rstrip("/"):
            provider |= {
                "AUTHORIZE_URL": f"{server}/authorize",
                "ACCESS_TOKEN_URL": f"{server}/token",
                "CERTS_URL": f"{server}/certs",
                "IDENTITY_URL": f"{server}/userinfo",
                "ID_TOKEN_ISSUER": server,
            }
        return provider

    def mail_server(self) -> MailServer:
        """Return the server that sends letters; without one, `host` is empty."""
        parts = urlsplit(self.email_url.get_secret_value())
        return MailServer(
            host=parts.hostname or "",
            port=parts.port or _MAIL_PORTS.get(parts.scheme, 0),
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            starttls=parts.scheme == "smtp+tls",
            tls=parts.scheme == "smtps",
        )

    def storage_folder(self) -> Path:
        """Return where pictures that people upload are kept."""
        return Path(unquote(urlsplit(self.storage_url).path) or STATE / "media")

    def media_origins(self) -> list[str]:
        """The same without a path: in a CSP, a path would allow this one address and none below it."""
        return ["://".join(urlsplit(address)[:2]) for address in self.media_addresses()]


class BadEnvironment(Exception):
    """The environment cannot be used; the message names every bad variable, and no secret."""


def read_env(**overrides: Any) -> Env:
    """Read the environment; raises BadEnvironment naming every bad variable at once."""
    try:
        return Env(**overrides)
    except ValidationError as error:
        faults = [f"NONZA_{str(fault['loc'][0]).upper()}: {fault['msg']}" for fault in error.errors()]
        raise BadEnvironment("\n".join(["these variables cannot be used:", *faults])) from None


env = read_env()
