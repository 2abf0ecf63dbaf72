"""What the pages of a space ask the database, with one row and with thirty: never more than twelve."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from sessions.models import Session
from spaces.models import Invitation, Membership, Notification, Space
from tests.factories import make_channel, make_user
from tests.helpers import Person


def fill(space: Space, person: Person, number: int) -> None:
    for place in range(number):
        user = make_user(f"person{place}@example.org", f"Person {place:02}")
        Membership.objects.create(space=space, user=user)
        Invitation.objects.create(space=space, created_by=user)
        Notification.objects.create(user=person.user, kind="space.added", space=space)
        make_channel(space, f"Channel {place}")
        Session.objects.create(title=f"Session {place}", space=space, access=Session.Access.MEMBERS)
        over = Session.objects.create(title=f"Over {place}", space=space)
        Session.objects.filter(pk=over.pk).update(
            status=Session.Status.ENDED, ended_at=timezone.now(), ended_reason=Session.EndedReason.EMPTY
        )


@pytest.mark.parametrize("number", [1, 30])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/spaces/{space}/", 11),
        ("/spaces/{space}/settings/", 10),
        ("/spaces/{space}/members/", 11),
        ("/spaces/{space}/invitations/", 12),
        ("/spaces/{space}/channels/", 10),
        ("/channels/{channel}/", 11),
        ("/notifications/", 11),
        ("/spaces/new/", 11),
        ("/sessions/?space={space}", 12),
    ],
)
def test_pages_ask_little(
    path: str,
    queries: int,
    number: int,
    space: Space,
    alice: Person,
    django_assert_num_queries: Callable,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fill(space, alice, number)
    online = {str(member.user_id) for member in space.memberships.all()}
    monkeypatch.setattr("spaces.services.sidebar.online_in", lambda _space_id: online)
    channel = make_channel(space, "The last one")
    with django_assert_num_queries(queries):
        answer = alice.get(path.format(space=space.pk, channel=channel.pk))
    assert answer.status_code == 200


def test_invitation_asks_little(space: Space, stranger: Person, django_assert_num_queries: Callable) -> None:
    invitation = Invitation.objects.create(space=space)
    with django_assert_num_queries(5):
        assert stranger.get(f"/invite/{invitation.token}/").status_code == 200
