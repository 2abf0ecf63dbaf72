"""Statistics of a space: what its sessions were like in a range of days, reckoned from connections.

Days are UTC's. A stay that goes over midnight, or over the edge of the range, counts on each side for
the time that it lay there.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from identity.models import User
from nonza.errors import Invalid, NotAllowed
from sessions.models import Connection, Session
from sessions.rules import keeps_order
from sessions.services.statistics import Span, common, merged, most_at_once, seconds_of, spans_of
from spaces.models import Space
from spaces.services.members import membership_of

DAYS_AT_MOST = 366
DAYS_UNLESS_SAID = 30
STAYS_AT_MOST = 50_000
SESSIONS_AT_MOST = 200


class Figures(NamedTuple):
    """What happened in some stretch of time; `minutes` are of people, `peak` is how many at once."""

    sessions: int
    people: int
    minutes: float
    peak: int


class DayFigures(NamedTuple):
    """One day's."""

    day: date
    figures: Figures


class SessionFigures(NamedTuple):
    """One session's, in the range; `seconds` are from its first stay in it to the end of its last."""

    session: Session
    seconds: float
    figures: Figures


@dataclass
class SpaceStatistics:
    """A space from one day to another, both included."""

    space: Space
    first: date
    last: date
    totals: Figures
    days: list[DayFigures]
    sessions: list[SessionFigures]
    complete: bool


class _Stay(NamedTuple):
    """Somebody's time in a call."""

    session_id: UUID
    person: UUID  # a user is the same one in every session, a guest in one alone
    spans: list[Span]


def space_statistics(
    *, actor: User, space_id: UUID, first: date | None = None, last: date | None = None
) -> SpaceStatistics:
    """Return the statistics of a space to who keeps order in it, of the last thirty days unless said.

    At most 366 days; the newest 50,000 stays are counted, the 200 newest sessions listed. Raises
    SpaceNotFound, NotAllowed, Invalid.
    """
    membership = membership_of(actor=actor, space_id=space_id)
    if not keeps_order(membership.role):
        raise NotAllowed
    return statistics_of_space(membership.space, *range_of_days(first, last))


def statistics_of_space(space: Space, first: date, last: date) -> SpaceStatistics:
    """Reckon the statistics of a space; two queries."""
    whole = Span(_midnight(first), _midnight(last + timedelta(days=1)))
    stays = _stays(space, whole)
    by_session: dict[UUID, list[_Stay]] = defaultdict(list)
    for stay in stays:
        by_session[stay.session_id].append(stay)
    rows = Session.objects.filter(pk__in=list(by_session)[:SESSIONS_AT_MOST]).order_by("-started_at", "pk")
    return SpaceStatistics(
        space=space,
        first=first,
        last=last,
        totals=_figures(stays),
        days=_days(stays, first, last),
        sessions=[_session(session, by_session[session.pk]) for session in rows],
        complete=len(stays) < STAYS_AT_MOST and len(by_session) <= SESSIONS_AT_MOST,
    )


def range_of_days(first: date | None, last: date | None) -> tuple[date, date]:
    """Return the days to look at, where they were not said; raises Invalid for too many, or none."""
    last = last or timezone.now().astimezone(UTC).date()
    try:
        first = first or last - timedelta(days=DAYS_UNLESS_SAID - 1)
        last + timedelta(days=1)
    except OverflowError:
        raise Invalid.field("from", "out_of_range", _("Choose other days.")) from None
    if first > last:
        raise Invalid.field("from", "after_to", _("The first day comes after the last one."))
    if (last - first).days >= DAYS_AT_MOST:
        raise Invalid.field("from", "too_long", _("Choose 366 days at most."))
    return first, last


def _stays(space: Space, whole: Span) -> list[_Stay]:
    """Return the stays that touch the range, cut at its edges, the newest first."""
    rows = (
        Connection.objects.filter(
            Q(left_at=None) | Q(left_at__gte=whole.start),
            participant__session__space=space,
            joined_at__lt=whole.end,
        )
        .select_related("participant")
        .only("joined_at", "left_at", "gaps", "participant__user_id", "participant__session_id")
        .order_by("-joined_at", "pk")
    )
    until = min(whole.end, timezone.now())
    if until <= whole.start:
        return []  # nobody has been anywhere yet
    return [_stay(row, whole, until) for row in rows[:STAYS_AT_MOST]]


def _stay(row: Connection, whole: Span, until: datetime) -> _Stay:
    moment = max(whole.start, row.joined_at or whole.start)
    spans = list(common(spans_of(row, until), [whole])) or [Span(moment, moment)]
    person = row.participant.user_id or row.participant_id
    return _Stay(row.participant.session_id, person, spans)


def _figures(stays: list[_Stay]) -> Figures:
    """Return what these stays were; nobody is counted twice at once, in however many tabs and calls."""
    by_person: dict[UUID, list[Span]] = defaultdict(list)
    for stay in stays:
        by_person[stay.person] += stay.spans
    times = [merged(spans) for spans in by_person.values()]
    return Figures(
        sessions=len({stay.session_id for stay in stays}),
        people=len(by_person),
        minutes=round(sum(map(seconds_of, times)) / 60, 1),
        peak=max(most_at_once(span for spans in times for span in spans), 1 if stays else 0),
    )


def _days(stays: list[_Stay], first: date, last: date) -> list[DayFigures]:
    by_day: dict[date, list[_Stay]] = defaultdict(list)
    for stay in stays:
        for day, spans in _by_day(stay.spans).items():
            by_day[day].append(stay._replace(spans=spans))
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    return [DayFigures(day, _figures(by_day[day])) for day in days]


def _by_day(spans: Iterable[Span]) -> dict[date, list[Span]]:
    """Cut spans at every midnight."""
    by_day: dict[date, list[Span]] = defaultdict(list)
    for span in spans:
        start, end = span.start.astimezone(UTC), span.end.astimezone(UTC)
        while (midnight := _midnight(start.date() + timedelta(days=1))) < end:
            by_day[start.date()].append(Span(start, midnight))
            start = midnight
        by_day[start.date()].append(Span(start, end))
    return by_day


def _session(session: Session, stays: list[_Stay]) -> SessionFigures:
    spans = [span for stay in stays for span in stay.spans]
    seconds = (max(span.end for span in spans) - min(span.start for span in spans)).total_seconds()
    return SessionFigures(session, seconds, _figures(stays))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)
