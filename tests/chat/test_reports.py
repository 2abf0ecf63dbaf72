"""Reported messages: one report a person, those who keep order are told, and do something about it."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from chat.models import Message, Report
from chat.services.messages import send_message
from chat.services.reports import purge_reports
from identity.models import User
from nonza.env import Rate
from nonza.redis_breaker import breaker
from sessions.models import Session
from spaces.models import Channel, Notification, Space
from tests.factories import make_channel
from tests.helpers import Person, code_of


@pytest.fixture
def channel(space: Space) -> Channel:
    return make_channel(space, "general", kind=Channel.Type.TEXT)


@pytest.fixture
def message(mona: Person, channel: Channel) -> Message:
    assert mona.user
    return send_message(actor=mona.user, channel_id=channel.pk, client_id=None, text="<b>Spite</b>")[0]


def report(person: Person, message: Message, **body: Any) -> Any:
    return person.post(f"channels/{message.channel_id}/messages/{message.pk}/report/", body)


def reports(person: Person, space: Space) -> Any:
    return person.get(f"spaces/{space.pk}/reports/")


def say(person: Person, slug: str, text: str = "Spite") -> dict[str, Any]:
    body = {"client_id": str(uuid.uuid4()), "text": text}
    said: dict[str, Any] = person.post(f"sessions/{slug}/messages/", body).json()
    return said


def test_member_reports_and_moderators_hear(
    alice: Person, bob: Person, space: Space, message: Message, channel: Channel
) -> None:
    answer = report(bob, message, reason=" Not\u202e kind ")
    assert answer.status_code == 201
    kept = Report.objects.get()
    assert answer.json() == {
        "id": str(kept.pk),
        "message_id": str(message.pk),
        "created_at": answer.json()["created_at"],
    }
    listed = reports(alice, space).json()["results"]
    assert [{name: value for name, value in row.items() if "_at" not in name} for row in listed] == [
        {
            "id": str(kept.pk),
            "message_id": str(message.pk),
            "channel": {"id": str(channel.pk), "name": "general"},
            "session": None,
            "author_name": "Mona",
            "text": "<b>Spite</b>",
            "reporter_name": "Bob",
            "reason": "Not kind",
            "state": "open",
            "handled_by": None,
        }
    ]
    told = Notification.objects.filter(kind="message.reported")
    assert sorted(news.user.called for news in told) == ["Alice", "Mona"]
    assert told[0].content["place"] == "general"
    page = alice.get("/notifications/").content.decode()
    assert f"/spaces/{space.pk}/reports/" in page


def test_person_reports_a_message_once(alice: Person, bob: Person, message: Message) -> None:
    first = report(bob, message)
    again = report(bob, message, reason="Really")
    assert (again.status_code, again.json()) == (200, first.json())
    assert report(alice, message).status_code == 201
    assert Report.objects.count() == 2
    # One message is news once.
    assert Notification.objects.filter(kind="message.reported").count() == 2


def test_reports_are_limited(bob: Person, message: Message, settings: Any) -> None:
    settings.RATES = {**settings.RATES, "report": (Rate(1, 3600),)}
    report(bob, message)
    assert bob.user
    other = send_message(actor=bob.user, channel_id=message.channel_id, client_id=None, text="Mine")[0]
    assert code_of(report(bob, other)) == (429, "rate_limited")


@pytest.mark.parametrize("what", ["unknown", "deleted"])
def test_what_is_not_there_cannot_be_reported(mona: Person, bob: Person, message: Message, what: str) -> None:
    if what == "unknown":
        message.pk = uuid.uuid4()
    else:
        mona.delete(f"channels/{message.channel_id}/messages/{message.pk}/")
    assert code_of(report(bob, message)) == (404, "message_not_found")


def test_stranger_reports_nothing(stranger: Person, guest: Person, message: Message) -> None:
    assert code_of(report(stranger, message)) == (404, "channel_not_found")
    assert code_of(report(guest, message)) == (401, "credential_required")


def test_dismissing_answers_all_reports_of_the_message(
    alice: Person, mona: Person, bob: Person, space: Space, message: Message
) -> None:
    report(bob, message)
    report(alice, message)
    one = Report.objects.first()
    assert one is not None
    address = f"spaces/{space.pk}/reports/{one.pk}/"
    assert code_of(bob.patch(address, {"state": "dismissed"})) == (403, "not_moderator")
    assert code_of(alice.patch(address, {"state": "open"})) == (400, "invalid")
    answer = alice.patch(address, {"state": "dismissed"}).json()
    assert (answer["state"], answer["handled_by"]) == ("dismissed", "Alice")
    assert set(Report.objects.values_list("state", flat=True)) == {"dismissed"}
    message.refresh_from_db()
    assert message.deleted_at is None
    unknown = f"spaces/{space.pk}/reports/{uuid.uuid4()}/"
    assert code_of(alice.patch(unknown, {"state": "dismissed"})) == (404, "report_not_found")


def test_deleting_leaves_a_tombstone(alice: Person, bob: Person, space: Space, message: Message) -> None:
    report(bob, message)
    address = f"spaces/{space.pk}/reports/{Report.objects.get().pk}/"
    assert alice.patch(address, {"state": "deleted"}).json()["state"] == "deleted"
    message.refresh_from_db()
    assert (message.text, message.deleted_by) == ("", alice.user)
    assert alice.patch(address, {"state": "dismissed"}).json()["state"] == "deleted"


def test_guest_reports_in_a_session_of_the_space(
    alice: Person, bob: Person, guest: Person, space: Space
) -> None:
    slug = alice.start("Alice", space=str(space.pk))
    for person, name in ((alice, "Alice"), (bob, "Bob"), (guest, "Dana")):
        person.join(slug, name)
    said = say(bob, slug)
    address = f"sessions/{slug}/messages/{said['id']}/report/"
    assert guest.post(address, {"reason": "Unkind"}).status_code == 201
    assert guest.post(address, {}).status_code == 200
    (row,) = reports(alice, space).json()["results"]
    assert row["session"]["slug"] == slug
    assert (row["author_name"], row["reporter_name"], row["text"]) == ("Bob", "Dana", "Spite")
    answer = alice.patch(f"spaces/{space.pk}/reports/{row['id']}/", {"state": "deleted"})
    assert answer.json()["state"] == "deleted"
    (kept,) = alice.get(f"sessions/{slug}/messages/").json()["results"]
    assert (kept["text"], kept["deleted_at"] is None) == ("", False)
    assert code_of(alice.post(f"sessions/{slug}/messages/{said['id']}/report/", {})) == (
        404,
        "message_not_found",
    )


def test_report_of_a_session_without_space_is_for_the_admin(host: Person, guest: Person, slug: str) -> None:
    host.join(slug, "Marta")
    guest.join(slug, "Dana")
    said = say(host, slug)
    assert guest.post(f"sessions/{slug}/messages/{said['id']}/report/", {}).status_code == 201
    kept = Report.objects.get()
    assert (kept.space, kept.session) == (None, Session.objects.get(slug=slug))
    assert not Notification.objects.exists()


def test_redis_away_deletes_nothing_by_halves(
    alice: Person, bob: Person, space: Space, monkeypatch: pytest.MonkeyPatch
) -> None:
    slug = alice.start("Alice", space=str(space.pk))
    bob.join(slug, "Bob")
    alice.join(slug, "Alice")
    said = say(bob, slug)
    alice.post(f"sessions/{slug}/messages/{said['id']}/report/", {})
    kept = Report.objects.get()
    monkeypatch.setattr(breaker, "_is_open", True)
    answer = alice.patch(f"spaces/{space.pk}/reports/{kept.pk}/", {"state": "deleted"})
    assert code_of(answer) == (503, "chat_unavailable")
    kept.refresh_from_db()
    assert kept.state == "open"


def test_list_costs_the_same_whatever_is_in_it(
    alice: Person, bob: Person, space: Space, channel: Channel, django_assert_num_queries: Any
) -> None:
    assert bob.user
    for number in (1, 2):
        for _ in range(number):
            said = send_message(actor=bob.user, channel_id=channel.pk, client_id=None, text="Spite")[0]
            report(alice, said)
        with django_assert_num_queries(4):  # two of the login, the membership, the reports
            assert len(reports(alice, space).json()["results"]) == (1 if number == 1 else 3)


def test_old_reports_are_forgotten(bob: Person, message: Message) -> None:
    report(bob, message)
    purge_reports()
    assert Report.objects.exists()
    Report.objects.update(created_at=timezone.now() - timedelta(days=366))
    purge_reports()
    assert not Report.objects.exists()


# The page -------------------------------------------------------------------


def test_page_shows_text_as_text_and_acts(alice: Person, bob: Person, space: Space, message: Message) -> None:
    address = f"/spaces/{space.pk}/reports/"
    empty = alice.get(address)
    assert "Nothing to look at." in empty.content.decode()
    report(bob, message)
    page = alice.get(address).content.decode()
    assert "&lt;b&gt;Spite&lt;/b&gt;" in page
    assert "<b>Spite" not in page
    kept = Report.objects.get()
    token = alice.browser.cookies["csrftoken"].value

    def press(action: str, **fields: str) -> Any:
        sent = {"action": action, "report": str(kept.pk), "csrfmiddlewaretoken": token, **fields}
        return alice.browser.post(address, sent, REMOTE_ADDR=alice.ip)

    assert press("dismiss").status_code == 303
    assert "Nothing to look at." in alice.get(address).content.decode()
    assert "dismissed" in alice.get(address + "?show=all").content.decode()
    assert press("delete").status_code == 303
    kept.refresh_from_db()
    assert kept.state == "deleted"
    assert press("dismiss", report="nobody").status_code == 404


def test_page_is_for_moderators(mona: Person, bob: Person, stranger: Person, space: Space) -> None:
    address = f"/spaces/{space.pk}/reports/"
    assert mona.get(address).status_code == 200
    assert bob.get(address).status_code == 403
    assert stranger.get(address).status_code == 404
    assert address in mona.get(f"/spaces/{space.pk}/settings/").content.decode()
    assert address not in bob.get(f"/spaces/{space.pk}/settings/").content.decode()


# The admin ------------------------------------------------------------------


@pytest.fixture
def root(db: None) -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("root@example.org", "a-password"))
    return browser


def test_admin_lists_reports_without_their_text(
    root: Client, bob: Person, space: Space, message: Message
) -> None:
    report(bob, message, reason="Unkind")
    rows = root.get(reverse("admin:chat_report_changelist"), {"q": "Bob"}).content.decode()
    assert rows.count('class="action-select"') == 1
    assert "Spite" not in rows
    opened = root.get(reverse("admin:chat_report_change", args=[Report.objects.get().pk])).content.decode()
    assert "&lt;b&gt;Spite&lt;/b&gt;" in opened
    assert root.get(reverse("admin:chat_report_add")).status_code == 403


def test_admin_answers_reports_of_sessions_without_space(
    root: Client, host: Person, guest: Person, slug: str
) -> None:
    host.join(slug, "Marta")
    guest.join(slug, "Dana")
    said = say(host, slug)
    guest.post(f"sessions/{slug}/messages/{said['id']}/report/", {})
    kept = Report.objects.get()
    for action, state in (("dismiss", "dismissed"), ("delete_messages", "deleted")):
        sent = {"action": action, "_selected_action": [str(kept.pk)]}
        assert root.post(reverse("admin:chat_report_changelist"), sent).status_code == 302
        kept.refresh_from_db()
        assert kept.state == state
    (left,) = host.get(f"sessions/{slug}/messages/").json()["results"]
    assert left["text"] == ""
