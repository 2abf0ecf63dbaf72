"""The reconciler: LiveKit's rooms against our rows, every ten seconds, for what webhooks lost."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import Q
from django.utils import timezone

from nonza.periodic import GoOn, never_mind
from sessions import livekit
from sessions.errors import LiveKitUnavailable, SessionNotFound
from sessions.models import Connection, Participant, Session, participant_id_of
from sessions.services.connections import connection_left, connection_present
from sessions.services.following import put_out_disabled
from sessions.services.rooms import room_is_gone, rooms_are_there
from sessions.services.seats import lock_absent, lock_session, mark_left
from sessions.services.shares import repair_shares

logger = logging.getLogger(__name__)

# What LiveKit told within this time before the listing may not be in the listing yet.
GRACE = timedelta(seconds=5)


def reconcile_all(go_on: GoOn = never_mind) -> None:
    """Repair all live sessions; `go_on` is called before each."""
    _reconcile_media(go_on)
    put_out_disabled()
    release_seats(go_on)


def release_seats(go_on: GoOn = never_mind) -> None:
    """Mark as left whoever holds a seat that nobody has come back to."""
    now = timezone.now()
    lapsed = Participant.objects.with_lapsed_seat(now).order_by("seat_held_until", "pk")
    for participant in lapsed[:500]:
        go_on()
        try:
            _release(participant, now)
        except SessionNotFound:  # deleted meanwhile
            continue
        except DatabaseError as error:  # somebody holds its session's lock for long; the others go on
            logger.warning("The seat of %s was not released: %s", participant.pk, error)


@transaction.atomic
def _release(participant: Participant, now: datetime) -> None:
    lock_session(participant.session_id)
    for absent in lock_absent(Participant.objects.filter(pk=participant.pk), now):
        mark_left(absent)


def _reconcile_media(go_on: GoOn) -> None:
    asked_at = timezone.now()
    try:
        with_room = set(livekit.rooms())
    except LiveKitUnavailable as error:
        logger.warning("Not reconciled: %s", error)
        return
    sessions = _sessions_to_compare(with_room)
    for session in sessions:
        go_on()
        try:
            _reconcile_session(session, has_room=session.pk in with_room, asked_at=asked_at)
        except (LiveKitUnavailable, DatabaseError, SessionNotFound) as error:
            logger.warning("%s was not reconciled: %s", session.slug, error)  # the others are
    for deleted in with_room - {session.pk for session in sessions}:
        go_on()
        try:
            livekit.close_room(deleted)
        except LiveKitUnavailable as error:
            logger.warning("The room of a deleted session was not closed: %s", error)


def _sessions_to_compare(with_room: set[UUID]) -> list[Session]:
    in_call = Connection.objects.in_call().values("participant__session")
    return list(Session.objects.filter(Q(pk__in=with_room) | Q(pk__in=in_call)))


def _reconcile_session(session: Session, *, has_room: bool, asked_at: datetime) -> None:
    if session.status == Session.Status.ENDED:
        livekit.close_room(session.pk)
        return
    present = {person.identity: person for person in livekit.people(session.pk)} if has_room else {}
    if present:
        rooms_are_there([session.pk])
    elif not has_room:
        room_is_gone(session.pk)
    untouched_since = asked_at - GRACE
    open_rows = Connection.objects.in_call().filter(participant__session=session)
    gone = open_rows.filter(updated_at__lt=untouched_since).exclude(identity__in=present)
    for identity, sid in gone.values_list("identity", "livekit_sid"):
        connection_left(
            room=str(session.pk), identity=identity, sid=sid, at=asked_at, untouched_since=untouched_since
        )
    _compare_people(session, present.values(), untouched_since)
    repair_shares(session, present, untouched_since=untouched_since)


def _compare_people(session: Session, present: Iterable[livekit.Presence], untouched_since: datetime) -> None:
    """Bring in whom LiveKit has let in; nobody's identity is removed from the room."""
    ours = set(session.participants.values_list("pk", flat=True))
    for person in present:
        if participant_id_of(person.identity) in ours:
            connection_present(
                room=str(session.pk),
                identity=person.identity,
                sid=person.sid,
                at=person.joined_at,
                untouched_since=untouched_since,
            )
        else:
            logger.warning("An unknown identity was in the room of %s; it is removed", session.slug)
            livekit.remove(room=session.pk, identity=person.identity)
