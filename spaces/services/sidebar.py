"""What stands beside every page of a space."""

import logging
from dataclasses import dataclass, field
from typing import Any

from spaces.models import Channel, Membership, Space
from spaces.services.channels import channels_of
from spaces.services.notifications import unread_count
from spaces.services.presence import online_in
from spaces.services.spaces import spaces_of
from spaces.signals import sidebar_assembling

logger = logging.getLogger(__name__)


@dataclass
class Sidebar:
    """A space as one member's sidebar shows it; people and sessions are plain values (docs/events.md)."""

    space: Space
    membership: Membership
    spaces: list[Space]
    channels: list[Channel]
    members_count: int
    unread: int
    online: set[str]
    faces: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    live: list[dict[str, Any]] = field(default_factory=list)
    where: dict[str, str] = field(default_factory=dict)
    written: dict[str, dict[str, Any]] = field(default_factory=dict)  # what is unread in text channels

    @property
    def online_count(self) -> int:
        """How many members are online."""
        return len(self.online)


def sidebar_of(membership: Membership) -> Sidebar:
    """Collect a member's sidebar, of this app and those above; what fails there is logged and left out."""
    space, user = membership.space, membership.user
    sidebar = Sidebar(
        space=space,
        membership=membership,
        spaces=[other.space for other in spaces_of(user)],
        channels=list(channels_of(space)),
        members_count=Membership.objects.filter(space=space).count(),
        unread=unread_count(user),
        # Whoever looks at the page is here, before their socket says so and while an old one lingers.
        online=online_in(space.pk) | {str(user.pk)},
    )
    for receiver, answer in sidebar_assembling.send_robust(Space, space=space, user=user):
        if not isinstance(answer, dict):
            logger.error("%r answered no sidebar: %r", receiver, answer)
            continue
        sidebar.faces |= {str(channel): people for channel, people in answer.get("faces", {}).items()}
        sidebar.live += answer.get("live", [])
        sidebar.where |= {str(user_id): place for user_id, place in answer.get("where", {}).items()}
        sidebar.written |= {str(channel): marks for channel, marks in answer.get("unread", {}).items()}
    return sidebar
