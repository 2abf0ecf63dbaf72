"""The arithmetic of statistics, against a model that looks at every second."""

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from sessions.services.statistics import Span, common, merged, most_at_once, seconds_of

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
LAST = 40


def at(second: int) -> datetime:
    return NOON + timedelta(seconds=second)


def held(spans: list[Span]) -> set[int]:
    """Every second that one of the spans holds."""
    return {second for span in spans for second in range(second_of(span.start), second_of(span.end))}


def second_of(moment: datetime) -> int:
    return int((moment - NOON).total_seconds())


unhurried = settings(deadline=None)
moments = st.integers(min_value=0, max_value=LAST)
spans = st.builds(lambda a, b: Span(at(min(a, b)), at(max(a, b))), moments, moments)
several = st.lists(spans, max_size=8)


@unhurried
@given(several)
def test_merged_time_is_the_same_time_once(some: list[Span]) -> None:
    union = merged(some)
    assert held(union) == held(some)
    assert seconds_of(union) == len(held(some))
    assert all(one.end < other.start for one, other in itertools.pairwise(union))


@unhurried
@given(several, several)
def test_common_time_is_held_by_both(one: list[Span], other: list[Span]) -> None:
    shared = list(common(merged(one), merged(other)))
    assert held(shared) == held(one) & held(other)
    assert seconds_of(shared) == len(held(one) & held(other))


@unhurried
@given(st.lists(several, max_size=6))
def test_peak_is_that_of_the_fullest_second(people: list[list[Span]]) -> None:
    """A person in two tabs is one; who leaves as another comes makes room."""
    fullest = max((sum(second in held(own) for own in people) for second in range(LAST + 1)), default=0)
    assert most_at_once(span for own in people for span in merged(own)) == fullest
