"""Who is in the calls of a space: pushed to its members one small change at a time, and read for its pages.

A face is somebody who is connected. In a channel a change of one face is pushed; a session beside the
channels is pushed as its card, which shows five faces and counts the rest.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from nonza.realtime import broadcast_on_commit, space_group
from sessions.models import Participant, Session
from sessions.serializers import face_as_seen
from spaces.models import Notification, Space
from spaces.services.notifications import notify_members_soon

FACES_ON_A_CARD = 5
CARDS_AT_MOST = 50
PEOPLE_AT_MOST = 2000


# Pushed ---------------------------------------------------------------------


def push_entered(participant: Participant) -> None:
    """Tell the space that somebody is in the call."""
    _push(participant, "channel.entered", lambda: {"person": face_as_seen(participant)})


def push_face(participant: Participant) -> None:
    """Tell the space that somebody in the call looks different: microphone, name, picture."""
    if participant.session.channel_id is not None:
        _push(participant, "channel.person_changed", lambda: {"person": face_as_seen(participant)})


def push_gone(participant: Participant) -> None:
    """Tell the space that somebody is in the call no more."""
    _push(participant, "channel.left", lambda: {"participant_id": str(participant.pk)})


def push_card(session: Session) -> None:
    """Tell the space what a session of it is like now, also that it has begun or ended."""
    if session.space_id is not None:
        broadcast_on_commit(
            space_group(session.space_id), "space_session.changed", {"space_session": cards_of([session])[0]}
        )


def push_start(participant: Participant) -> None:
    """Tell the space that the first one is in a call, and its members' bells."""
    session = participant.session
    if session.space is None:
        return
    if session.channel_id is not None:  # else its card has just been pushed with the face
        push_card(session)
    where = {"session_id": session.pk, "slug": session.slug, "title": session.title}
    who = {"user_id": participant.user_id, "display_name": participant.display_name}
    space = {"space_id": session.space.pk, "space_name": session.space.name}
    notify_members_soon(
        space_id=session.space.pk,
        kind=Notification.Kind.CALL_STARTED,
        content=_plain({**space, **who, **where, "channel_id": session.channel_id}),
        but=participant.user,
    )


def push_deleted(session: Session) -> None:
    """Tell the space that a session of it is gone."""
    if session.space_id is not None:
        broadcast_on_commit(space_group(session.space_id), "space_session.deleted", {"id": str(session.pk)})


def _push(participant: Participant, event: str, change: Any) -> None:
    session = participant.session
    if session.space_id is None:
        return
    if session.channel_id is None:
        push_card(session)
        return
    broadcast_on_commit(
        space_group(session.space_id), event, {"channel_id": str(session.channel_id), **change()}
    )


# Read -----------------------------------------------------------------------


def cards_of(sessions: Iterable[Session]) -> list[dict[str, Any]]:
    """Return sessions as a space's pages show them; one query, however many.

    People of a live one are those in the call; of one that is over, those who came.
    """
    sessions = list(sessions)
    people = _people_of(sessions)
    return [_card(session, people.get(session.pk, [])) for session in sessions]


def calls_of(space: Space) -> dict[str, Any]:
    """Return who is in which channel, the live sessions beside them, and who is where; three queries."""
    faces: dict[str, list[dict[str, Any]]] = defaultdict(list)
    where: dict[str, str] = {}
    for participant in _in_call(space)[:PEOPLE_AT_MOST]:
        session = participant.session
        if session.channel_id is not None:
            faces[str(session.channel_id)].append(face_as_seen(participant))
        if participant.user_id is not None:
            where[str(participant.user_id)] = session.title
    live = space.sessions.active().filter(channel=None).order_by("-created_at", "pk")
    return {"faces": dict(faces), "live": cards_of(live[:CARDS_AT_MOST]), "where": where}


def _in_call(space: Space) -> QuerySet[Participant]:
    connected = Participant.objects.filter(
        session__space=space, session__status=Session.Status.ACTIVE,
        connections__joined_at__isnull=False, connections__left_at__isnull=True,
    )  # fmt: skip
    return connected.select_related("user", "session").order_by("joined_at", "pk")


def _people_of(sessions: list[Session]) -> dict[UUID, list[Participant]]:
    """Return the first few of each session, each with `people`: how many there are."""
    live = [session.pk for session in sessions if session.status == Session.Status.ACTIVE]
    over = [session.pk for session in sessions if session.status != Session.Status.ACTIVE]
    in_call = Q(session__in=live, connections__joined_at__isnull=False, connections__left_at__isnull=True)
    came = Q(session__in=over, joined_at__isnull=False)
    of_session = F("session_id")
    people: dict[UUID, list[Participant]] = defaultdict(list)
    for kind in (in_call, came):
        if not (live if kind is in_call else over):
            continue
        found = Participant.objects.filter(kind).annotate(
            people=Window(Count("pk"), partition_by=of_session),
            place=Window(RowNumber(), of_session, [F("joined_at").asc(), F("pk").asc()]),
        )
        for participant in found.filter(place__lte=FACES_ON_A_CARD).select_related("user").order_by("place"):
            people[participant.session_id].append(participant)
    return people


def _card(session: Session, people: list[Participant]) -> dict[str, Any]:
    return {
        "id": str(session.pk),
        "slug": session.slug,
        "title": session.title,
        "access": session.access,
        "status": session.status,
        "channel_id": str(session.channel_id) if session.channel_id else None,
        "started_at": session.started_at,
        "created_at": session.created_at,
        "ended_at": session.ended_at,
        "expires_at": session.expires_at,
        "people_count": people[0].people if people else 0,  # type: ignore[attr-defined]
        "people": [face_as_seen(participant) for participant in people],
        "seconds": length_of(session),
    }


def _plain(content: dict[str, Any]) -> dict[str, str | None]:
    return {name: None if value is None else str(value) for name, value in content.items()}


def length_of(session: Session) -> float:
    """Return for how long a session has gone on, without the time that it stood empty at its end."""
    if session.started_at is None:
        return 0.0
    until = session.empty_since or session.ended_at or timezone.now()
    return max(0.0, (until - session.started_at).total_seconds())
