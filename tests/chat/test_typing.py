"""Signs that somebody is typing."""

from collections.abc import Callable
from typing import Any

from spaces.models import Channel, Space
from tests.factories import make_channel
from tests.helpers import Person, code_of


def test_members_are_told_who_types(
    bob: Person, space: Space, channel: Channel, pushes: list, commits: Callable
) -> None:
    with commits():
        assert bob.post(f"channels/{channel.pk}/typing/").status_code == 204
    assert bob.user
    assert pushes == [
        (
            f"space:{space.pk}",
            "typing.started",
            {
                "channel_id": str(channel.pk),
                "user_id": str(bob.user.pk),
                "participant_id": None,
                "display_name": "Bob",
            },
        )
    ]


def test_one_sign_in_two_seconds_in_each_channel(
    alice: Person, bob: Person, space: Space, channel: Channel, pushes: list, commits: Callable
) -> None:
    other = make_channel(space, "watch", kind=Channel.Type.TEXT)
    with commits():
        assert bob.post(f"channels/{channel.pk}/typing/").status_code == 204
        assert code_of(bob.post(f"channels/{channel.pk}/typing/")) == (429, "rate_limited")
        assert bob.post(f"channels/{other.pk}/typing/").status_code == 204
        assert alice.post(f"channels/{channel.pk}/typing/").status_code == 204
    assert len(pushes) == 3


def test_nothing_is_written_for_it(
    bob: Person, channel: Channel, django_assert_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_num_queries(3):  # the login session, its user, the door
        bob.post(f"channels/{channel.pk}/typing/")
