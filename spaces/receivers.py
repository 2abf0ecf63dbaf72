"""News of people, from the app below."""

from typing import Any

from identity.models import User
from spaces.services.members import silence


def on_user_disabled(user: User, **_more: Any) -> None:
    """Who may log in no more hears nothing more."""
    silence(user)
