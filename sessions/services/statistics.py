"""Statistics of a session: reckoned from its connections, shared screens and heartbeats when asked for.

Nothing is counted up anywhere: the rows are the truth, and rows of an ended session no longer change.
"""

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from django.utils import timezone

from nonza.errors import NotAllowed
from sessions import signals
from sessions.models import Connection, Participant, ScreenShare, Session
from sessions.services.standing import Standing

logger = logging.getLogger(__name__)

# Everybody is counted; so many are listed, those who stayed longest, and the others are summed.
LISTED_AT_MOST = 200
ENTRIES_AT_MOST = 20_000
CUT = {Connection.LeftReason.LOST, Connection.LeftReason.TAKEN_OVER}


class Span(NamedTuple):
    """From a moment up to, and without, another."""

    start: datetime
    end: datetime


@dataclass
class PersonStatistics:
    """One person's share in a session."""

    participant: Participant
    first_joined_at: datetime
    last_left_at: datetime | None  # None: is in the call now
    joins: int
    reconnections: int
    in_call_seconds: float
    screen_share_seconds: float
    spoken_seconds: float
    speaking_share: float = 0.0

    @property
    def rejoins(self) -> int:
        """How often they came in again."""
        return self.joins - 1


@dataclass
class Others:
    """Those who are not listed, summed."""

    people: int
    in_call_seconds: float
    screen_share_seconds: float
    spoken_seconds: float


@dataclass
class Statistics:
    """What a session was like; every second is of a clock that does not go on once it has ended."""

    started_at: datetime | None
    ended_at: datetime | None
    seconds: float
    people: int
    users: int
    guests: int
    peak: int
    joins: int
    rejoins: int
    reconnections: int
    in_call_seconds: float
    screen_share_seconds: float
    spoken_seconds: float
    participants: list[PersonStatistics]
    others: Others
    complete: bool
    extra: dict[str, Any] = field(default_factory=dict)


class _Entry(NamedTuple):
    """One time of being in the call."""

    participant_id: UUID
    identity: str
    spans: list[Span]  # with the times between them in which LiveKit had lost them
    is_open: bool
    left_reason: str
    interruptions: int  # LiveKit lost and found them


class _Share(NamedTuple):
    """One time that somebody shared a screen."""

    identity: str
    started_at: datetime
    ended_at: datetime | None


def read_statistics(*, standing: Standing) -> Statistics:
    """Return the statistics of a session to those who host it; raises NotAllowed."""
    if not standing.can_host:
        raise NotAllowed
    return statistics_of(standing.session)


def statistics_of(session: Session) -> Statistics:
    """Reckon a session's statistics; three queries, and those of the apps that add their own."""
    until = session.ended_at or timezone.now()
    entries = _entries(session, until)
    shares = _shares(session)
    people = _people(session, entries, _screens_of(shares, entries, until))
    spoken = sum(person.spoken_seconds for person in people)
    for person in people:
        person.speaking_share = person.spoken_seconds / spoken if spoken else 0.0
    people.sort(key=lambda person: (-person.in_call_seconds, person.first_joined_at, person.participant.pk))
    return Statistics(
        started_at=session.started_at,
        ended_at=session.ended_at,
        seconds=_length(entries),
        people=len(people),
        users=sum(person.participant.kind == "user" for person in people),
        guests=sum(person.participant.kind == "guest" for person in people),
        peak=_peak(entries),
        joins=sum(person.joins for person in people),
        rejoins=sum(person.rejoins for person in people),
        reconnections=sum(person.reconnections for person in people),
        in_call_seconds=sum(person.in_call_seconds for person in people),
        screen_share_seconds=sum(person.screen_share_seconds for person in people),
        spoken_seconds=spoken,
        participants=people[:LISTED_AT_MOST],
        others=_sum_up(people[LISTED_AT_MOST:]),
        complete=max(len(entries), len(shares)) < ENTRIES_AT_MOST,
        extra=_from_other_apps(session),
    )


# The arithmetic of spans ----------------------------------------------------


def merged(spans: Iterable[Span]) -> list[Span]:
    """Return the same time without overlaps, in order: who is in two tabs is there once."""
    union: list[Span] = []
    for span in sorted(spans):
        if union and span.start <= union[-1].end:
            union[-1] = Span(union[-1].start, max(union[-1].end, span.end))
        else:
            union.append(span)
    return union


def seconds_of(spans: Iterable[Span]) -> float:
    """Return how long spans without overlaps are together."""
    return sum(((span.end - span.start) for span in spans), timedelta()).total_seconds()


def most_at_once(spans: Iterable[Span]) -> int:
    """Return how many spans hold the moment that most of them hold; an end makes room for a beginning."""
    turns: list[tuple[datetime, int]] = []
    for span in spans:
        if span.end > span.start:
            turns += [(span.start, 1), (span.end, -1)]
    now = most = 0
    for _moment, change in sorted(turns):
        now += change
        most = max(most, now)
    return most


def common(one: list[Span], other: list[Span]) -> Iterator[Span]:
    """Yield the time that two lists of spans, each in order and without overlaps, have in common."""
    here = there = 0
    while here < len(one) and there < len(other):
        start = max(one[here].start, other[there].start)
        end = min(one[here].end, other[there].end)
        if start < end:
            yield Span(start, end)
        if one[here].end <= other[there].end:
            here += 1
        else:
            there += 1


# The rows -------------------------------------------------------------------


def _entries(session: Session, until: datetime) -> list[_Entry]:
    rows = (
        Connection.objects.filter(participant__session=session, joined_at__isnull=False)
        .order_by("joined_at", "pk")
        .only("participant_id", "identity", "joined_at", "left_at", "left_reason", "interruptions", "gaps")
    )
    return [
        _Entry(
            row.participant_id,
            row.identity,
            spans_of(row, until),
            row.left_at is None,
            row.left_reason,
            row.interruptions,
        )
        for row in rows[:ENTRIES_AT_MOST]
    ]


def _people(
    session: Session, entries: list[_Entry], screens: dict[UUID, list[Span]]
) -> list[PersonStatistics]:
    by_person: dict[UUID, list[_Entry]] = {}
    for entry in entries:
        by_person.setdefault(entry.participant_id, []).append(entry)
    came = Connection.objects.filter(participant__session=session, joined_at__isnull=False)
    rows = session.participants.filter(pk__in=came.values("participant")).select_related("user")
    return [
        _person(participant, by_person[participant.pk], screens.get(participant.pk, []))
        for participant in rows[:ENTRIES_AT_MOST]
        if participant.pk in by_person
    ]


def _person(participant: Participant, entries: list[_Entry], shared: list[Span]) -> PersonStatistics:
    inside = seconds_of(merged(span for entry in entries for span in entry.spans))
    found_again = sum(entry.interruptions for entry in entries)
    return PersonStatistics(
        participant=participant,
        first_joined_at=entries[0].spans[0].start,
        last_left_at=None if any(e.is_open for e in entries) else max(e.spans[-1].end for e in entries),
        joins=len(entries) + found_again,
        reconnections=sum(entry.left_reason in CUT for entry in entries[:-1]) + found_again,
        in_call_seconds=inside,
        screen_share_seconds=seconds_of(merged(shared)),
        # Their own page said so: it is believed for the time that LiveKit had them.
        spoken_seconds=min(participant.spoken_ms / 1000, inside),
    )


def _shares(session: Session) -> list[_Share]:
    rows = ScreenShare.objects.filter(participant__session=session).order_by("started_at", "pk")
    shares = rows.values_list("identity", "started_at", "ended_at")
    return [_Share(*share) for share in shares[:ENTRIES_AT_MOST]]


def _screens_of(shares: list[_Share], entries: list[_Entry], until: datetime) -> dict[UUID, list[Span]]:
    """Return for how long each person's screen was seen: within the connection that showed it."""
    entry_of = {entry.identity: entry for entry in entries}
    spans: dict[UUID, list[Span]] = {}
    for share in shares:
        entry = entry_of.get(share.identity)
        if entry is not None:
            shown = common([_span(share.started_at, share.ended_at, until)], entry.spans)
            spans.setdefault(entry.participant_id, []).extend(shown)
    return spans


def spans_of(row: Connection, until: datetime) -> list[Span]:
    """Return when a connection was there: from its join to its end, without the gaps."""
    gaps = [datetime.fromisoformat(moment) for gap in row.gaps for moment in gap]
    turns = [row.joined_at or until, *gaps, row.left_at or until]
    return merged(_span(start, end, until) for start, end in zip(turns[::2], turns[1::2], strict=True))


def _span(start: datetime, end: datetime | None, until: datetime) -> Span:
    start = min(start, until)  # LiveKit's clock may be a little ahead of ours
    return Span(start, max(start, min(end or until, until)))


def _length(entries: list[_Entry]) -> float:
    """From the first who came to the last who left: a session that waits to be empty grows no longer."""
    if not entries:
        return 0.0
    first = min(entry.spans[0].start for entry in entries)
    return (max(entry.spans[-1].end for entry in entries) - first).total_seconds()


def _peak(entries: list[_Entry]) -> int:
    by_person: dict[UUID, list[Span]] = {}
    for entry in entries:
        by_person.setdefault(entry.participant_id, []).extend(entry.spans)
    most = most_at_once(span for spans in by_person.values() for span in merged(spans))
    return max(most, 1) if entries else 0  # somebody was there, if only for an instant


def _sum_up(people: list[PersonStatistics]) -> Others:
    return Others(
        people=len(people),
        in_call_seconds=sum(person.in_call_seconds for person in people),
        screen_share_seconds=sum(person.screen_share_seconds for person in people),
        spoken_seconds=sum(person.spoken_seconds for person in people),
    )


def _from_other_apps(session: Session) -> dict[str, Any]:
    extra: dict[str, Any] = {}
    for receiver, answer in signals.statistics_assembling.send_robust(Session, session=session):
        if isinstance(answer, Exception):
            continue  # Django has logged it
        try:
            orjson.dumps(answer)
            extra.update(answer)
        except (TypeError, ValueError):
            logger.exception("%s added nothing to the statistics of %s", receiver, session.slug)
    return extra
