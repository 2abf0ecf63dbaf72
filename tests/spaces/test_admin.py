"""The admin of spaces: found by search, and changed as people change it."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from identity.models import User
from spaces.models import Channel, Invitation, Membership, Notification, Space
from tests.factories import make_channel, make_space, make_user
from tests.helpers import Person

KINDS = ("space", "membership", "invitation", "channel", "notification")


def page(kind: str, what: str = "changelist", *arguments: Any) -> str:
    return reverse(f"admin:spaces_{kind}_{what}", args=arguments)


@pytest.fixture
def root(db: None) -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("root@example.org", "a-password"))
    return browser


@pytest.fixture
def filled(space: Space, alice: Person) -> Space:
    """A space with one of everything."""
    make_channel(space)
    Invitation.objects.create(space=space, created_by=alice.user)
    Notification.objects.create(space=space, user=alice.user, kind="space.renamed", content={"x": 1})
    return space


@pytest.mark.parametrize("kind", KINDS)
def test_everything_is_found_by_the_name_of_its_space(root: Client, filled: Space, kind: str) -> None:
    assert "Northlight" in root.get(page(kind), {"q": "Northlight"}).content.decode()
    assert "result_list" not in root.get(page(kind), {"q": "Nowhere"}).content.decode()


@pytest.mark.parametrize("kind", KINDS)
def test_every_row_opens(root: Client, filled: Space, kind: str) -> None:
    row: Any = {
        "space": Space, "membership": Membership, "invitation": Invitation, "channel": Channel,
        "notification": Notification,
    }[kind].objects.first()  # fmt: skip
    assert root.get(page(kind, "change", row.pk)).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_list_asks_as_little_for_many(root: Client, kind: str, django_assert_max_num_queries: Any) -> None:
    for number in range(30):
        user = make_user(f"{number}@example.org")
        space = make_space(f"Space {number}", owner=user)
        make_channel(space)
        Invitation.objects.create(space=space, created_by=user)
        Notification.objects.create(space=space, user=user, kind="space.renamed")
    with django_assert_max_num_queries(6):
        assert root.get(page(kind)).status_code == 200


def test_renaming_here_is_told_like_any_other(
    root: Client, bob: Person, space: Space, pushes: list, commits: Any
) -> None:
    form = {"name": "Fleet", "description": "", "mode": "sessions_only"}
    with commits():
        assert root.post(page("space", "change", space.pk), form).status_code == 302
    assert (f"space:{space.pk}", "space.changed") in [(group, event) for group, event, _payload in pushes]
    assert Notification.objects.get(user=bob.user).content["name_before"] == "Northlight Ferries"


def test_space_deleted_here_leaves_nobody_without_one(root: Client, bob: Person, space: Space) -> None:
    root.post(page("space", "delete", space.pk), {"post": "yes"})
    assert not Space.objects.filter(pk=space.pk).exists()
    assert Membership.objects.get(user=bob.user).role == "owner"


def test_spaces_deleted_by_the_dozen_leave_nobody_without_one(
    root: Client, bob: Person, space: Space
) -> None:
    chosen = [space.pk, make_space("Own", owner=bob.user).pk]
    root.post(page("space"), {"action": "delete_selected", "post": "yes", "_selected_action": chosen})
    assert [space.name for space in Space.objects.filter(memberships__user=bob.user)] == ["Space of Bob"]


def test_owner_made_here_is_the_only_one(root: Client, bob: Person, alice: Person, space: Space) -> None:
    member = Membership.objects.get(user=bob.user)
    root.post(page("membership", "change", member.pk), {"role": "owner"})
    roles = dict(space.memberships.values_list("user__display_name", "role"))
    assert roles == {"Alice": "moderator", "Mona": "moderator", "Bob": "owner"}


def test_owner_is_not_removed_here(root: Client, bob: Person, alice: Person, space: Space) -> None:
    owner = Membership.objects.get(user=alice.user)
    assert root.post(page("membership", "delete", owner.pk), {"post": "yes"}).status_code == 403
    delete = {"action": "delete_selected", "post": "yes"}
    everybody = list(space.memberships.values_list("pk", flat=True))
    assert root.post(page("membership"), {**delete, "_selected_action": everybody}).status_code == 403
    others = list(space.memberships.exclude(pk=owner.pk).values_list("pk", flat=True))
    root.post(page("membership"), {**delete, "_selected_action": others})
    assert list(space.memberships.values_list("role", flat=True)) == ["owner"]
    assert Membership.objects.get(user=bob.user).role == "owner"


def test_member_added_here_is_told(root: Client, stranger: Person, space: Space) -> None:
    form = {"space": space.pk, "user": stranger.user.pk, "role": "member"}
    assert root.post(page("membership", "add"), form).status_code == 302
    assert Notification.objects.get(user=stranger.user).kind == "space.added"
    assert root.post(page("membership", "add"), {**form, "role": "owner"}).status_code == 200


def test_invitation_is_revoked_here(root: Client, filled: Space) -> None:
    invitation = Invitation.objects.get()
    root.post(page("invitation"), {"action": "revoke", "_selected_action": [invitation.pk]})
    invitation.refresh_from_db()
    assert invitation.state == "revoked"
    assert invitation.token not in root.get(page("invitation", "change", invitation.pk)).content.decode()


def test_channel_changed_and_deleted_here_is_told(
    root: Client, filled: Space, pushes: list, commits: Any
) -> None:
    channel = Channel.objects.get()
    with commits():
        root.post(page("channel", "change", channel.pk), {"name": "Hold", "topic": "", "max_participants": 3})
        root.post(page("channel", "delete", channel.pk), {"post": "yes"})
    events = [event for group, event, _payload in pushes if group == f"space:{filled.pk}"]
    assert events == ["channel.changed", "channel.deleted"]
