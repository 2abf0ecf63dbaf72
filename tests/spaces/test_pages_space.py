"""The pages of a space itself: making one, the overview, its settings."""

import pytest

from identity.models import User
from spaces.models import Membership, Space
from tests.factories import make_channel, make_space, make_user
from tests.helpers import Person
from tests.spaces.pages import main_of, post, words


@pytest.fixture
def newcomer(db: None) -> Person:
    return Person("203.0.113.30").log_in(make_user("new@example.org", "Nora"))


def test_nobody_known_is_led_to_the_login_and_back(space: Space, mallory: Person) -> None:
    for path in (f"/spaces/{space.pk}/", f"/spaces/{space.pk}/members/", "/notifications/", "/welcome/"):
        answer = mallory.get(path)
        assert answer.status_code == 302
        assert answer["Location"] == f"/login/?next={path}"


def test_stranger_finds_no_page_of_a_space(space: Space, stranger: Person) -> None:
    channel = make_channel(space)
    for part in ("", "settings/", "members/", "invitations/", "channels/"):
        assert stranger.get(f"/spaces/{space.pk}/{part}").status_code == 404
    assert stranger.get(f"/channels/{channel.pk}/").status_code == 404


def test_without_accounts_there_are_no_spaces(space: Space, alice: Person, settings: object) -> None:
    settings.ACCOUNTS = False  # type: ignore[attr-defined]
    for path in (f"/spaces/{space.pk}/", "/notifications/", "/welcome/", "/spaces/new/", "/invite/abc/"):
        assert alice.get(path).status_code == 404


def test_first_space_is_made_with_a_name(newcomer: Person) -> None:
    assert "Nora’s space" in newcomer.get("/welcome/").content.decode()

    answer = post(newcomer, "/welcome/", name="  Night shift ", description="")

    made = Space.objects.get()
    assert (made.name, made.mode) == ("Night shift", Space.Mode.SESSIONS_ONLY)
    assert answer.status_code == 303
    assert answer["Location"] == f"/spaces/{made.pk}/"
    assert newcomer.get("/welcome/")["Location"] == "/"


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        ("/session/abcd-efgh-ijkm/", "/session/abcd-efgh-ijkm/"),
        ("//evil.example/", "/spaces/"),
        ("", "/spaces/"),
    ],
)
def test_newcomer_goes_on_where_they_wanted_to_go_before_the_login(
    newcomer: Person, wanted: str, where: str
) -> None:
    newcomer.get("/welcome/")
    answer = post(newcomer, f"/welcome/?next={wanted}", name="Night shift")
    assert (answer.status_code, answer["Location"][: len(where)]) == (303, where)


def test_first_space_needs_a_name(newcomer: Person) -> None:
    answer = post(newcomer, "/welcome/", name=" \u202e ")
    assert answer.status_code == 400
    assert "Give the space a name." in words(answer)
    assert not Space.objects.exists()


def test_tasks_are_not_offered_while_there_is_no_app_of_tasks(newcomer: Person) -> None:
    assert "tasks" not in words(newcomer.get("/welcome/")).lower()
    post(newcomer, "/welcome/", name="Night shift", mode="sessions_and_tasks")
    assert Space.objects.get().mode == Space.Mode.SESSIONS_ONLY


def test_modes_are_offered_once_there_is_a_choice(newcomer: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    modes = [mode.value for mode in Space.Mode]
    monkeypatch.setattr("spaces.views.places.modes_offered", lambda: modes)
    monkeypatch.setattr("spaces.services.spaces.modes_offered", lambda: modes)
    assert "Sessions and tasks" in words(newcomer.get("/welcome/"))
    post(newcomer, "/welcome/", name="Night shift", mode="sessions_and_tasks")
    assert Space.objects.get().mode == Space.Mode.SESSIONS_AND_TASKS


def test_who_has_no_space_yet_makes_one_first(newcomer: Person) -> None:
    assert newcomer.get("/spaces/new/")["Location"] == "/welcome/"


def test_another_space_is_made_and_gone_to(space: Space, bob: Person) -> None:
    answer = post(bob, "/spaces/new/", name="Bob’s own")
    made = Space.objects.exclude(pk=space.pk).get()
    assert answer["Location"] == f"/spaces/{made.pk}/"
    assert bob.user
    bob.user.refresh_from_db()
    assert bob.user.active_space_id == made.pk


def test_switching_leads_to_the_other_space(space: Space, bob: Person) -> None:
    assert bob.user
    other = make_space("Bob’s own", owner=bob.user)
    answer = post(bob, "/spaces/active/", space=space.pk)
    assert answer["Location"] == f"/spaces/{space.pk}/"
    assert User.objects.get(pk=bob.user.pk).active_space_id == space.pk
    page = bob.get(f"/spaces/{space.pk}/").content.decode()
    assert f'value="{other.pk}"' in page


def test_switching_to_a_foreign_space_is_refused(space: Space, stranger: Person) -> None:
    assert post(stranger, "/spaces/active/", space=space.pk).status_code == 404
    assert post(stranger, "/spaces/active/", space="no-id").status_code == 400


def test_overview_shows_channels_and_how_to_come_in(space: Space, bob: Person) -> None:
    channel = make_channel(space, "Galley")
    page = bob.get(f"/spaces/{space.pk}/")
    assert page.status_code == 200
    assert "Galley" in main_of(page)
    body = page.content.decode()
    assert f'data-enter-channel="{channel.pk}"' in body
    assert f'data-space="{space.pk}"' in body
    assert 'id="call-dock"' in body
    assert 'id="face-template"' in body


def test_text_channels_come_first_as_in_the_sidebar(space: Space, bob: Person) -> None:
    spoken = make_channel(space, "Galley")
    written = make_channel(space, "general", kind="text")
    cards = str(bob.get(f"/spaces/{space.pk}/").content).partition("nz-channel-cards")[2]
    assert cards.index(f'data-channel="{written.pk}"') < cards.index(f'data-channel="{spoken.pk}"')


def test_text_channels_stay_out_of_sight_without_chat(space: Space, bob: Person, without_chat: None) -> None:
    make_channel(space, "general", kind="text")
    assert "general" not in words(bob.get(f"/spaces/{space.pk}/"))


def test_members_are_not_offered_what_moderators_do(space: Space, bob: Person, mona: Person) -> None:
    assert f"/spaces/{space.pk}/invitations/" in mona.get(f"/spaces/{space.pk}/").content.decode()
    body = bob.get(f"/spaces/{space.pk}/").content.decode()
    assert f"/spaces/{space.pk}/invitations/" not in body
    assert f"/spaces/{space.pk}/channels/" not in body


def test_owner_renames_the_space(space: Space, alice: Person) -> None:
    answer = post(alice, f"/spaces/{space.pk}/settings/", action="save", name="Southlight", description="New")
    assert answer.status_code == 303
    space.refresh_from_db()
    assert (space.name, space.description) == ("Southlight", "New")
    assert "Saved" in main_of(alice.get(answer["Location"]))


def test_moderator_describes_but_does_not_rename(space: Space, mona: Person) -> None:
    post(mona, f"/spaces/{space.pk}/settings/", action="save", name="Mine now", description="Boats")
    space.refresh_from_db()
    assert (space.name, space.description) == ("Northlight Ferries", "Boats")


def test_member_changes_nothing(space: Space, bob: Person) -> None:
    answer = post(bob, f"/spaces/{space.pk}/settings/", action="save", description="Mine")
    assert answer.status_code == 403
    assert "Only the owner and the moderators of the space may do this." in main_of(answer)
    space.refresh_from_db()
    assert space.description == ""


def test_settings_say_what_is_wrong_with_a_name(space: Space, alice: Person) -> None:
    answer = post(alice, f"/spaces/{space.pk}/settings/", action="save", name="", description="")
    assert answer.status_code == 400
    assert "Give the space a name." in main_of(answer)


def test_only_space_is_not_offered_for_deletion(space: Space, alice: Person) -> None:
    page = main_of(alice.get(f"/spaces/{space.pk}/settings/"))
    assert "This is your only space. Make another one before you delete it." in page
    answer = post(alice, f"/spaces/{space.pk}/settings/", action="delete")
    assert answer.status_code == 409
    assert Space.objects.filter(pk=space.pk).exists()


def test_owner_deletes_one_of_two_spaces(space: Space, alice: Person) -> None:
    assert alice.user
    make_space("Another", owner=alice.user)
    answer = post(alice, f"/spaces/{space.pk}/settings/", action="delete")
    assert answer.status_code == 303
    assert not Space.objects.filter(pk=space.pk).exists()


def test_moderator_does_not_delete_the_space(space: Space, mona: Person) -> None:
    assert mona.user
    make_space("Another", owner=mona.user)
    assert post(mona, f"/spaces/{space.pk}/settings/", action="delete").status_code == 403


def test_member_leaves_and_owner_hands_over_first(space: Space, alice: Person, bob: Person) -> None:
    answer = post(alice, f"/spaces/{space.pk}/settings/", action="leave")
    assert answer.status_code == 409
    assert "Hand it over first." in main_of(answer)
    assert post(bob, f"/spaces/{space.pk}/settings/", action="leave").status_code == 303
    assert not Membership.objects.filter(space=space, user=bob.user).exists()


def test_space_is_muted_and_heard_again(space: Space, bob: Person) -> None:
    settings_page = f"/spaces/{space.pk}/settings/"
    post(bob, settings_page, action="mute", muted="on")
    assert Membership.objects.get(space=space, user=bob.user).muted
    assert "Tell me again" in main_of(bob.get(settings_page))
    post(bob, settings_page, action="mute")
    assert not Membership.objects.get(space=space, user=bob.user).muted


def test_pages_are_in_russian_for_who_reads_it(space: Space, bob: Person) -> None:
    bob.language = "ru"
    page = bob.get(f"/spaces/{space.pk}/settings/")
    assert 'lang="ru"' in page.content.decode()
    assert "Настройки" in words(page)


def test_names_are_never_markup(space: Space, alice: Person, bob: Person) -> None:
    Space.objects.filter(pk=space.pk).update(name="<script>alert(1)</script>")
    make_channel(space, "<img src=x>")
    for part in ("", "settings/", "members/", "invitations/", "channels/"):
        body = alice.get(f"/spaces/{space.pk}/{part}").content.decode()
        assert "<script>alert" not in body
        assert "<img src=x>" not in body


def test_a_form_from_elsewhere_is_refused(space: Space, alice: Person) -> None:
    answer = alice.browser.post(f"/spaces/{space.pk}/settings/", {"action": "delete"})
    assert answer.status_code == 403
