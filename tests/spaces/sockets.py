"""Sockets of spaces and of users, spoken to in JSON."""

from typing import Any

from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator

from nonza.asgi import application
from tests.helpers import Person

ORIGIN = (b"origin", b"http://localhost:8000")
SECONDS = 10


class Socket:
    """A browser's socket."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.wire = WebsocketCommunicator(application, path, headers=[ORIGIN])

    async def open(self, person: Person, ticket: str | None = None) -> "Socket":
        connected, _ = await self.wire.connect()
        assert connected
        ticket = ticket or await ticket_for(person, self.path)
        await self.wire.send_json_to({"type": "hello", "ticket": ticket})
        return self

    async def hears(self) -> dict[str, Any]:
        return dict(await self.wire.receive_json_from(timeout=SECONDS))

    async def hears_of(self, event: str) -> Any:
        """Return the payload of the next push of this name; others may come before it."""
        while (heard := await self.hears())["event"] != event:
            pass
        return heard["payload"]

    async def hears_both(self, *wanted: tuple[str, dict[str, Any]]) -> None:
        """Wait for pushes of these names whose payloads hold this, in whatever order they come."""
        missing = list(wanted)
        while missing:
            push = await self.hears()
            missing = [
                (event, part)
                for event, part in missing
                if event != push["event"] or not part.items() <= push["payload"].items()
            ]

    async def closed_with(self) -> int:
        while (output := await self.wire.receive_output(timeout=SECONDS))["type"] != "websocket.close":
            pass
        return int(output["code"])

    async def goes(self) -> None:
        await self.wire.disconnect()


async def ticket_for(person: Person, path: str) -> str:
    answer = await sync_to_async(person.post)("tickets/", {"path": path})
    assert answer.status_code == 201, answer.content
    return str(answer.json()["ticket"])
