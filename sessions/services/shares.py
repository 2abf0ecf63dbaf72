"""Shared screens: for how long, from news that may come twice, late, in another order or never.

Each news carries its own moment, so the rows come out the same whatever the order. What is shown
ends with its connection at the latest; that is reckoned where it is counted (`statistics.py`).
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from sessions.errors import SessionNotFound
from sessions.livekit import Presence
from sessions.models import Participant, ScreenShare, Session, participant_id_of
from sessions.services.seats import lock_session


@transaction.atomic
def share_started(*, identity: str, track: str, at: datetime) -> None:
    """Note that a screen is shared; one whose end is known already gets its beginning."""
    participant = _sharer(identity)
    if participant is None:
        return
    share, is_new = ScreenShare.objects.get_or_create(
        identity=identity, track_sid=track, defaults={"participant": participant, "started_at": at}
    )
    if not is_new and at < share.started_at:
        share.started_at = at
        share.save(update_fields=["started_at", "updated_at"])


@transaction.atomic
def share_ended(*, identity: str, track: str, at: datetime) -> None:
    """Note that a screen is no longer shared; LiveKit's own moment is better than a repair's."""
    participant = _sharer(identity)
    if participant is None:
        return
    share, is_new = ScreenShare.objects.get_or_create(
        identity=identity,
        track_sid=track,
        defaults={"participant": participant, "started_at": at, "ended_at": at},
    )
    if not is_new:
        share.ended_at = max(at, share.started_at)
        share.save(update_fields=["ended_at", "updated_at"])


def repair_shares(session: Session, present: Mapping[str, Presence], *, untouched_since: datetime) -> None:
    """Make the shares of those present what LiveKit shows, where nothing was told of them lately."""
    shown = {(person.identity, track) for person in present.values() for track in person.screens}
    known = {
        (share.identity, share.track_sid): share
        for share in ScreenShare.objects.filter(participant__session=session, identity__in=present)
    }
    now = timezone.now()
    for identity, track in shown - known.keys():
        share_started(identity=identity, track=track, at=now)
    for key, share in known.items():
        if key not in shown and share.ended_at is None and share.updated_at < untouched_since:
            share_ended(identity=share.identity, track=share.track_sid, at=now)


def _sharer(identity: str) -> Participant | None:
    """Return whose identity it is, with the session's row locked; None once the session has ended."""
    participant_id = participant_id_of(identity)
    known = Participant.objects.filter(pk=participant_id) if participant_id else Participant.objects.none()
    participant = known.first()
    if participant is None:
        return None
    try:
        session = lock_session(participant.session_id)
    except SessionNotFound:
        return None
    return participant if session.status == Session.Status.ACTIVE else None
