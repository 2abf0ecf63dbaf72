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
from sessions.models import Connection, Participant, Session
from sessions.services.connections import close_connections, connection_left, connection_present
from sessions.services.participants import mark_left
from sessions.services.seats import lock_session
from sessions.services.shares import repair_shares

logger = logging.getLogger(__name__)

# What LiveKit told within this time before the listing may not be in the listing yet.
GRACE = timedelta(seconds=5)
UNUSED_TOKEN = timedelta(seconds=180)  # its life, LiveKit's leeway of 60 s, and some


def reconcile_all(go_on: GoOn = never_mind) -> None:
    """Repair all live sessions; `go_on` is called before each."""
    _reconcile_media(go_on)
    _close_unused(timezone.now())
    release_seats(go_on)


def release_seats(go_on: GoOn = never_mind) -> None:
    """Mark as left whoever holds a seat that nobody has come back to."""
    now = timezone.now()
    for participant in Participant.objects.with_lapsed_seat(now).select_related("session")[:500]:
        go_on()
        with contextlib.suppress(SessionNotFound, Participant.DoesNotExist):  # deleted meanwhile
            _release(participant, now)


@transaction.atomic
def _release(participant: Participant, now: datetime) -> None:
    lock_session(participant.session)
    still = Participant.objects.with_presence().get(pk=participant.pk)
    held = still.seat_held_until is not None and still.seat_held_until > now
    if still.state == Participant.State.ADMITTED and not still.in_call and not held:  # type: ignore[attr-defined]
        mark_left(still)


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
    rows = Connection.objects.filter(participant__session=session)
    for gone in rows.in_call().exclude(identity__in=present):
        if gone.updated_at < asked_at - GRACE:
            connection_left(identity=gone.identity, sid=gone.livekit_sid or "", at=timezone.now())
    known = {connection.identity: connection for connection in rows.filter(identity__in=present)}
    for identity, person in present.items():
        connection = known.get(identity)
        if connection is None:
            logger.warning("An unknown identity was in the room of %s; it is removed", session.slug)
            livekit.remove(room=session.pk, identity=identity)
        elif connection.updated_at < asked_at - GRACE:
            connection_present(identity=identity, sid=person.sid, at=person.joined_at)
    repair_shares(session, present, untouched_since=asked_at - GRACE)


def _close_unused(now: datetime) -> None:
    """End connections whose token was never used and no longer can be."""
    unused = Connection.objects.open().filter(joined_at=None, created_at__lt=now - UNUSED_TOKEN)
    for session in Session.objects.filter(participants__connections__in=unused).distinct()[:500]:
        with contextlib.suppress(SessionNotFound), transaction.atomic():  # deleted meanwhile
            lock_session(session)
            close_connections(unused.filter(participant__session=session), Connection.LeftReason.NEVER_JOINED)
