"""Connections: minting the token for one, and following what LiveKit says of it."""

from datetime import datetime
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from nonza.errors import NonzaError
from sessions import livekit, tasks
from sessions.errors import (
    NotAdmitted,
    ParticipantBanned,
    ParticipantRemoved,
    SessionNotFound,
)
from sessions.models import (
    Connection,
    ConnectionQuerySet,
    Participant,
    Session,
    as_uuid,
    minted_at,
    new_identity,
    participant_id_of,
    seat_end,
)
from sessions.services.announcements import JOINED, announce_person
from sessions.services.faces import push_entered, push_gone, push_start
from sessions.services.limits import limit_tokens
from sessions.services.pushes import push_participant, push_session, push_superseded
from sessions.services.rooms import ensure_room
from sessions.services.seats import is_full, lock_session, take_seat
from sessions.services.standing import refusal_of_end, refuse_outsider, space_role_of

Reason = Connection.LeftReason
State = Participant.State


class JoinToken(NamedTuple):
    """What a browser needs to reach LiveKit."""

    token: str
    url: str
    identity: str
    expires_at: datetime


def mint_token(*, participant: Participant, after_loss: bool = False) -> JoinToken:
    """Return a token for one join; with it the participant's older tokens and connections end.

    `after_loss` says that the room was not found or was lost, so that it is made anew. Raises
    MediaUnavailable within 3 s if LiveKit does not answer, SessionFull if the seat was lost meanwhile
    and none is free, and the refusals of `refuse_if_out`.
    """
    limit_tokens(participant)
    refuse_if_out(participant.session, participant)
    ensure_room(participant.session_id, anew=after_loss)
    older = participant.identity
    _take_identity(participant)
    if older:
        push_superseded(participant)
    token, expires_at = livekit.join_token(
        room=participant.session_id, identity=participant.identity, name=participant.display_name
    )
    return JoinToken(token, settings.MEDIA_WS_ADDRESS, participant.identity, expires_at)


def refuse_if_out(session: Session, participant: Participant) -> None:
    """Raise the refusal that keeps this participant out of the call, if there is one."""
    if participant.state == State.REMOVED:
        raise ParticipantRemoved
    if participant.state == State.BANNED:
        raise ParticipantBanned
    over = refusal_of_end(session)
    if over and (session.status == Session.Status.ENDED or participant.state != State.ADMITTED):
        raise over
    if participant.state in {State.WAITING, State.DENIED}:
        raise NotAdmitted
    if participant.state != State.ADMITTED and session.access != Session.Access.OPEN:
        refuse_outsider(session, participant, space_role_of(session, participant.user_id))


@transaction.atomic
def connection_joined(*, room: str, identity: str, sid: str, at: datetime) -> None:
    """Note that LiveKit has this identity in its room; one that may not be there is removed from it."""
    participant = _locked(room, identity)
    if participant is None:
        return
    at = _by_our_clock(at, identity)
    connection = participant.connections.filter(identity=identity).first()
    if connection is not None and (connection.livekit_sid == sid or connection.is_newer_than(at)):
        return  # told twice, or this stay is over again and its news came late
    _come_in(participant, connection, identity=identity, sid=sid, at=at)


@transaction.atomic
def connection_left(
    *, room: str, identity: str, sid: str, at: datetime, untouched_since: datetime | None = None
) -> None:
    """Note that LiveKit has lost this identity; an older stay's news (another sid) is stale.

    With `untouched_since`, rows that were written since then know better.
    """
    participant = _locked(room, identity)
    if participant is None:
        return
    at = _by_our_clock(at, identity)
    connection = participant.connections.filter(identity=identity).first()
    if connection is None:
        if sid:  # told before its join, which shall change nothing when it comes
            Connection.objects.create(
                participant=participant, identity=identity, livekit_sid=sid, left_at=at,
                left_reason=Reason.LOST,
            )  # fmt: skip
        return
    if connection.left_at is not None or connection.livekit_sid != sid:
        return
    if untouched_since is not None and connection.updated_at >= untouched_since:
        return
    _close(connection, Reason.LOST, at)
    participant.hold_seat(timezone.now())
    participant.save(update_fields=["seat_held_until", "updated_at"])
    push_participant("changed", participant, in_call=False)
    push_gone(participant)
    note_if_empty(participant.session)


@transaction.atomic
def connection_present(
    *, room: str, identity: str, sid: str, at: datetime, untouched_since: datetime
) -> None:
    """Repair what webhooks lost: LiveKit has this identity in its room now.

    Rows that were written since `untouched_since` know better than the list that this was read in.
    """
    participant = _locked(room, identity)
    if participant is None:
        return
    connection = participant.connections.filter(identity=identity).first()
    if connection is not None and connection.updated_at >= untouched_since:
        return
    if connection is None or connection.left_at is not None or connection.livekit_sid != sid:
        at = _by_our_clock(at, identity)
        _come_in(participant, connection, identity=identity, sid=sid, at=at)


def close_connections(
    connections: ConnectionQuerySet, reason: str, *, at: datetime | None = None
) -> list[str]:
    """End open connections, now or `at` some moment; returns their identities."""
    at = at or timezone.now()
    closed = []
    for connection in connections.in_call().order_by("pk").select_for_update():  # two at once, in one order
        closed.append(connection.identity)
        _close(connection, reason, at)
    return closed


def note_if_empty(session: Session) -> None:
    """Start the clock of an empty session when the last person is gone."""
    in_call = Connection.objects.in_call().filter(participant__session=session)
    nobody_came_yet = session.started_at is None  # then it is abandoned one day, not empty
    if not nobody_came_yet and session.empty_since is None and not in_call.exists():
        session.empty_since = timezone.now()
        session.save(update_fields=["empty_since", "updated_at"])


def _take_identity(participant: Participant) -> None:
    """Give a participant a new identity, and a minute to use it.

    Who is admitted has a seat, or had it so lately that nobody else has needed it (see `seats.py`):
    one statement, which finds nobody whom somebody has just let out, and nobody who has got a newer
    identity at the same moment.
    """
    identity, now = new_identity(participant), timezone.now()
    participant.identity, participant.seat_held_until = identity, seat_end(now)
    mine = Participant.objects.filter(pk=participant.pk, state=State.ADMITTED, identity__lt=identity)
    if not mine.update(identity=identity, seat_held_until=participant.seat_held_until, updated_at=now):
        _take_seat_again(participant)


@transaction.atomic
def _take_seat_again(participant: Participant) -> None:
    session = lock_session(participant.session_id)
    participant.refresh_from_db(from_queryset=Participant.objects.select_for_update(of=("self",)))
    participant.session = session
    refuse_if_out(session, participant)
    was_inside = participant.state == State.ADMITTED
    take_seat(session, participant, timezone.now())
    participant.identity = new_identity(participant)
    participant.save(update_fields=["state", "seat_held_until", "identity", "updated_at"])
    if not was_inside:
        push_participant("changed", participant, in_call=False)


def _locked(room: str, identity: str) -> Participant | None:
    """Return whose identity it is, with the session's row locked: empty or not is decided one at a time.

    None: it is nobody's who has a place in this room's session.
    """
    participant_id, session_id = participant_id_of(identity), as_uuid(room)
    if participant_id is None or session_id is None:
        return None
    try:
        session = lock_session(session_id)
    except SessionNotFound:  # a room of others, or a session deleted with everybody in it
        return None
    people = session.participants.select_related("user")
    return people.filter(pk=participant_id).first()  # `session` is the locked row


def _come_in(
    participant: Participant, connection: Connection | None, *, identity: str, sid: str, at: datetime
) -> None:
    """Let in whom LiveKit has let in, if it was with the newest token and there is a seat for them."""
    session = participant.session
    try:
        if identity != participant.identity or (connection and not connection.may_resume):
            raise NotAdmitted
        refuse_if_out(session, participant)
        take_seat(session, participant, timezone.now())
    except NonzaError:
        if connection and connection.left_at is None:
            _close(connection, Reason.REMOVED, timezone.now())
            push_gone(participant)
            note_if_empty(session)
        tasks.ring(tasks.remove_identity, str(session.pk), identity)
        return
    at = _end_others(participant, identity, at)
    _open(connection or Connection(participant=participant, identity=identity), sid, at)
    participant.joined_at = participant.joined_at or at
    if participant.came_in_at is None:  # else another tab, or a connection that was lost
        participant.came_in_at = at
        announce_person(participant, JOINED)
    participant.save(update_fields=["state", "seat_held_until", "joined_at", "came_in_at", "updated_at"])
    is_first = session.started_at is None
    session.started_at = session.started_at or at
    session.empty_since = None
    session.save(update_fields=["started_at", "empty_since", "updated_at"])
    push_participant("joined", participant, in_call=True)
    push_entered(participant)
    if is_first:  # from now on everybody reads the same time of it
        push_session(session, full=is_full(session, timezone.now()))
        push_start(participant)


def _end_others(participant: Participant, identity: str, at: datetime) -> datetime:
    """End a participant's other stays; returns the moment from which on this one counts.

    News comes late and repairs later still; nobody's stays overlap, so that their minutes add up.
    """
    others = participant.connections.exclude(identity=identity)
    ends = others.values_list("left_at", flat=True)
    if None in ends:
        for older in close_connections(others, Reason.TAKEN_OVER, at=at):
            tasks.ring(tasks.remove_identity, str(participant.session_id), older)
        ends = ends.all()  # as they are now
    return max([at, *filter(None, ends)])


def _open(connection: Connection, sid: str, at: datetime) -> None:
    if connection.joined_at is None:
        connection.joined_at = at
    else:
        connection.note_gap(until=at)
    connection.livekit_sid = sid
    connection.left_at, connection.left_reason = None, ""
    connection.save()


def _close(connection: Connection, reason: str, at: datetime) -> None:
    connection.left_at = max(at, connection.began_at or at)
    connection.left_reason = reason
    connection.save()


def _by_our_clock(at: datetime, identity: str) -> datetime:
    """Return a moment that LiveKit told as it can have been by our clock.

    LiveKit counts whole seconds, and its clock may differ: nobody was there before the token was made,
    and nothing that is told has happened after now.
    """
    now = timezone.now()
    return min(now, max(at, minted_at(identity) or at))
