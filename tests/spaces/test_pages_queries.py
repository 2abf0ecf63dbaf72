"""What the pages of a space ask the database, with one row, with one row and with thirty: the same."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from chat.models import Attachment, Mention, Message, Reaction, SpaceLog
from sessions.models import Session
from spaces.models import Channel, Invitation, Membership, Notification, Space
from tests.factories import make_channel, make_user
from tests.helpers import Person


def fill(space: Space, person: Person, number: int) -> None:
    for place in range(number):
        user = make_user(f"person{place}@example.org", f"Person {place:02}")
        Membership.objects.create(space=space, user=user)
        Invitation.objects.create(space=space, created_by=user)
        Notification.objects.create(user=person.user, kind="space.added", space=space)
        make_channel(space, f"Channel {place}")
        text = make_channel(space, f"Text {place}", kind="text")
        Message.objects.create(channel=text, offset=place + 1, author=user, text="Ahoy")
        Session.objects.create(title=f"Session {place}", space=space, access=Session.Access.MEMBERS)
        over = Session.objects.create(title=f"Over {place}", space=space)
        Session.objects.filter(pk=over.pk).update(
            status=Session.Status.ENDED, ended_at=timezone.now(), ended_reason=Session.EndedReason.EMPTY
        )


def write_in(channel: Channel, number: int) -> None:
    """Let many write, answer, mention, react and send files."""
    SpaceLog.objects.create(space=channel.space, offset=2000)
    for place, member in enumerate(channel.space.memberships.all()[:number]):
        message = Message.objects.create(
            channel=channel, offset=1000 + place, author=member.user, text="Ahoy"
        )
        message.reply_to = message
        message.save()
        Mention.objects.create(message=message, user=member.user, channel=channel, offset=message.offset)
        Reaction.objects.create(message=message, user=member.user, emoji="\N{WAVING HAND SIGN}")
        Attachment.objects.create(channel=channel, message=message, name="a", size=1)


@pytest.mark.parametrize("number", [1, 30])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/spaces/{space}/", 12),
        ("/spaces/{space}/settings/", 11),
        ("/spaces/{space}/members/", 12),
        ("/spaces/{space}/invitations/", 13),
        ("/spaces/{space}/channels/", 11),
        ("/channels/{channel}/", 12),
        ("/channels/{text}/", 19),
        ("/notifications/", 12),
        ("/spaces/new/", 12),
        ("/sessions/?space={space}", 13),
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
    text = make_channel(space, "The last one to write in", kind="text")
    write_in(text, number)
    with django_assert_num_queries(queries):
        answer = alice.get(path.format(space=space.pk, channel=channel.pk, text=text.pk))
    assert answer.status_code == 200


def test_invitation_asks_little(space: Space, stranger: Person, django_assert_num_queries: Callable) -> None:
    invitation = Invitation.objects.create(space=space)
    with django_assert_num_queries(5):
        assert stranger.get(f"/invite/{invitation.token}/").status_code == 200
