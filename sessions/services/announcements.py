"""What happens in a session, told to the apps that write it down (chat does)."""

import logging
from typing import Any

from django.db import transaction

from sessions.models import Participant, Session
from sessions.signals import announced

logger = logging.getLogger(__name__)

JOINED, LEFT, REMOVED = "participant.joined", "participant.left", "participant.removed"
HOST_CHANGED = "host.changed"
LOCKED, UNLOCKED, ENDED = "session.locked", "session.unlocked", "session.ended"


def announce(*, session: Session, code: str, params: dict[str, Any]) -> None:
    """Say on commit what has happened; whoever listens may fail without harm to what happened.

    `params` are plain values: `display_name` and `participant_id` of whom it is about, `by` (a name).
    """

    def tell() -> None:
        for receiver, answer in announced.send_robust(Session, session=session, code=code, params=params):
            if isinstance(answer, Exception):
                logger.warning("%r did not write down %s", receiver, code)

    transaction.on_commit(tell, robust=True)


def announce_person(participant: Participant, code: str) -> None:
    """Say it of somebody."""
    params = {"display_name": participant.display_name, "participant_id": str(participant.pk)}
    announce(session=participant.session, code=code, params=params)
