"""What the frame of every page may need; nothing of it is looked up before a template asks."""

from contextlib import suppress
from functools import cache
from typing import Any

from django.apps import apps
from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from identity.models import User
from nonza.blur import model_address
from spaces.errors import SpaceNotFound
from spaces.models import Membership
from spaces.rules import can_moderate, channel_types_offered, is_owner
from spaces.services.members import members_of, membership_of
from spaces.services.sidebar import Sidebar, sidebar_of
from spaces.services.spaces import active_space_of

PEOPLE_SHOWN = 30


def shell(request: HttpRequest) -> dict[str, Any]:
    """Offer templates the sidebar of the active space, and the frame that a page of this person has.

    `page_frame` is the template to extend where a page stands in the space of who looks at it, or
    alone if there is none. Views that know their space put a `sidebar` of their own above this one.
    """
    sidebar = cache(lambda: _sidebar_of(request))
    return {
        "accounts": settings.ACCOUNTS,
        "sidebar": sidebar,
        "page_frame": lambda: "spaces/shell.html" if sidebar() else "base.html",
        "channel_types": channel_types_offered(),
        "shell_config": lambda: config(request),
    }


def active_membership_of(user: User) -> Membership | None:
    """Return a user's membership in their active space; None before they have any."""
    if user.active_space_id is not None:
        with suppress(SpaceNotFound):
            return membership_of(actor=user, space_id=user.active_space_id)
    space = active_space_of(user)
    return membership_of(actor=user, space_id=space.pk) if space else None


def rights_of(membership: Membership) -> dict[str, bool]:
    """Return what the member who looks may do, by name."""
    return {"moderates": can_moderate(membership), "owns": is_owner(membership)}


def here_of(sidebar: Sidebar) -> dict[str, Any]:
    """Return who is in the space now, as far as pages show them, and how many more there are."""
    people = members_of(sidebar.space).filter(user_id__in=sorted(sidebar.online)[:PEOPLE_SHOWN])
    return {"here": list(people), "here_more": max(0, sidebar.online_count - PEOPLE_SHOWN)}


def config(request: HttpRequest) -> dict[str, Any]:
    """Return what the scripts of the shell need to know."""
    user = request.user
    return {
        "language": (get_language() or settings.LANGUAGE_CODE)[:2],
        "csrf_cookie": settings.CSRF_COOKIE_NAME,
        "api": "/api/v1/",
        "user_id": str(user.pk) if isinstance(user, User) else None,
        "display_name": user.called if isinstance(user, User) else "",
        "media_available": bool(settings.LIVEKIT_API_SECRET),
        "blur_model": model_address(),
        "chat": apps.is_installed("chat"),
    }


def _sidebar_of(request: HttpRequest) -> Sidebar | None:
    user = getattr(request, "user", None)
    if not settings.ACCOUNTS or not isinstance(user, User):
        return None
    membership = active_membership_of(user)
    return sidebar_of(membership) if membership else None
