"""The reconciler: LiveKit's rooms against our rows, every ten seconds, for what webhooks lost."""

import contextlib
import logging
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
from sessions.services.rooms import room_is_gone, rooms_are_there
from sessions.services.seats import lock_absent, lock_session, mark_left
from sessions.services.shares import repair_shares

logger = logging.getLogger(__name__)

# What LiveKit told within this time before the listing may not be in the listing yet.
GRACE = timedelta(seconds=5)


def reconcile_all(go_on: GoOn = never_mind) -> None:
    """Repair all live sessions; `go_on` is called before each."""
    _reconcile_media(go_on)
    release_seats(go_on)


def release_seats(go_on: GoOn = never_mind) -> None:
    """Mark as left whoever holds a seat that nobody has come back to."""
    now = timezone.now()
    for participant in Participant.objects.with_lapsed_seat(now).select_related("session")[:500]:
        go_on()
        with contextlib.suppress(SessionNotFound):  # deleted meanwhile
            _release(participant, now)


@transaction.atomic
def _release(participant: Participant, now: datetime) -> None:
    lock_session(participant.session_id)
    for absent in lock_absent(Participant.objects.filter(pk=participant.pk), now):
        mark_left(absent)


def _reconcile_media(go_on: GoOn) -> None:
    asked_at = timezone.now()
    try:
        with_room = set(livekit.rooms())
        sessions = _sessions_to_compare(with_room)
        for deleted in with_room - {session.pk for session in sessions}:
            livekit.close_room(deleted)
    except LiveKitUnavailable as error:
        logger.warning("Not reconciled: %s", error)
        return
    for session in sessions:
        go_on()
        try:
            _reconcile_session(session, has_room=session.pk in with_room, asked_at=asked_at)
        except (LiveKitUnavailable, DatabaseError, SessionNotFound) as error:
            logger.warning("%s was not reconciled: %s", session.slug, error)  # the others are


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
    rows = Connection.objects.filter(participant__session=session)
    told_just_now = set(rows.filter(updated_at__gte=asked_at - GRACE).values_list("identity", flat=True))
    gone = rows.in_call().exclude(identity__in=[*present, *told_just_now])
    for identity, sid in gone.values_list("identity", "livekit_sid"):
        connection_left(room=str(session.pk), identity=identity, sid=sid, at=timezone.now())
    _compare_people(session, [person for person in present.values() if person.identity not in told_just_now])
    repair_shares(session, present, untouched_since=asked_at - GRACE)


def _compare_people(session: Session, present: list[livekit.Presence]) -> None:
    """Bring in whom LiveKit has let in; nobody's identity is removed from the room."""
    ours = set(session.participants.values_list("pk", flat=True))
    for person in present:
        if participant_id_of(person.identity) in ours:
            connection_present(
                room=str(session.pk), identity=person.identity, sid=person.sid, at=person.joined_at
            )
        else:
            logger.warning("An unknown identity was in the room of %s; it is removed", session.slug)
            livekit.remove(room=session.pk, identity=person.identity)
