"""One's own profile: what is told, what may be changed, and how all login sessions end."""

from typing import Any

import pytest
from django.test import Client

from identity.models import User
from identity.services.users import disable_user
from identity.signals import user_disabled
from nonza.env import Rate
from nonza.errors import RateLimited
from tests.helpers import Person, code_of


def profile(person: Person) -> dict[str, Any]:
    answer = person.get("identity/profile/")
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_profile_tells_everything_of_oneself(alice: Person, space: Any) -> None:
    user = alice.user
    assert user
    user.refresh_from_db()
    seen = profile(alice)
    times = {name: seen.pop(name) for name in ("created_at", "updated_at")}
    assert all(times.values())
    assert seen == {
        "id": str(user.pk),
        "email": "alice@example.org",
        "name": "",
        "display_name": "Alice",
        "avatar_url": None,
        "no_avatar_color": user.color,
        "initials": "A",
        "active_space": str(space.pk),
        "language": "",
        "theme": "system",
    }


@pytest.mark.parametrize("method", ["GET", "PATCH"])
def test_profile_is_for_users(mallory: Person, host: Person, slug: str, method: str) -> None:
    for person in (mallory, host):
        assert code_of(person.send(method, "identity/profile/", {})) == (401, "credential_required")


def test_name_language_and_theme_are_changed(alice: Person, pushes: list, commits: Any) -> None:
    wanted = {"display_name": "  Alice\u202e  Ny ", "language": "ru", "theme": "dark"}
    with commits():
        answer = alice.patch("identity/profile/", wanted)
    assert answer.status_code == 200
    seen = profile(alice)
    assert (seen["display_name"], seen["language"], seen["theme"]) == ("Alice Ny", "ru", "dark")
    assert [event for _group, event, _payload in pushes] == ["profile.changed"]
    assert pushes[0][2]["display_name"] == "Alice Ny"


@pytest.mark.parametrize(
    ("field", "value"),
    [("display_name", ""), ("display_name", "\u200b"), ("display_name", "x" * 65), ("language", "xx"),
     ("theme", "pink"), ("display_name", None)],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(alice: Person, field: str, value: Any) -> None:
    answer = alice.patch("identity/profile/", {field: value})
    assert code_of(answer) == (400, "invalid")
    assert answer.json()["errors"][0]["pointer"] == f"/{field}"


def test_nothing_else_of_oneself_can_be_changed(alice: Person, stranger: Person) -> None:
    before = profile(alice)
    claims = {"email": "root@example.org", "name": "R", "is_staff": True, "is_superuser": True}
    claims |= {"id": str(stranger.user.pk if stranger.user else ""), "active_space": None, "avatar": "x"}
    assert alice.patch("identity/profile/", claims).status_code == 200
    assert {**profile(alice), "updated_at": ""} == {**before, "updated_at": ""}
    user = User.objects.get(email="alice@example.org")
    assert not user.is_staff


def test_pages_speak_the_language_of_the_profile(alice: Person) -> None:
    assert "Your own place" in alice.get("/join/?code=x").content.decode()
    alice.patch("identity/profile/", {"language": "ru"})
    assert "Своё место" in alice.get("/join/?code=x").content.decode()
    alice.patch("identity/profile/", {"language": ""})
    assert "Your own place" in alice.get("/join/?code=x").content.decode()


def test_language_that_is_chosen_on_a_page_goes_into_the_profile(db: None) -> None:
    browser = Client()
    browser.force_login(User.objects.create_user("alice@example.org", language="en"))
    browser.post("/i18n/setlang/", {"language": "ru", "next": "/"})
    assert User.objects.get().language == "ru"
    browser.post("/i18n/setlang/", {"language": "xx", "next": "/"})
    assert User.objects.get().language == "ru"


def test_pages_wear_the_theme_of_the_profile(alice: Person) -> None:
    assert "data-theme" not in alice.get("/join/?code=x").content.decode()
    alice.patch("identity/profile/", {"theme": "dark"})
    assert '<html lang="en" data-theme="dark">' in alice.get("/join/?code=x").content.decode()


def test_logging_out_everywhere_ends_every_login_session(alice: Person, pushes: list, commits: Any) -> None:
    assert alice.user
    elsewhere = Person("192.0.2.9").log_in(alice.user)
    with commits():
        assert alice.post("identity/logout-everywhere/").status_code == 204
    for person in (alice, elsewhere):
        assert code_of(person.get("identity/profile/")) == (401, "credential_required")
    assert set(pushes) == {(f"user:{alice.user.pk}", "close", 4401)}
    again = Person("192.0.2.10").log_in(User.objects.get(pk=alice.user.pk))
    assert again.get("identity/profile/").status_code == 200


def test_nobody_logs_others_out(mallory: Person, alice: Person) -> None:
    assert code_of(mallory.post("identity/logout-everywhere/")) == (401, "credential_required")
    assert alice.get("identity/profile/").status_code == 200


def test_disabled_account_is_out_at_once_and_the_apps_above_hear_of_it(
    alice: Person, bob: Person, pushes: list, commits: Any
) -> None:
    heard = []

    def hear(user: User, **_news: Any) -> None:
        heard.append((user.email, user.is_active))

    assert alice.user
    user_disabled.connect(hear)
    try:
        with commits():
            disable_user(user=alice.user)
    finally:
        user_disabled.disconnect(hear)
    assert heard == [("alice@example.org", False)]
    assert (f"user:{alice.user.pk}", "close", 4403) in pushes
    assert code_of(alice.get("identity/profile/")) == (401, "credential_required")
    assert bob.get("identity/profile/").status_code == 200
    User.objects.update(is_active=True)
    assert alice.get("identity/profile/").status_code == 401, "old login sessions do not come back"


def test_person_is_called_something_whatever_they_gave() -> None:
    assert User(email="dana@example.org").called == "dana"
    assert User(email="dana@example.org").initials == "D"
    assert User(email="dana@example.org", display_name="Dana van Roth").initials == "DR"


def test_profile_changes_so_often_and_no_more(alice: Person, settings: Any) -> None:
    settings.RATES = {**settings.RATES, "user": (Rate(1, 3600),)}
    assert alice.patch("identity/profile/", {"display_name": "Al"}).status_code == 200
    assert code_of(alice.patch("identity/profile/", {"display_name": "Ali"})) == (429, "rate_limited")
    form = {"display_name": "Ali", "theme": "system", "language": ""}
    browser = Client()
    browser.force_login(alice.user)
    page = browser.post("/profile/", form)
    assert page.status_code == 429
    assert str(RateLimited.title) in page.content.decode()
    assert User.objects.get().display_name == "Al"
