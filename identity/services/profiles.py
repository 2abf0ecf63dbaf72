"""What people say of themselves."""

from typing import Any

from django.conf import settings
from django.db import transaction

from identity.models import User
from identity.serializers import ProfileSerializer
from identity.signals import profile_changed
from nonza.content_filter import filtered
from nonza.rate_limits import buckets, consume
from nonza.realtime import broadcast_on_commit, user_group


def change_profile(*, actor: User, fields: dict[str, Any]) -> User:
    """Change name, language or theme; what is absent stays.

    Raises MessageFiltered, and RateLimited: their spaces hear of it.
    """
    consume(*buckets(f"user:{actor.pk}", settings.RATES["user"]))
    if "display_name" in fields:
        fields = {**fields, "display_name": filtered(fields["display_name"])}
    with transaction.atomic():
        for name, value in fields.items():
            setattr(actor, name, value)
        actor.save(update_fields=[*fields, "updated_at"])
        tell_profile(actor)
        if "display_name" in fields:
            profile_changed.send(sender=User, user=actor)
    return actor


def tell_profile(user: User) -> None:
    """Tell a user's own pages."""
    broadcast_on_commit(user_group(user.pk), "profile.changed", ProfileSerializer(user).data)
