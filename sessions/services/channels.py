"""Calls of channels: who enters a channel joins its live session, which is made on the first entry."""

from typing import NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction

from identity.models import User
from identity.rules import Actor
from sessions.errors import ChannelWithoutCalls, SessionEnded, SessionNotFound
from sessions.models import Session
from sessions.services.connections import JoinToken, mint_token
from sessions.services.participants import Client, Place, join_session
from sessions.services.seats import lock_session
from sessions.services.sessions import announce_change, end_session
from spaces.errors import ChannelNotFound, SpaceNotFound
from spaces.models import Channel
from spaces.services.channels import channel_for
from spaces.services.locks import lock_space

TRIES = 5


class Entry(NamedTuple):
    """A place in a channel's call, and the way in."""

    place: Place
    token: JoinToken


def enter_channel(*, actor: User, channel_id: UUID, client: Client) -> Entry:
    """Let a member into the call of a channel, which has exactly one however many enter at once.

    Raises ChannelNotFound to strangers, ChannelWithoutCalls, SessionFull, SessionLocked, RateLimited,
    MediaUnavailable, ParticipantRemoved, ParticipantBanned.
    """
    for tries_left in reversed(range(TRIES)):
        channel, _membership = channel_for(actor=actor, channel_id=channel_id)
        if not channel.holds_calls:
            raise ChannelWithoutCalls
        try:
            place = join_session(
                actor=Actor(user=actor),
                slug=_session_of(channel).slug,
                display_name="",
                idempotency_key="",
                client=client,
            )
            return Entry(place, mint_token(participant=place.participant))
        except (IntegrityError, SessionEnded, SessionNotFound):
            # Somebody else has made it at the same moment, or it has ended since it was found.
            if not tries_left:
                raise
    raise AssertionError("the last try returns or raises")


@transaction.atomic
def channel_has_changed(channel: Channel) -> None:
    """Let the call of a channel be called and limited as the channel is now; who is inside stays."""
    session = _locked_session_of(channel)
    if session is not None:
        session.title, session.max_participants = channel.name, channel.max_participants
        session.save(update_fields=["title", "max_participants", "updated_at"])
        announce_change(session)


@transaction.atomic
def end_call_of(channel: Channel) -> None:
    """End the call of a channel that is about to be deleted."""
    session = _locked_session_of(channel)
    if session is not None:
        end_session(session=session, reason=Session.EndedReason.HOST_ENDED)


def _session_of(channel: Channel) -> Session:
    """Return the channel's live session, or a new one; raises ChannelNotFound if it was deleted meanwhile.

    A new one is made under the lock of the space, as everything in it is: it could outlive the channel else.
    """
    live = Session.objects.active().filter(channel=channel).first()
    if live is not None:
        return live
    with transaction.atomic():
        channel = _locked(channel)
        live = Session.objects.active().filter(channel=channel).first()
        return live or Session.objects.create(
            space_id=channel.space_id,
            channel=channel,
            title=channel.name,
            access=Session.Access.MEMBERS,
            max_participants=channel.max_participants,
        )


def _locked(channel: Channel) -> Channel:
    try:
        lock_space(channel.space_id)
    except SpaceNotFound:
        raise ChannelNotFound from None
    as_it_is = Channel.objects.filter(pk=channel.pk).first()
    if as_it_is is None:
        raise ChannelNotFound
    return as_it_is


def _locked_session_of(channel: Channel) -> Session | None:
    live = Session.objects.active().filter(channel=channel).values_list("pk", flat=True).first()
    if live is None:
        return None
    session = lock_session(live)
    return session if session.status == Session.Status.ACTIVE else None
