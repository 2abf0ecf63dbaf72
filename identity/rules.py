"""Who is asking."""

from dataclasses import dataclass
from typing import NamedTuple, cast
from urllib.parse import urlsplit

from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.urls import resolve
from django.utils.http import url_has_allowed_host_and_scheme
from rest_framework.request import Request

from identity.models import User
from nonza.errors import CredentialRequired


class GuestCredential(NamedTuple):
    """A guest's credential as it was shown, by its hash; whether it is anybody's, the database knows.

    It is looked up together with the participant it belongs to, so that no request pays for it twice.
    """

    hash: str
    is_bearer: bool = False
    ip: str = ""


@dataclass(frozen=True)
class Actor:
    """Whoever acts: a user, a guest of one session, both (who logged in as a guest), or nobody known."""

    user: User | None = None
    guest: GuestCredential | None = None

    @property
    def is_known(self) -> bool:
        """Say whether any credential was shown."""
        return self.user is not None or self.guest is not None

    @property
    def key(self) -> str:
        """What this actor's requests are counted by."""
        if self.user is not None:
            return str(self.user.pk)
        return self.guest.hash if self.guest else ""


NOBODY = Actor()


def current_actor(request: Request) -> Actor:
    """Return who sent the request."""
    return Actor(user=_user_or_none(request.user), guest=cast("GuestCredential | None", request.auth))


def current_user(request: Request) -> User:
    """Return the logged-in user; raises CredentialRequired for anybody else."""
    user = _user_or_none(request.user)
    if user is None:
        raise CredentialRequired
    return user


def is_own_page(address: str | None) -> bool:
    """Say whether the address is a path of this site that leads somewhere: only then one is sent there."""
    if not address or not address.startswith("/") or not url_has_allowed_host_and_scheme(address, None):
        return False
    try:
        match = resolve(urlsplit(address).path)
    except Http404:
        return False
    return match.url_name != "account_logout"


def _user_or_none(user: User | AnonymousUser) -> User | None:
    return user if isinstance(user, User) else None
