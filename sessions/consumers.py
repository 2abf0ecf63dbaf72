"""The socket of the people in a session."""

import asyncio
import time
from typing import Any
from uuid import UUID

from identity.client_ip import client_ip_of_scope, client_prefix
from identity.rules import Actor
from identity.services.tickets import redeem_ticket
from nonza.errors import NotAllowed
from nonza.realtime import participant_group, session_group
from nonza.realtime.sockets import PushConsumer
from nonza.realtime.threads import in_database
from sessions.models import Participant
from sessions.rules import can_listen
from sessions.services.participants import note_heartbeat
from sessions.services.standing import participant_of

FLIP_SECONDS = 0.5
SPEECH_SECONDS = 10


class SessionConsumer(PushConsumer):
    """Pushes what happens in a session to those admitted to it."""

    kind = "session"
    audience = "session"
    participant_id: UUID

    async def enter(self, hello: dict[str, Any]) -> tuple[str, list[str], dict[str, Any]]:
        """Let in whoever the ticket names, if they are admitted."""
        participant = await in_database(self._participant)(hello["ticket"])
        self.participant_id = participant.pk
        self.audience_key = participant.session_id
        self.start_listening()
        groups = [session_group(participant.session_id), participant_group(participant.pk)]
        return str(participant.pk), groups, {"participant_id": str(participant.pk)}

    def start_listening(self) -> None:
        """Know nothing of the person's microphone and speech yet."""
        self._heard_at = time.monotonic()
        self._noted_at = float("-inf")
        self._microphone_on: bool | None = None
        self._spoken_ms = 0

    async def may_stay(self) -> bool:
        """Look whether they are still admitted."""
        return can_listen(await in_database(_by_id)(self.participant_id))

    async def heartbeat(self, frame: dict[str, Any]) -> None:
        """Take what one's own page says: is the microphone on, and for how long did one speak.

        However often it says so, little is written: speech is gathered, and who flips the microphone
        faster than others could follow waits.
        """
        is_on, spoken = frame.get("microphone_on"), frame.get("spoken_ms")
        now = time.monotonic()
        at_most = int((now - self._heard_at) * 1000)
        self._heard_at = now
        # `True` is an int in Python; nobody has spoken longer than since the last heartbeat.
        self._spoken_ms += max(0, min(spoken, at_most)) if type(spoken) is int else 0
        if isinstance(is_on, bool) and is_on != self._microphone_on:
            await asyncio.sleep(self._noted_at + FLIP_SECONDS - now)
            await self._note(is_on)
        elif self._spoken_ms and now >= self._noted_at + SPEECH_SECONDS:
            await self._note(None)

    async def _note(self, is_on: bool | None) -> None:  # noqa: FBT001 -- None: as it was
        self._noted_at = time.monotonic()
        self._microphone_on = self._microphone_on if is_on is None else is_on
        spoken, self._spoken_ms = self._spoken_ms, 0
        await in_database(note_heartbeat)(
            participant_id=self.participant_id, microphone_on=is_on, spoken_ms=spoken
        )

    def client_prefix(self) -> str:
        """Count sockets by address."""
        return client_prefix(client_ip_of_scope(self.scope))

    def _participant(self, ticket: str) -> Participant:
        actor: Actor = redeem_ticket(ticket=ticket, path=self.scope["path"])
        slug = self.scope["url_route"]["kwargs"]["slug"]
        participant = participant_of(slug=slug, actor=actor)
        if participant is None or not can_listen(participant):
            raise NotAllowed
        return participant


def _by_id(participant_id: UUID) -> Participant | None:
    return Participant.objects.filter(pk=participant_id).first()
