"""The sockets of a space's members, and of a user's own news."""

from typing import Any
from uuid import UUID

from django.conf import settings

from identity.client_ip import client_ip_of_scope, client_prefix
from identity.models import User
from identity.services.tickets import redeem_ticket
from nonza.errors import CredentialRequired
from nonza.realtime import membership_group, space_group, user_group
from nonza.realtime.batches import batched
from nonza.realtime.sockets import PushConsumer
from nonza.realtime.threads import in_database
from spaces.services.attendance import current_attendance
from spaces.services.members import are_members, members_of_tickets, note_seen
from spaces.services.presence import Socket, socket_of

# A space that comes back as a whole asks once.
_let_in = batched(in_database(members_of_tickets))
_note_seen = batched(in_database(note_seen))
_are_members = batched(in_database(are_members))


class UserSocket(PushConsumer):
    """A socket of somebody who has logged in."""

    def client_prefix(self) -> str:
        """Count sockets by address."""
        return client_prefix(client_ip_of_scope(self.scope))

    def seats_at_most(self) -> int:
        """A user may have more pages open than a participant has calls."""
        return int(settings.SOCKETS_PER_USER)

    def _user(self, ticket: str) -> User:
        user = redeem_ticket(ticket=ticket, path=self.scope["path"]).user
        if user is None:
            raise CredentialRequired
        return user


class SpaceConsumer(UserSocket):
    """Pushes what happens in a space to its members; they are online as long as they have it open."""

    kind = "space"
    audience = "space"
    membership_id: UUID
    login_stamp: str
    presence: Socket | None = None

    async def enter(self, hello: dict[str, Any]) -> tuple[str, list[str], dict[str, Any]]:
        """Let in whoever the ticket names, if they are a member."""
        space_id = self.scope["url_route"]["kwargs"]["space_id"]
        membership = await _let_in((hello["ticket"], self.scope["path"], space_id))
        self.membership_id, self.space_id = membership.pk, membership.space_id
        self.audience_key = membership.space_id
        self.login_stamp = membership.user.login_stamp
        self._socket = socket_of(membership.user, self._socket_id)
        groups = [space_group(membership.space_id), membership_group(membership.pk)]
        payload = {"space_id": str(membership.space_id), "user_id": str(membership.user_id)}
        return str(membership.pk), groups, payload

    async def entered(self) -> None:
        """Be online from now on."""
        self.presence = self._socket
        await current_attendance().come(self.space_id, self.presence)

    async def left(self) -> None:
        """Be online no more, unless by another page."""
        if self.presence is not None:
            await current_attendance().go(self.space_id, self.presence.socket_id)
            await _note_seen(self.membership_id)

    async def may_stay(self) -> bool:
        """Look whether they are still a member, and may still log in."""
        return await _are_members((self.membership_id, self.login_stamp))


class UserConsumer(UserSocket):
    """Pushes a user's own news to all pages that they have open."""

    kind = "user"
    user_id: UUID
    login_stamp: str

    async def enter(self, hello: dict[str, Any]) -> tuple[str, list[str], dict[str, Any]]:
        """Let in whoever the ticket names."""
        user = await in_database(self._user)(hello["ticket"])
        self.user_id, self.login_stamp = user.pk, user.login_stamp
        return str(user.pk), [user_group(user.pk)], {"user_id": str(user.pk)}

    async def may_stay(self) -> bool:
        """Look whether they may still log in."""
        return await in_database(_is_active)(self.user_id, self.login_stamp)


def _is_active(user_id: UUID, login_stamp: str) -> bool:
    return User.objects.filter(pk=user_id, is_active=True, login_stamp=login_stamp).exists()
