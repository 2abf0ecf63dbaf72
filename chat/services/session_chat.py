"""The chat of a session: who may read and write what, by their row at that moment."""

import uuid
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from chat.errors import ChatClosed, EditTooLate, MessageNotFound, NotAuthor
from chat.rules import EDITABLE_FOR
from chat.serializers import author_shape, message_shape, quote_shape
from chat.services import session_store as store
from chat.services.limits import limit_message, limit_typing
from chat.services.session_store import Edge, Message, Page
from chat.services.text import checked_text
from nonza.content_filter import filtered
from nonza.realtime import broadcast_passing_on_commit, session_group
from sessions.models import Participant, Session
from sessions.rules import can_listen
from sessions.services.standing import Standing
from spaces.services.filtering import rules_of

State = Participant.State
_SHUT_OUT = {State.REMOVED, State.BANNED, State.DENIED}


def can_write(participant: Participant) -> bool:
    """Say whether they may write: whoever is admitted, until the session ends."""
    return can_listen(participant) and participant.session.status == Session.Status.ACTIVE


def can_read(participant: Participant) -> bool:
    """Say whether they may read: whoever is admitted, and after the end whoever was in and not put out."""
    if participant.session.status == Session.Status.ACTIVE:
        return can_listen(participant)
    return participant.joined_at is not None and participant.state not in _SHUT_OUT


def read_messages(*, participant: Participant, limit: int, edge: Edge) -> Page:
    """Return some messages; raises ChatClosed, ChatUnavailable."""
    if not can_read(participant):
        raise ChatClosed
    return store.page(participant.session_id, limit=limit, edge=edge)


def send_message(
    *, participant: Participant, client_id: UUID, text: str, reply_to: UUID | None = None
) -> tuple[Message, bool]:
    """Write in a session; return the message, and whether it is new: what is sent twice is kept once.

    Raises ChatClosed, Invalid, MessageFiltered, MessageNotFound (what it answers), RateLimited,
    ChatUnavailable.
    """
    session = participant.session
    _be_let_write(participant)
    text = _text_for(session, text)
    answered = _found(session, reply_to) if reply_to else None
    message = message_shape(
        id=str(uuid.uuid4()),
        client_id=str(client_id),
        author=_author(participant),
        text=text,
        reply_to=_quote(answered) if answered else None,
        created_at=timezone.now(),
    )
    return store.append(session.pk, message=message, once=f"{participant.pk}:{client_id}")


def edit_message(*, participant: Participant, message_id: UUID, text: str) -> Message:
    """Change one's own message, for 24 hours.

    Raises ChatClosed, MessageNotFound, NotAuthor, EditTooLate, Invalid, MessageFiltered, RateLimited,
    ChatUnavailable.
    """
    session = participant.session
    _be_let_write(participant)
    message = _found(session, message_id)
    if message["deleted_at"] is not None:
        raise MessageNotFound
    if not _is_author(participant, message):
        raise NotAuthor
    now = timezone.now()
    if now - datetime.fromisoformat(message["created_at"]) > EDITABLE_FOR:
        raise EditTooLate
    text = _text_for(session, text)
    if text == message["text"]:
        return message
    edited = store.edit(session.pk, message_id, text=text, at=now)
    if edited is None:
        raise MessageNotFound
    return edited


def delete_message(*, standing: Standing, message_id: UUID) -> None:
    """Delete a message: one's own, or as a host any; what is deleted already stays so.

    Raises ChatClosed, MessageNotFound, NotAuthor, RateLimited, ChatUnavailable.
    """
    session, me = standing.session, standing.me
    if not standing.can_host:
        if me is None or not can_read(me):
            raise ChatClosed
        limit_message(person=str(me.pk), place=str(session.pk))
    message = _found(session, message_id)
    if not standing.can_host and not (me and _is_author(me, message)):
        raise NotAuthor
    remove_message(session=session, message_id=message_id)


def remove_message(*, session: Session, message_id: UUID) -> None:
    """Delete a message, whoever may decide that; raises ChatUnavailable."""
    store.delete(session.pk, message_id, at=timezone.now())


def note_typing(*, participant: Participant) -> None:
    """Tell the others that somebody is typing; raises ChatClosed, RateLimited."""
    if not can_write(participant):
        raise ChatClosed
    limit_typing(person=str(participant.pk), place=str(participant.session_id))
    who = _author(participant)
    shown = {name: who[name] for name in ("user_id", "participant_id", "display_name")}
    group = session_group(participant.session_id)
    key = f"typing:{participant.pk}"
    broadcast_passing_on_commit(group, key, "typing.started", {"channel_id": None, **shown})


def announce(*, session_id: UUID, code: str, params: dict[str, Any], once: str) -> None:
    """Write what has happened in a session, as the system; raises ChatUnavailable.

    With the same `once` it is written once.
    """
    message = message_shape(
        id=str(uuid.uuid4()), kind="system", code=code, params=params, created_at=timezone.now()
    )
    store.append(session_id, message=message, once=f"system:{once}")


def message_for_report(*, participant: Participant, message_id: UUID) -> Message:
    """Return a message that a person wrote and that stands; raises ChatClosed, MessageNotFound."""
    if not can_read(participant):
        raise ChatClosed
    message = _found(participant.session, message_id)
    if message["deleted_at"] is not None or message["author"] is None:
        raise MessageNotFound
    return message


def _be_let_write(participant: Participant) -> None:
    if not can_write(participant):
        raise ChatClosed
    limit_message(person=str(participant.pk), place=str(participant.session_id))


def _text_for(session: Session, text: str) -> str:
    return filtered(checked_text(text), *rules_of(session.space_id))


def _found(session: Session, message_id: UUID) -> Message:
    message = store.find(session.pk, message_id)
    if message is None:
        raise MessageNotFound
    return message


def _is_author(participant: Participant, message: Message) -> bool:
    """A guest who has become a user has the same place, and so the same messages."""
    author = message["author"]
    return author is not None and author["participant_id"] == str(participant.pk)


def _author(participant: Participant) -> dict[str, Any]:
    return author_shape(
        display_name=participant.display_name,
        user=participant.user,
        participant_id=str(participant.pk),
        color=participant.color,
    )


def _quote(message: Message) -> dict[str, Any]:
    author = message["author"] or {"display_name": ""}
    return quote_shape(
        id=message["id"],
        display_name=author["display_name"],
        text=message["text"],
        deleted=message["deleted_at"] is not None,
    )
