"""What the chat of a session does about news of the session: writes it down, counts, and forgets.

Nothing of it may keep the session waiting, or fail it: Redis may be away.
"""

import logging
import uuid
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from redis.exceptions import RedisError

from chat.errors import ChatUnavailable
from chat.models import SessionTally
from chat.services import session_store as store
from chat.services.session_chat import announce
from nonza.redis_breaker import breaker
from sessions.models import Session

logger = logging.getLogger(__name__)


def write_down(*, session_id: UUID, code: str, params: dict[str, Any]) -> None:
    """Write as the system what has happened; once Redis is back if it is away."""
    once = uuid.uuid4().hex

    def write() -> None:
        announce(session_id=session_id, code=code, params=params, once=once)

    try:
        write()
    except ChatUnavailable:
        if breaker.is_open:
            breaker.later(f"announcement {once}", lambda: _try(write))


def count_in_the_end(session: Session) -> None:
    """Keep how much was written in a session that has ended, once that has committed."""
    session_id = session.pk
    transaction.on_commit(lambda: _tally(session_id), robust=True)


def messages_of(session: Session) -> dict[str, Any]:
    """Return how many messages people have written; nothing where nobody knows."""
    if session.status == Session.Status.ENDED:
        tally = SessionTally.objects.filter(session=session).values_list("messages", flat=True).first()
        if tally is not None:
            return {"messages": tally}
    try:
        return {"messages": store.count(session.pk)}
    except RedisError as error:
        logger.info("Messages were not counted: %s", error)
        return {}


def forget_on_commit(session_ids: Iterable[UUID]) -> None:
    """Let nothing be left of what was written in sessions that are deleted."""
    gone = list(session_ids)
    transaction.on_commit(lambda: _forget(gone), robust=True)


def _tally(session_id: UUID) -> None:
    try:
        messages = store.count(session_id)
    except RedisError:
        if breaker.is_open:
            breaker.later(f"tally {session_id}", lambda: _tally_alone(session_id))
        return
    # Not if the session was deleted in the same breath.
    if Session.objects.filter(pk=session_id).exists():
        SessionTally.objects.update_or_create(session_id=session_id, defaults={"messages": messages})


def _tally_alone(session_id: UUID) -> None:
    """Do it in a thread that ends and leaves no connection open."""
    try:
        _tally(session_id)
    except DatabaseError as error:
        logger.warning("The messages of %s were not counted: %s", session_id, error)
    finally:
        connection.close()


def _forget(session_ids: list[UUID]) -> None:
    try:
        store.forget(session_ids)
    except RedisError:
        if breaker.is_open:
            breaker.later(f"chats of {session_ids[0]}", lambda: store.forget(session_ids))


def _try(write: Any) -> None:
    try:
        write()
    except ChatUnavailable as error:
        logger.warning("An announcement was not written down: %s", error)
