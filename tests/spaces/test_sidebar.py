"""What stands beside every page of a space: cheap, and whole even if an app above fails."""

from collections.abc import Iterator
from typing import Any

import pytest

from spaces.models import Membership, Notification, Space
from spaces.services.members import membership_of
from spaces.services.sidebar import Sidebar, sidebar_of
from spaces.signals import sidebar_assembling
from tests.factories import make_channel, make_space, make_user
from tests.helpers import Person


@pytest.fixture
def above() -> Iterator[list[Any]]:
    """Let apps above answer with these (an exception is raised)."""
    answers: list[Any] = []
    before, sidebar_assembling.receivers = sidebar_assembling.receivers, []
    sidebar_assembling.sender_receivers_cache.clear()

    def receiver(number: int) -> Any:
        def answer(**_question: Any) -> Any:
            if isinstance(answers[number], Exception):
                raise answers[number]
            return answers[number]

        return answer

    receivers = [receiver(number) for number in range(3)]
    answers += [{}, {}, {}]
    for one in receivers:
        sidebar_assembling.connect(one)
    yield answers
    sidebar_assembling.receivers = before
    sidebar_assembling.sender_receivers_cache.clear()


def sidebar(person: Person, space: Space) -> Sidebar:
    return sidebar_of(membership_of(actor=person.user, space_id=space.pk))


def test_sidebar_shows_ones_spaces_channels_and_unread_news(
    bob: Person, space: Space, above: list[Any]
) -> None:
    own = make_space("Bob’s own", owner=bob.user)
    galley = make_channel(space)
    Notification.objects.create(user=bob.user, kind="space.renamed")
    shown = sidebar(bob, space)
    assert (shown.space, shown.membership.role) == (space, "member")
    assert shown.spaces == [own, space]
    assert shown.channels == [galley]
    assert (shown.members_count, shown.unread, shown.online_count) == (3, 1, 1)


def test_answers_of_apps_above_are_put_together(bob: Person, space: Space, above: list[Any]) -> None:
    galley = make_channel(space)
    face = {"participant_id": "1", "display_name": "Dana"}
    above[:] = [
        {"faces": {galley.pk: [face]}, "live": [{"id": "1"}], "where": {bob.user.pk: "Galley"}},
        {"live": [{"id": "2"}], "unread": {galley.pk: {"unread": True, "mentions": 2}}},
        {},
    ]
    shown = sidebar(bob, space)
    assert shown.faces == {str(galley.pk): [face]}
    assert shown.live == [{"id": "1"}, {"id": "2"}]
    assert shown.where == {str(bob.user.pk): "Galley"}
    assert shown.written == {str(galley.pk): {"unread": True, "mentions": 2}}


@pytest.mark.parametrize("fault", [RuntimeError("broken"), None, "no dict"])
def test_app_above_that_fails_takes_nothing_else_away(
    bob: Person, space: Space, above: list[Any], fault: Any, caplog: pytest.LogCaptureFixture
) -> None:
    above[:] = [fault, {"live": [{"id": "2"}]}, {}]
    assert sidebar(bob, space).live == [{"id": "2"}]
    assert "answered no sidebar" in caplog.text


@pytest.mark.parametrize("count", [1, 30])
def test_sidebar_asks_as_little_for_many(
    bob: Person, space: Space, above: list[Any], django_assert_num_queries: Any, count: int
) -> None:
    for number in range(count):
        make_space(f"Space {number}", owner=bob.user)
        make_channel(space, f"Channel {number}")
        Membership.objects.create(space=space, user=make_user(f"{number}@example.org"))
    with django_assert_num_queries(5):  # own membership, spaces, channels, members, unread news
        sidebar(bob, space)
