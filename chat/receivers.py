"""News of the apps below: a right ends, and a channel goes, under the lock under which one writes."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from chat.services import attachments, session_news
from chat.services.folding import teach_sqlite
from chat.services.log import lock_log
from chat.services.opening import opening_of
from chat.services.reading import unread_in
from identity.models import User
from sessions.models import Session
from spaces.models import Channel, Membership, Space


def on_membership_ended(space: Space, **_more: Any) -> None:
    """Whoever is out writes nothing from now on."""
    lock_log(space.pk)


def on_membership_changed(membership: Membership, **_more: Any) -> None:
    """Whoever is no moderator any more deletes nothing of others from now on."""
    lock_log(membership.space_id)


def on_channel_deleting(channel: Channel, **_more: Any) -> None:
    """Nothing is written into a channel that is being deleted, and its files go with it."""
    lock_log(channel.space_id)
    attachments.channel_goes(channel)


def on_space_deleting(space: Space, **_more: Any) -> None:
    """Nothing is written in a space that is being deleted; its files and its sessions’ chats go with it."""
    lock_log(space.pk)
    attachments.space_goes(space)
    session_news.forget_on_commit(space.sessions.values_list("pk", flat=True))


def on_sidebar_assembling(space: Space, user: User, **_more: Any) -> dict[str, Any]:
    """Say what is unread in the text channels."""
    return {"unread": unread_in(space, user)}


def on_channel_page_assembling(channel: Channel, membership: Membership, **_more: Any) -> dict[str, Any]:
    """Say what the page of a text channel begins with."""
    return {"chat": opening_of(channel, membership)}


def on_connection_created(connection: BaseDatabaseWrapper, **_more: Any) -> None:
    """Let SQLite compare text as Postgres does."""
    teach_sqlite(connection)


def on_announced(session: Session, code: str, params: dict[str, Any], **_more: Any) -> None:
    """Who is in a session reads in its chat what has happened."""
    session_news.write_down(session_id=session.pk, code=code, params=params)


def on_session_ended(session: Session, **_more: Any) -> None:
    """How much was written is known for longer than what was written."""
    session_news.count_in_the_end(session)


def on_session_deleting(session: Session, **_more: Any) -> None:
    """What was written in a session goes with it."""
    session_news.forget_on_commit([session.pk])


def on_statistics(session: Session, **_more: Any) -> dict[str, Any]:
    """Say how much was written."""
    return session_news.messages_of(session)
