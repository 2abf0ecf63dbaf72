"""Personal API tokens: a user's keys for programs."""

import secrets
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from identity.errors import TokenNotFound, TooManyTokens
from identity.models import ApiToken, User
from identity.services.guessing import count_guess
from identity.services.guests import CREDENTIAL_BYTES, hashed
from nonza.errors import CredentialRequired

PREFIX = "nzp_"
TOKENS_AT_MOST = 20
NOTED_EVERY = timedelta(minutes=1)  # a row that is written with every request would be a bottleneck


def create_token(
    *, actor: User, name: str, scopes: list[str], expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """Return a new token and its key, which nobody can show again; raises TooManyTokens."""
    key = PREFIX + secrets.token_urlsafe(CREDENTIAL_BYTES)
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=actor.pk)  # two at once are counted one by one
        if ApiToken.objects.filter(user=actor).valid(timezone.now()).count() >= TOKENS_AT_MOST:
            raise TooManyTokens
        token = ApiToken.objects.create(
            user=actor,
            name=name,
            scopes=sorted(set(scopes)),
            expires_at=expires_at,
            token_hash=hashed(key),
            ending=key[-4:],
        )
    return token, key


def revoke_token(*, actor: User, token_id: UUID) -> None:
    """Make a token void at once; raises TokenNotFound."""
    tokens = ApiToken.objects.filter(user=actor, pk=token_id, revoked_at=None)
    if not tokens.update(revoked_at=timezone.now(), updated_at=timezone.now()):
        raise TokenNotFound


def token_of_key(key: str, *, ip: str) -> ApiToken:
    """Return the token of a key, with its user; raises CredentialRequired, or RateLimited for guessing."""
    now = timezone.now()
    token = ApiToken.objects.valid(now).filter(token_hash=hashed(key)).select_related("user").first()
    if token is None:
        count_guess(ip)
        raise CredentialRequired
    if token.last_used_at is None or token.last_used_at <= now - NOTED_EVERY:
        unnoted = Q(last_used_at=None) | Q(last_used_at__lte=now - NOTED_EVERY)
        ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)
    return token
