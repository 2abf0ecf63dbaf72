"""The pages of members and invitations, and the page that an invitation opens."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from spaces.models import Invitation, Membership, Space
from tests.factories import make_user
from tests.helpers import Person
from tests.spaces.pages import main_of, post

Role = Membership.Role


def member(space: Space, person: Person) -> Membership:
    return Membership.objects.get(space=space, user=person.user)


def fill(space: Space, number: int) -> None:
    for place in range(number):
        user = make_user(f"person{place}@example.org", f"Person {place:02}")
        Membership.objects.create(space=space, user=user)


@pytest.fixture
def members_page(space: Space) -> str:
    return f"/spaces/{space.pk}/members/"


@pytest.fixture
def invitations_page(space: Space) -> str:
    return f"/spaces/{space.pk}/invitations/"


def test_owner_changes_a_role(space: Space, alice: Person, bob: Person, members_page: str) -> None:
    answer = post(alice, members_page, action="role", member=member(space, bob).pk, role="moderator")
    assert answer.status_code == 303
    assert member(space, bob).role == Role.MODERATOR


def test_moderator_changes_no_role(space: Space, mona: Person, bob: Person, members_page: str) -> None:
    answer = post(mona, members_page, action="role", member=member(space, bob).pk, role="moderator")
    assert answer.status_code == 403
    assert "Only the owner of the space may do this." in main_of(answer)
    assert member(space, bob).role == Role.MEMBER
    assert "Make owner" not in main_of(mona.get(members_page))


def test_moderator_removes_a_member_but_not_the_owner(
    space: Space, alice: Person, mona: Person, bob: Person, members_page: str
) -> None:
    assert post(mona, members_page, action="remove", member=member(space, alice).pk).status_code == 403
    assert post(mona, members_page, action="remove", member=member(space, bob).pk).status_code == 303
    assert not Membership.objects.filter(space=space, user=bob.user).exists()


def test_owner_hands_the_space_over(space: Space, alice: Person, bob: Person, members_page: str) -> None:
    post(alice, members_page, action="hand_over", member=member(space, bob).pk)
    assert member(space, bob).role == Role.OWNER
    assert member(space, alice).role == Role.MODERATOR


def test_unknown_member_is_not_found(alice: Person, members_page: str) -> None:
    answer = post(alice, members_page, action="remove", member="nobody")
    assert answer.status_code == 404
    assert "There is no such member in this space." in main_of(answer)


def test_members_are_found_by_name_and_never_by_mail(space: Space, alice: Person, members_page: str) -> None:
    fill(space, 3)
    page = main_of(alice.get(f"{members_page}?q=person+02"))
    assert "Person 02" in page
    assert "Person 01" not in page
    assert "Nobody here is called “zzz”." in main_of(alice.get(f"{members_page}?q=zzz"))
    assert "@example.org" not in main_of(alice.get(members_page))


def test_search_while_typing_keeps_its_address_so_that_a_reload_finds_the_same(
    alice: Person, members_page: str
) -> None:
    body = alice.get(members_page).content.decode()
    (form,) = re.findall(r'<form class="nz-find".*?>', body, flags=re.DOTALL)
    assert 'hx-replace-url="true"' in form
    # The other one wins, and keeps the address as it is.
    assert "hx-push-url" not in form


def test_long_lists_go_over_pages(space: Space, alice: Person, members_page: str) -> None:
    fill(space, 30)
    first, second = alice.get(members_page), alice.get(f"{members_page}?page=2")
    assert "Person 26" in main_of(first)
    assert "Person 27" not in main_of(first)
    assert "Person 27" in main_of(second)
    assert alice.get(f"{members_page}?page=99").status_code == 200
    assert alice.get(f"{members_page}?page=-1&q=%00").status_code == 200


def test_owner_makes_a_link_and_revokes_it(space: Space, alice: Person, invitations_page: str) -> None:
    fields = {"role": "moderator", "expires_in": "7", "max_uses": "10", "note": "for the new crew"}
    assert post(alice, invitations_page, **fields).status_code == 303
    made = Invitation.objects.get()
    assert (made.role, made.max_uses, made.note) == ("moderator", 10, "for the new crew")
    assert made.expires_at
    assert timedelta(days=6) < made.expires_at - timezone.now() <= timedelta(days=7)
    page = alice.get(invitations_page)
    assert f"/invite/{made.token}/" in page.content.decode()
    assert "0 of 10" in main_of(page)

    post(alice, invitations_page, action="revoke", invitation=made.pk)

    made.refresh_from_db()
    assert made.state == "revoked"
    page = alice.get(invitations_page)
    assert "taken back" in main_of(page)
    assert f"/invite/{made.token}/" not in page.content.decode()


def test_link_without_an_end(space: Space, alice: Person, invitations_page: str) -> None:
    post(alice, invitations_page, role="member", expires_in="never", max_uses="never")
    made = Invitation.objects.get()
    assert (made.expires_at, made.max_uses) == (None, None)


def test_moderator_makes_no_moderators(
    space: Space, mona: Person, alice: Person, invitations_page: str
) -> None:
    answer = post(mona, invitations_page, role="moderator", expires_in="7", max_uses="1")
    assert answer.status_code == 400
    assert not Invitation.objects.exists()
    invitation = Invitation.objects.create(space=space, role="moderator", created_by=alice.user)
    assert invitation.token not in mona.get(invitations_page).content.decode()


def test_member_sees_no_links(space: Space, bob: Person, invitations_page: str) -> None:
    assert bob.get(invitations_page).status_code == 403
    assert post(bob, invitations_page, role="member", expires_in="7", max_uses="1").status_code != 303
    assert not Invitation.objects.exists()


def test_ends_of_links_are_told(space: Space, alice: Person, invitations_page: str) -> None:
    Invitation.objects.create(space=space, max_uses=2, uses=2)
    Invitation.objects.create(space=space, expires_at=timezone.now() - timedelta(days=1))
    page = main_of(alice.get(invitations_page))
    assert "used up" in page
    assert "expired" in page


def test_invited_person_reads_to_what_and_joins(space: Space, alice: Person, stranger: Person) -> None:
    invitation = Invitation.objects.create(space=space, created_by=alice.user, max_uses=1)
    path = f"/invite/{invitation.token}/"
    page = stranger.get(path)
    assert "Northlight Ferries" in main_of(page)
    assert "Alice invites you." in main_of(page)
    assert "Join the space" in main_of(page)
    assert page["Referrer-Policy"] == "same-origin"

    answer = post(stranger, path)

    assert answer["Location"] == f"/spaces/{space.pk}/"
    assert member(space, stranger).role == Role.MEMBER
    assert stranger.get(answer["Location"]).status_code == 200


def test_who_must_log_in_first_comes_back_to_the_invitation(space: Space, mallory: Person) -> None:
    invitation = Invitation.objects.create(space=space)
    path = f"/invite/{invitation.token}/"
    page = mallory.get(path)
    assert f'href="/login/?next={path}"' in page.content.decode()
    assert "Northlight Ferries" in main_of(page)
    assert post(mallory, path)["Location"] == f"/login/?next={path}"


def test_member_is_led_on_without_using_the_link(space: Space, bob: Person) -> None:
    invitation = Invitation.objects.create(space=space, max_uses=1)
    assert "You are a member already." in main_of(bob.get(f"/invite/{invitation.token}/"))
    assert post(bob, f"/invite/{invitation.token}/")["Location"] == f"/spaces/{space.pk}/"
    invitation.refresh_from_db()
    assert invitation.uses == 0


def test_links_that_let_nobody_in_look_alike(space: Space, stranger: Person) -> None:
    used = Invitation.objects.create(space=space, max_uses=1, uses=1)
    late = Invitation.objects.create(space=space, expires_at=timezone.now() - timedelta(days=1))
    gone = Invitation.objects.create(space=space, revoked_at=timezone.now())
    pages = [stranger.get(f"/invite/{token}/") for token in (used.token, late.token, gone.token, "x" * 24)]
    assert {page.status_code for page in pages} == {404}
    assert len({main_of(page) for page in pages}) == 1
    assert "Northlight" not in main_of(pages[0])
    assert post(stranger, f"/invite/{used.token}/").status_code == 404


def test_guessing_links_is_slowed_down(stranger: Person) -> None:
    answers = [stranger.get(f"/invite/{number:024}/").status_code for number in range(21)]
    assert answers == [404] * 20 + [429]
    page = stranger.get(f"/invite/{'y' * 24}/")
    assert "Too many tries" in main_of(page)
    assert page["Retry-After"]
