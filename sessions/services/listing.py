"""The sessions of a space, live ones first, page by page."""

import base64
import binascii
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import Q

from identity.models import User
from nonza.errors import Malformed
from sessions.models import Session, SessionQuerySet
from sessions.services.faces import cards_of
from spaces.errors import SpaceNotFound
from spaces.models import Membership
from spaces.services.members import membership_of
from spaces.services.spaces import active_space_of

# `active` stands before `ended`; then the newest first.
ORDER = ("status", "-created_at", "id")
PAGE, PAGE_AT_MOST = 50, 200


class Page(NamedTuple):
    """Some sessions as cards, and where the next ones begin."""

    cards: list[dict[str, Any]]
    next_cursor: str | None


def space_to_list(*, actor: User, space_id: UUID | None = None) -> Membership:
    """Return the actor's membership in a space, or in their active one; raises SpaceNotFound."""
    if space_id is None:
        active = active_space_of(actor)
        if active is None:
            raise SpaceNotFound
        space_id = active.pk
    return membership_of(actor=actor, space_id=space_id)


def sessions_of(membership: Membership) -> SessionQuerySet:
    """Return all sessions of the member's space: every member may know of every one."""
    return Session.objects.filter(space=membership.space_id)


def page_of(sessions: SessionQuerySet, *, cursor: str = "", limit: int = PAGE) -> Page:
    """Return the sessions after the cursor's, live ones first, then the newest; two or three queries.

    A cursor names the last session of the page before: nothing is skipped or shown twice by sessions that
    are made meanwhile. Raises Malformed for one that we never gave.
    """
    limit = max(1, min(limit, PAGE_AT_MOST))
    sessions = sessions.order_by(*ORDER)
    if cursor:
        sessions = sessions.filter(_after(cursor))
    rows = list(sessions[: limit + 1])
    following = _cursor_at(rows[limit - 1]) if len(rows) > limit else None
    return Page(cards_of(rows[:limit]), following)


def _after(cursor: str) -> Q:
    try:
        text = base64.urlsafe_b64decode(cursor.encode()).decode()
        status, moment, pk = text.split("|")
        told, session_id = datetime.fromisoformat(moment), UUID(pk)
        created_at = told.astimezone(UTC)
    except (ValueError, OverflowError, binascii.Error):
        raise Malformed from None
    if told.tzinfo is None or status not in Session.Status.values:
        raise Malformed
    older = Q(created_at__lt=created_at) | Q(created_at=created_at, pk__gt=session_id)
    return Q(status__gt=status) | (Q(status=status) & older)


def _cursor_at(session: Session) -> str:
    text = f"{session.status}|{session.created_at.isoformat()}|{session.pk}"
    return base64.urlsafe_b64encode(text.encode()).decode()
