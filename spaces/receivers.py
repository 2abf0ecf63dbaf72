"""News of people, from the app below."""

from typing import Any

from identity.models import User
from nonza.realtime import NOT_ALLOWED, SIGN_IN
from spaces.services.members import show_anew, silence


def on_user_disabled(user: User, **_more: Any) -> None:
    """Who may log in no more hears nothing more."""
    silence(user, NOT_ALLOWED)


def on_logged_out_everywhere(user: User, **_more: Any) -> None:
    """Pages that are still open somewhere hear nothing more."""
    silence(user, SIGN_IN)


def on_profile_changed(user: User, **_more: Any) -> None:
    """Others see the new name and picture."""
    show_anew(user)
