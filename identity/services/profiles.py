"""What people say of themselves."""

from typing import Any

from django.db import transaction

from identity.models import User
from identity.serializers import ProfileSerializer
from nonza.realtime import broadcast_on_commit, user_group


def change_profile(*, actor: User, fields: dict[str, Any]) -> User:
    """Change name, language or theme; what is absent stays."""
    with transaction.atomic():
        for name, value in fields.items():
            setattr(actor, name, value)
        actor.save(update_fields=[*fields, "updated_at"])
        tell_profile(actor)
    return actor


def tell_profile(user: User) -> None:
    """Tell a user's own pages."""
    broadcast_on_commit(user_group(user.pk), "profile.changed", ProfileSerializer(user).data)
