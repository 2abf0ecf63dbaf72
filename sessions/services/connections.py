"""Connections: minting the token for one, and following what LiveKit says of it."""

from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from nonza.errors import NonzaError
from sessions import livekit, tasks
from sessions.errors import (
    LiveKitUnavailable,
    MediaUnavailable,
    NotAdmitted,
    ParticipantBanned,
    ParticipantRemoved,
    SessionEnded,
    SessionExpired,
    SessionNotFound,
)
from sessions.models import Connection, ConnectionQuerySet, Participant, Session
from sessions.services.limits import limit_tokens
from sessions.services.pushes import push_participant, push_session, push_superseded
from sessions.services.seats import is_full, lock_session, take_seat

Reason = Connection.LeftReason
State = Participant.State
MEDIA_RETRY_SECONDS = 3
# Ends that LiveKit may contradict: the person is there after all.
REVOCABLE = (Reason.LOST, Reason.NEVER_JOINED)


class JoinToken(NamedTuple):
    """What a browser needs to reach LiveKit."""

    token: str
    url: str
    identity: str
    expires_at: datetime


def mint_token(*, participant: Participant) -> JoinToken:
    """Return a token for one join; the participant's older connections end with it.

    Raises MediaUnavailable within 3 s if LiveKit does not answer, SessionFull if the seat was lost
    meanwhile and none is free, and the refusals of `refuse_if_out`.
    """
    limit_tokens(participant)
    refuse_if_out(participant.session, participant)
    try:
        livekit.make_room(participant.session_id)
    except LiveKitUnavailable as error:
        raise MediaUnavailable(retry_after=MEDIA_RETRY_SECONDS) from error
    connection = _open_connection(participant)
    token, expires_at = livekit.join_token(
        room=participant.session_id, identity=connection.identity, name=participant.display_name
    )
    return JoinToken(token, settings.MEDIA_WS_ADDRESS, connection.identity, expires_at)


def refuse_if_out(session: Session, participant: Participant) -> None:
    """Raise the refusal that keeps this participant out of the call, if there is one."""
    if participant.state == State.REMOVED:
        raise ParticipantRemoved
    if participant.state == State.BANNED:
        raise ParticipantBanned
    if session.status == Session.Status.ENDED:
        if session.ended_reason == Session.EndedReason.EXPIRED:
            raise SessionExpired
        raise SessionEnded
    if session.is_expired and participant.state != State.ADMITTED:
        raise SessionExpired
    if participant.state in {State.WAITING, State.DENIED}:
        raise NotAdmitted


@transaction.atomic
def connection_joined(*, identity: str, sid: str, at: datetime) -> None:
    """Note that LiveKit has this identity in its room; unknown and ended ones are removed from it."""
    connection = _locked(identity)
    if connection is None:
        return
    if connection.left_at is not None:
        if sid == connection.livekit_sid:  # this join has been left again; its news came late
            return
        if connection.left_reason not in REVOCABLE:
            _remove_on_commit(connection)
            return
        connection.left_at, connection.left_reason = None, ""
    connection.livekit_sid = sid
    _come_in(connection, at)


@transaction.atomic
def connection_left(*, identity: str, sid: str, at: datetime) -> None:
    """Note that LiveKit has lost this identity; an older join's news (another sid) is stale."""
    connection = _locked(identity)
    if connection is None or connection.left_at is not None:
        return
    if connection.livekit_sid not in {None, sid}:
        return
    connection.livekit_sid = sid or None  # who never got through may have none, and "" is taken once
    _close(connection, Reason.LOST, at)
    participant = connection.participant
    participant.hold_seat(timezone.now())
    participant.save(update_fields=["seat_held_until", "updated_at"])
    push_participant("changed", participant)
    note_if_empty(participant.session)


@transaction.atomic
def connection_present(*, identity: str, sid: str, at: datetime) -> None:
    """Repair what webhooks lost: LiveKit has this identity in its room now."""
    connection = _locked(identity)
    if connection is None:
        return
    if connection.left_at is not None and connection.left_reason not in REVOCABLE:
        _remove_on_commit(connection)
    elif connection.left_at is not None or connection.joined_at is None:
        connection.left_at, connection.left_reason, connection.livekit_sid = None, "", sid
        _come_in(connection, at)


def close_connections(connections: ConnectionQuerySet, reason: str) -> list[str]:
    """End open connections; returns the identities of those that LiveKit had seen join."""
    now = timezone.now()
    closed = []
    for connection in connections.open().order_by("pk").select_for_update():  # two at once, in one order
        if connection.joined_at is not None:
            closed.append(connection.identity)
        _close(connection, reason, now)
    return closed


def note_if_empty(session: Session) -> None:
    """Start the clock of an empty session when the last person is gone."""
    in_call = Connection.objects.in_call().filter(participant__session=session)
    nobody_came_yet = session.started_at is None  # then it is abandoned one day, not empty
    if not nobody_came_yet and session.empty_since is None and not in_call.exists():
        session.empty_since = timezone.now()
        session.save(update_fields=["empty_since", "updated_at"])


@transaction.atomic
def _open_connection(participant: Participant) -> Connection:
    session = lock_session(participant.session)
    participant.refresh_from_db(fields=["state", "seat_held_until", "role"])
    refuse_if_out(session, participant)
    was_inside = participant.state == State.ADMITTED
    take_seat(session, participant, timezone.now())
    participant.save(update_fields=["state", "seat_held_until", "updated_at"])
    if not was_inside:
        push_participant("changed", participant)
    older = close_connections(participant.connections.all(), Reason.TAKEN_OVER)
    connection = Connection.objects.create(
        participant=participant, identity=Connection.new_identity(participant)
    )
    push_superseded(connection)
    for identity in older:
        tasks.ring(tasks.remove_identity, str(session.pk), identity)
    return connection


def _locked(identity: str) -> Connection | None:
    """Return the connection with its session's row locked: empty or not is decided one at a time."""
    connection = Connection.objects.select_related("participant__session").filter(identity=identity).first()
    if connection is None:
        return None
    try:
        session = lock_session(connection.participant.session)
    except SessionNotFound:  # deleted, and the connection with it
        return None
    connection.refresh_from_db(from_queryset=Connection.objects.select_for_update())
    connection.participant.session = session
    return connection


def _come_in(connection: Connection, at: datetime) -> None:
    """Let in whom LiveKit has let in, unless they have lost the seat meanwhile and none is free."""
    participant = connection.participant
    session = participant.session
    try:
        refuse_if_out(session, participant)
        take_seat(session, participant, timezone.now())
    except NonzaError:
        _close(connection, Reason.REMOVED, timezone.now())
        _remove_on_commit(connection)
        return
    connection.joined_at = connection.joined_at or at
    connection.save()
    participant.joined_at = participant.joined_at or at
    participant.save(update_fields=["state", "seat_held_until", "joined_at", "updated_at"])
    is_first = session.started_at is None
    session.started_at = session.started_at or at
    session.empty_since = None
    session.save(update_fields=["started_at", "empty_since", "updated_at"])
    push_participant("joined", participant)
    if is_first:  # from now on everybody reads the same time of it
        push_session(session, full=is_full(session, timezone.now()))


def _close(connection: Connection, reason: str, at: datetime) -> None:
    # LiveKit's clock counts whole seconds: a leave may seem to precede its own join.
    connection.left_at = max(at, connection.joined_at or at)
    connection.left_reason = reason
    connection.save()


def _remove_on_commit(connection: Connection) -> None:
    tasks.ring(tasks.remove_identity, str(connection.participant.session_id), connection.identity)
