"""Guests and their credentials."""

import hashlib
import hmac
import logging
import re
import secrets
from collections.abc import Mapping
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from identity.models import Guest, User
from identity.rules import Actor, GuestCredential
from identity.services.guessing import count_guess
from identity.signals import guest_became_user
from nonza.errors import CredentialRequired, Invalid

logger = logging.getLogger(__name__)

CREDENTIAL_BYTES = 32
IDEMPOTENCY_KEY = re.compile(r"[A-Za-z0-9_-]{22,128}")  # 22 base64 characters hold 128 bits


def check_idempotency_key(key: str) -> str:
    """Return the key, or "" for none; raises Invalid if it could be guessed."""
    if key and not IDEMPOTENCY_KEY.fullmatch(key):
        raise Invalid(_("An Idempotency-Key is 22 to 128 letters, digits, - or _ (128 random bits)."))
    return key


def shown_credential(credential: str, *, is_bearer: bool = False, ip: str = "") -> GuestCredential:
    """Return what was shown, and from which address, fit to be looked up."""
    return GuestCredential(hashed(credential), is_bearer, ip)


def new_credential(*, session_id: UUID, idempotency_key: str) -> str:
    """Return a guest's credential for this session, or the same one for the same key.

    With a key it is HMAC-SHA256(server secret, session + key): a retry gets it again.
    """
    if not idempotency_key:
        return secrets.token_hex(CREDENTIAL_BYTES)
    message = f"{session_id}:{idempotency_key}".encode()
    return hmac.new(_credential_secret(), message, hashlib.sha256).hexdigest()


def make_guest(credential: str) -> Guest:
    """Return a new guest, known by this credential alone."""
    return Guest.objects.create(credential_hash=hashed(credential))


def refuse_unknown_guest(actor: Actor) -> None:
    """Raise CredentialRequired if nobody is known but by a guest's credential that is nobody's.

    A bearer must be right in any case: it is a program's, while a cookie may be a browser's old memory.
    Wrong ones are counted by address like unknown codes (RateLimited).
    """
    shown = actor.guest
    if shown is None or (actor.user is not None and not shown.is_bearer):
        return
    if not Guest.objects.filter(credential_hash=shown.hash).exists():
        count_guess(shown.ip)
        raise CredentialRequired


def refuse_unknown_bearer(actor: Actor) -> None:
    """Do so for a bearer alone."""
    if actor.guest is not None and actor.guest.is_bearer:
        refuse_unknown_guest(actor)


def guest_cookie_name(scope: str) -> str:
    """Return the name of the cookie that holds a guest's credential for this scope (a session's slug)."""
    return f"{'__Host-' if settings.SECURE_SITE else ''}guest-{scope}"


def tell_of_guest_who_logged_in(*, user: User, cookies: Mapping[str, str]) -> None:
    """Send `guest_became_user` with the hashes of all guests' credentials that the browser holds.

    A receiver that fails must not keep anybody from logging in.
    """
    prefix = guest_cookie_name("")
    hashes = [hashed(credential) for name, credential in cookies.items() if name.startswith(prefix)]
    if not hashes:
        return
    for receiver, answer in guest_became_user.send_robust(sender=User, user=user, credential_hashes=hashes):
        if isinstance(answer, Exception):
            logger.error("%r failed for a guest who logged in", receiver, exc_info=answer)


def hashed(credential: str) -> str:
    """A credential has 256 random bits, so a plain digest cannot be searched."""
    return hashlib.sha256(credential.encode()).hexdigest()


def _credential_secret() -> bytes:
    return hashlib.sha256(b"guest credential:" + settings.SECRET_KEY.encode()).digest()
