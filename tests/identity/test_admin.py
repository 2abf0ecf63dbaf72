"""The admin: who is live, found by search and filter, at a cost that does not grow."""

from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from identity.models import ApiToken, Guest, User
from sessions.admin import SessionAdmin
from sessions.models import Connection, Participant, Session, new_identity
from tests.fakes import FakeLiveKit
from tests.helpers import Person

LISTS = {
    "sessions": reverse("admin:nonza_sessions_session_changelist"),
    "participants": reverse("admin:nonza_sessions_participant_changelist"),
    "connections": reverse("admin:nonza_sessions_connection_changelist"),
    "users": reverse("admin:identity_user_changelist"),
    "guests": reverse("admin:identity_guest_changelist"),
    "tokens": reverse("admin:identity_apitoken_changelist"),
    "second factors": reverse("admin:mfa_authenticator_changelist"),
}


@pytest.fixture
def root(db: None) -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("root@example.org", "a-password"))
    return browser


def make_session(number: int, *, in_call: bool = True, ended: bool = False) -> Session:
    """A session with two people, made in the database."""
    session = Session.objects.create(title=f"Call-{number}", locked=number % 2 == 0)
    for position, role in enumerate(("host", "participant")):
        participant = Participant.objects.create(
            session=session,
            guest=Guest.objects.create(credential_hash=f"canary {number} {position}"),
            display_name=f"Person {number}{role[0]}",
            role=role,
            state="admitted" if in_call else "left",
            client_ip=f"203.0.113.{number}",
        )
        left = {} if in_call else {"left_at": timezone.now(), "left_reason": "left"}
        Connection.objects.create(
            participant=participant,
            identity=new_identity(participant),
            livekit_sid=f"PA_{number}{position}",
            joined_at=timezone.now() - timedelta(minutes=1),
            **left,
        )
    if ended:
        Session.objects.filter(pk=session.pk).update(
            status="ended", ended_reason="empty", ended_at=timezone.now()
        )
    return session


def make_keys(number: int) -> User:
    """A user with an API token and a second factor."""
    user = User.objects.create_user(f"person{number}@example.org")
    ApiToken.objects.create(user=user, name=f"Key {number}", token_hash=f"canary {number}", scopes=["read"])
    Authenticator.objects.create(user=user, type="totp", data={"secret": "canary"})
    return user


def rows(browser: Client, path: str) -> list[Any]:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return list(answer.context["cl"].result_list)


@pytest.mark.parametrize("path", LISTS.values(), ids=LISTS)
def test_only_staff_sees_the_admin(db: None, path: str) -> None:
    browser = Client()
    assert browser.get(path)["Location"].startswith("/admin/login/")
    browser.force_login(User.objects.create_user("alice@example.org"))
    assert browser.get(path)["Location"].startswith("/admin/login/")


@pytest.mark.parametrize("path", LISTS.values(), ids=LISTS)
def test_superuser_sees_every_list(root: Client, path: str) -> None:
    make_session(1)
    make_keys(1)
    assert rows(root, path)


def test_people_in_the_call_are_counted(root: Client) -> None:
    make_session(1)
    make_session(2, in_call=False)
    assert {row.title: row.people_in_call for row in rows(root, LISTS["sessions"])} == {
        "Call-1": 2,
        "Call-2": 0,
    }
    found = rows(root, LISTS["sessions"] + "?q=Person+1h")
    assert [(row.title, row.people_in_call) for row in found] == [("Call-1", 2)], "searching changes no count"


@pytest.mark.parametrize(
    ("field", "titles"),
    [("slug", ["Call-1"]), ("id", ["Call-1"]), ("title", ["Call-1"])],
)
def test_session_is_found_by_code_id_and_title(root: Client, field: str, titles: list[str]) -> None:
    session = make_session(1)
    make_session(2)
    found = rows(root, f"{LISTS['sessions']}?q={getattr(session, field)}")
    assert [row.title for row in found] == titles


@pytest.mark.parametrize("search", ["Person 1h", "203.0.113.1", "Call-1", "slug", "id"])
def test_participant_is_found_by_name_address_and_session(root: Client, search: str) -> None:
    session = make_session(1)
    make_session(2)
    words = {"slug": session.slug, "id": str(session.participants.first().pk)}.get(search, search)
    found = rows(root, f"{LISTS['participants']}?q={words}")
    assert found
    assert {row.session for row in found} == {session}


@pytest.mark.parametrize("search", ["PA_10", "Person 1h", "slug", "identity"])
def test_connection_is_found_by_sid_identity_person_and_session(root: Client, search: str) -> None:
    session = make_session(1)
    make_session(2)
    connection = Connection.objects.filter(participant__session=session).first()
    words = {"slug": session.slug, "identity": connection.identity}.get(search, search)
    found = rows(root, f"{LISTS['connections']}?q={words}")
    assert found
    assert {row.participant.session for row in found} == {session}


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("live=yes", {"Call-1"}),
        ("live=no", {"Call-2", "Call-3"}),
        ("live=", {"Call-1", "Call-2", "Call-3"}),
        ("status__exact=ended", {"Call-3"}),
        ("status__exact=active", {"Call-1", "Call-2"}),
        ("ended_reason__exact=empty", {"Call-3"}),
        ("access__exact=open", {"Call-1", "Call-2", "Call-3"}),
        ("access__exact=lobby", set()),
        ("locked__exact=1", {"Call-2"}),
        ("live=yes&q=Person+1p", {"Call-1"}),
        ("live=yes&status__exact=ended", set()),
    ],
)
def test_sessions_are_filtered(root: Client, query: str, titles: set[str]) -> None:
    make_session(1)
    make_session(2, in_call=False)
    make_session(3, in_call=False, ended=True)
    assert {row.title for row in rows(root, f"{LISTS['sessions']}?{query}")} == titles


@pytest.mark.parametrize(
    ("query", "count"),
    [("in_call=yes", 2), ("in_call=no", 2), ("state__exact=left", 2), ("role__exact=host", 2), ("", 4)],
)
def test_participants_are_filtered(root: Client, query: str, count: int) -> None:
    make_session(1)
    make_session(2, in_call=False)
    assert len(rows(root, f"{LISTS['participants']}?{query}")) == count


@pytest.mark.parametrize(
    ("query", "count"), [("open=yes", 2), ("open=no", 2), ("left_reason__exact=left", 2), ("", 4)]
)
def test_connections_are_filtered(root: Client, query: str, count: int) -> None:
    make_session(1)
    make_session(2, in_call=False)
    assert len(rows(root, f"{LISTS['connections']}?{query}")) == count


def test_every_filter_that_is_offered_answers(root: Client) -> None:
    make_session(1)
    for path in LISTS.values():
        for spec in root.get(path).context["cl"].filter_specs:
            changes = root.get(path).context["cl"]
            for choice in spec.choices(changes):
                assert root.get(path + choice["query_string"]).status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_lists_cost_the_same_for_many(root: Client, count: int, django_assert_num_queries: Any) -> None:
    for number in range(count):
        make_session(number)
        make_keys(number)
    costs = {"sessions": 7, "participants": 5, "connections": 5, "users": 5, "guests": 5}
    costs |= {"tokens": 5, "second factors": 5}
    for name, path in LISTS.items():
        root.get(path)
        with django_assert_num_queries(costs[name]):
            root.get(path)


@pytest.mark.parametrize("count", [1, 3])
def test_page_of_a_session_costs_the_same_for_many_people(
    root: Client, count: int, django_assert_num_queries: Any
) -> None:
    session = make_session(1)
    for number in range(count):
        guest = Guest.objects.create(credential_hash=f"more {number}")
        Participant.objects.create(session=session, guest=guest, display_name=f"More {number}")
    path = reverse("admin:nonza_sessions_session_change", args=[session.pk])
    root.get(path)
    with django_assert_num_queries(7):  # login, user, session, people; statistics: stays, people, screens
        answer = root.get(path)
    assert "More 0" in answer.content.decode()


def test_admin_ends_sessions_for_all(root: Client, livekit: FakeLiveKit, host: Person, slug: str) -> None:
    host.join(slug, "Marta")
    host.come_in(slug)
    ended = make_session(2, in_call=False, ended=True)
    chosen = [str(session.pk) for session in Session.objects.all()]
    root.post(LISTS["sessions"], {"action": "end_for_all", "_selected_action": chosen})
    session = Session.objects.get(slug=slug)
    assert (session.status, session.ended_reason) == ("ended", "host_ended")
    assert Connection.objects.get(participant__session=session).left_reason == "ended"
    assert Session.objects.get(pk=ended.pk).ended_reason == "empty", "what is over stays as it was"


def test_change_in_the_admin_does_not_bring_back_a_session_that_ends_meanwhile(
    root: Client, host: Person, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session.objects.get(slug=slug)
    look = SessionAdmin.get_object

    def look_before_it_ends(*arguments: Any) -> Session:
        found = look(*arguments)
        host.post(f"sessions/{slug}/end/")
        return found

    monkeypatch.setattr(SessionAdmin, "get_object", look_before_it_ends)
    form = {"title": "Winter", "access": "open", "max_participants": 10, "participants-TOTAL_FORMS": 0}
    root.post(
        reverse("admin:nonza_sessions_session_change", args=[session.pk]),
        form | {"participants-INITIAL_FORMS": 0, "description": ""},
    )
    session.refresh_from_db()
    assert (session.title, session.status) == ("Winter", "ended")


@pytest.mark.parametrize("from_the_list", [True, False])
def test_session_that_is_deleted_in_the_admin_ends_for_everybody(
    root: Client,
    livekit: FakeLiveKit,
    host: Person,
    mallory: Person,
    slug: str,
    django_capture_on_commit_callbacks: Any,
    from_the_list: bool,
) -> None:
    host.join(slug, "Marta")
    assert mallory.get(f"sessions/{slug}/").status_code == 200, "and is in the cache from now on"
    session = Session.objects.get()
    path, form = reverse("admin:nonza_sessions_session_delete", args=[session.pk]), {"post": "yes"}
    if from_the_list:
        path, form = LISTS["sessions"], {**form, "action": "delete_selected", "_selected_action": session.pk}
    with django_capture_on_commit_callbacks(execute=True):
        assert root.post(path, form).status_code == 302
    assert livekit.closed == [session.pk]
    assert not Guest.objects.exists()
    assert mallory.get(f"sessions/{slug}/").status_code == 404


def test_change_in_the_admin_reaches_the_gate(
    root: Client, mallory: Person, host: Person, slug: str, django_capture_on_commit_callbacks: Any
) -> None:
    assert mallory.get(f"sessions/{slug}/").json()["title"] != "Winter"
    session = Session.objects.get(slug=slug)
    form = {"title": "Winter", "access": "open", "max_participants": 10, "participants-TOTAL_FORMS": 0}
    form |= {"participants-INITIAL_FORMS": 0, "description": ""}
    with django_capture_on_commit_callbacks(execute=True):
        answer = root.post(reverse("admin:nonza_sessions_session_change", args=[session.pk]), form)
    assert answer.status_code == 302, answer.context["errors"]
    assert mallory.get(f"sessions/{slug}/").json()["title"] == "Winter"


@pytest.mark.parametrize("model", ["session", "participant", "connection"])
def test_nobody_adds_what_only_people_make(root: Client, model: str) -> None:
    assert root.get(reverse(f"admin:nonza_sessions_{model}_add")).status_code == 403
    assert root.post(reverse(f"admin:nonza_sessions_{model}_add"), {"title": "x"}).status_code == 403


def test_nobody_adds_a_guest(root: Client) -> None:
    assert root.get(reverse("admin:identity_guest_add")).status_code == 403


@pytest.mark.parametrize("model", [Participant, Connection])
def test_what_follows_from_acts_is_only_looked_at(root: Client, model: type) -> None:
    make_session(1)
    row = model.objects.first()  # type: ignore[attr-defined]
    path = reverse(f"admin:nonza_sessions_{model.__name__.lower()}_change", args=[row.pk])
    assert root.get(path).status_code == 200
    assert root.post(path, {"display_name": "x"}).status_code == 403


def test_no_credential_is_shown(root: Client) -> None:
    make_session(1)
    guest = Guest.objects.first()
    assert guest is not None
    page = root.get(reverse("admin:identity_guest_change", args=[guest.pk])).content.decode()
    assert guest.credential_hash not in page


def test_admin_makes_a_user(root: Client) -> None:
    form = {"email": "new@example.org", "display_name": "New", "usable_password": "true"}
    form |= {"password1": "kX3v9Qd27mPz", "password2": "kX3v9Qd27mPz"}
    answer = root.post(reverse("admin:identity_user_add"), form)
    assert answer.status_code == 302, answer.context["errors"]
    user = User.objects.get(email="new@example.org")
    assert user.check_password("kX3v9Qd27mPz")
    assert not user.is_staff
    assert root.get(reverse("admin:identity_user_change", args=[user.pk])).status_code == 200


@pytest.mark.parametrize("model", ["identity_apitoken", "mfa_authenticator"])
def test_keys_and_factors_are_neither_made_nor_shown_here(root: Client, model: str) -> None:
    user = make_keys(1)
    row = ApiToken.objects.get(user=user) if "token" in model else Authenticator.objects.get(user=user)
    assert root.get(reverse(f"admin:{model}_add")).status_code == 403
    page = root.get(reverse(f"admin:{model}_change", args=[row.pk]))
    assert page.status_code == 200
    assert "canary" not in page.content.decode()


@pytest.mark.parametrize("model", ["socialaccount_socialapp", "socialaccount_socialtoken"])
def test_secrets_of_google_are_not_in_the_admin(root: Client, model: str) -> None:
    assert root.get(f"/admin/{model.replace('_', '/', 1)}/").status_code == 404


def test_operator_revokes_tokens(root: Client) -> None:
    make_keys(1)
    root.post(LISTS["tokens"], {"action": "revoke", "_selected_action": [str(ApiToken.objects.get().pk)]})
    assert ApiToken.objects.get().revoked_at is not None


def test_operator_closes_and_opens_accounts(root: Client) -> None:
    user = make_keys(1)
    browser = Client()
    browser.force_login(user)
    chosen = {"_selected_action": [str(user.pk)]}
    root.post(LISTS["users"], {"action": "disable", **chosen})
    assert browser.get("/profile/").status_code == 302
    assert not User.objects.get(pk=user.pk).is_active
    root.post(LISTS["users"], {"action": "enable", **chosen})
    assert User.objects.get(pk=user.pk).is_active
    assert browser.get("/profile/").status_code == 302, "old logins stay ended"


def test_tick_that_is_taken_away_closes_the_account_as_the_action_does(root: Client) -> None:
    user = make_keys(1)
    browser = Client()
    browser.force_login(user)
    form = {"email": user.email, "display_name": "", "language": "", "theme": "system"}
    answer = root.post(reverse("admin:identity_user_change", args=[user.pk]), form)
    assert answer.status_code == 302, answer.context["errors"]
    assert User.objects.get(pk=user.pk).login_stamp != user.login_stamp
    assert browser.get("/profile/").status_code == 302


def test_nobody_deletes_users_here(root: Client) -> None:
    user = make_keys(1)
    assert (
        root.post(reverse("admin:identity_user_delete", args=[user.pk]), {"post": "yes"}).status_code == 403
    )


def test_every_model_with_people_in_it_is_in_the_admin() -> None:
    registered = {model.__name__ for model in admin.site._registry}
    assert {"Session", "Participant", "Connection", "User", "Guest", "ApiToken"} <= registered
