"""The chat of a session over HTTP: who reads and writes what, and for how long."""

import uuid
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from nonza.env import Rate
from nonza.realtime import session_group
from nonza.redis_breaker import breaker
from sessions.models import Participant, Session
from sessions.services.following import guest_is_user
from spaces.models import Space
from tests.fakes import FakeLiveKit
from tests.helpers import Person, code_of


def say(person: Person, slug: str, text: str = "Hello", **fields: Any) -> Any:
    body = {"client_id": str(uuid.uuid4()), "text": text, **fields}
    return person.post(f"sessions/{slug}/messages/", body)


def read(person: Person, slug: str, query: str = "") -> Any:
    return person.get(f"sessions/{slug}/messages/{query}")


@pytest.fixture
def dana(host: Person, guest: Person, slug: str) -> Person:
    """A guest in the session of `host`, who is in it too."""
    assert host.join(slug, "Marta").status_code == 200
    assert guest.join(slug, "Dana").status_code == 200
    return guest


def test_guests_write_to_each_other(host: Person, dana: Person, slug: str) -> None:
    client_id = str(uuid.uuid4())
    answer = say(dana, slug, "  Hello\r\nthere ", client_id=client_id)
    assert answer.status_code == 201, answer.content
    message = answer.json()
    assert message == {
        "id": message["id"],
        "offset": 1,
        "kind": "user",
        "client_id": client_id,
        "channel_id": None,
        "author": {
            "user_id": None,
            "participant_id": dana.id,
            "display_name": "Dana",
            "color": dana.place["participant"]["color"],
            "avatar_url": None,
        },
        "text": "Hello\nthere",
        "code": "",
        "params": {},
        "reply_to": None,
        "mentions": [],
        "mentions_all": False,
        "reactions": [],
        "attachments": [],
        "pinned_at": None,
        "edited_at": None,
        "deleted_at": None,
        "created_at": message["created_at"],
    }
    listed = read(host, slug).json()
    assert listed["results"] == [message]
    assert (listed["offset"], listed["has_before"], listed["has_after"]) == (1, False, False)
    again = say(dana, slug, "Hello", client_id=client_id)
    assert (again.status_code, again.json()) == (200, message)
    # What one calls a message is one's own business.
    assert say(host, slug, "Mine", client_id=client_id).status_code == 201


def test_pages_of_the_chat(dana: Person, slug: str) -> None:
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False) as clock:
        for number in range(6):
            assert say(dana, slug, str(number)).status_code == 201
            clock.shift(60)
    shown = {
        "": "012345",
        "?limit=2": "45",
        "?before=3&limit=9": "01",
        "?after=4&limit=1": "4",
        "?since=2026-11-21T12:03:30Z": "45",
    }
    for query, texts in shown.items():
        assert "".join(message["text"] for message in read(dana, slug, query).json()["results"]) == texts
    for query in ("?before=3&after=1", "?limit=201", "?after=-1", "?since=yesterday"):
        assert code_of(read(dana, slug, query)) == (400, "invalid")


def test_answer_quotes_what_it_answers(host: Person, dana: Person, slug: str) -> None:
    first = say(dana, slug, "x" * 300).json()
    answer = say(host, slug, "I see", reply_to=first["id"]).json()
    quote = {"id": first["id"], "display_name": "Dana", "text": "x" * 140, "deleted": False}
    assert answer["reply_to"] == quote
    assert code_of(say(host, slug, "?", reply_to=str(uuid.uuid4()))) == (404, "message_not_found")
    assert dana.delete(f"sessions/{slug}/messages/{first['id']}/").status_code == 204
    kept = read(host, slug).json()["results"]
    assert kept[0]["text"] == ""
    assert kept[1]["reply_to"] == {**quote, "text": "", "deleted": True}


def test_own_message_is_edited_for_a_day(host: Person, dana: Person, slug: str) -> None:
    with time_machine.travel("2026-11-21T12:00:00Z", tick=False) as clock:
        message = say(dana, slug, "Helo").json()
        address = f"sessions/{slug}/messages/{message['id']}/"
        clock.shift(5)
        edited = dana.patch(address, {"text": "Hello"})
        expected = {**message, "text": "Hello", "edited_at": "2026-11-21T12:00:05.000000Z"}
        assert edited.json() == expected
        assert dana.patch(address, {"text": "Hello"}).json() == expected
        assert code_of(dana.patch(address, {"text": " "})) == (400, "invalid")
        assert code_of(host.patch(address, {"text": "Mine"})) == (403, "not_author")
        clock.shift(24 * 3600)
        assert code_of(dana.patch(address, {"text": "Late"})) == (403, "edit_too_late")


def test_hosts_delete_any_message_others_their_own(host: Person, dana: Person, slug: str) -> None:
    ilya = Person("192.0.2.7")
    ilya.join(slug, "Ilya")
    hosts, danas = say(host, slug).json(), say(dana, slug).json()
    assert code_of(ilya.delete(f"sessions/{slug}/messages/{danas['id']}/")) == (403, "not_author")
    assert code_of(dana.delete(f"sessions/{slug}/messages/{hosts['id']}/")) == (403, "not_author")
    assert host.delete(f"sessions/{slug}/messages/{danas['id']}/").status_code == 204
    assert host.delete(f"sessions/{slug}/messages/{danas['id']}/").status_code == 204
    assert code_of(dana.patch(f"sessions/{slug}/messages/{danas['id']}/", {"text": "Back"})) == (
        404,
        "message_not_found",
    )
    unknown = f"sessions/{slug}/messages/{uuid.uuid4()}/"
    assert code_of(host.delete(unknown)) == (404, "message_not_found")


@pytest.mark.parametrize("state", ["waiting", "denied", "left", "removed", "banned"])
def test_who_is_not_admitted_neither_reads_nor_writes(dana: Person, slug: str, state: str) -> None:
    message = say(dana, slug).json()
    Participant.objects.filter(pk=dana.id).update(state=state, joined_at=timezone.now())
    address = f"sessions/{slug}/messages/{message['id']}/"
    for answer in (
        read(dana, slug),
        say(dana, slug),
        dana.patch(address, {"text": "No"}),
        dana.delete(address),
        dana.post(f"sessions/{slug}/typing/"),
    ):
        assert code_of(answer) == (403, "chat_closed")


@pytest.mark.parametrize(
    ("state", "may_read"),
    [("left", True), ("admitted", True), ("denied", False), ("removed", False), ("banned", False)],
)
def test_after_the_end_who_was_in_reads(
    host: Person, dana: Person, slug: str, livekit: FakeLiveKit, state: str, may_read: bool
) -> None:
    dana.come_in(slug)
    message = say(dana, slug).json()
    assert host.post(f"sessions/{slug}/end/").status_code == 200
    Participant.objects.filter(pk=dana.id).update(state=state)
    answer = read(dana, slug)
    if may_read:
        assert message in answer.json()["results"]
    else:
        assert code_of(answer) == (403, "chat_closed")
    address = f"sessions/{slug}/messages/{message['id']}/"
    assert code_of(say(dana, slug)) == (403, "chat_closed")
    assert code_of(dana.patch(address, {"text": "Late"})) == (403, "chat_closed")
    assert code_of(dana.post(f"sessions/{slug}/typing/")) == (403, "chat_closed")
    assert dana.delete(address).status_code == (204 if may_read else 403)


def test_who_never_came_in_reads_nothing_after_the_end(host: Person, dana: Person, slug: str) -> None:
    host.post(f"sessions/{slug}/end/")
    assert code_of(read(dana, slug)) == (403, "chat_closed")


def test_strangers_learn_nothing(mallory: Person, dana: Person, slug: str) -> None:
    assert code_of(read(mallory, slug)) == (401, "credential_required")
    assert code_of(read(mallory, "aaaa-bbbb-cccc")) == (404, "session_not_found")
    other = Person("192.0.2.9")
    other.start()
    assert code_of(say(other, slug)) == (401, "credential_required")


def test_guest_who_logs_in_keeps_their_messages(dana: Person, slug: str, bob: Person) -> None:
    message = say(dana, slug, "As a guest").json()
    assert bob.user
    hashes = Participant.objects.filter(pk=dana.id).values_list("guest__credential_hash", flat=True)
    guest_is_user(bob.user, list(hashes))
    answer = bob.patch(f"sessions/{slug}/messages/{message['id']}/", {"text": "As a user"})
    assert answer.status_code == 200, answer.content
    mine = say(bob, slug, "Me").json()["author"]
    assert mine["user_id"] == str(bob.user.pk)
    assert mine["participant_id"] == dana.id


def test_text_is_measured(dana: Person, slug: str) -> None:
    assert say(dana, slug, "я" * 4000).status_code == 201
    for text, code in ((" \n ", "message_empty"), ("x" * 4001, "message_too_long")):
        refusal = say(dana, slug, text)
        assert (refusal.status_code, refusal.json()["errors"][0]["code"]) == (400, code)
    assert code_of(say(dana, slug, "x" * 16_400)) == (413, "too_large")
    assert code_of(dana.post(f"sessions/{slug}/messages/", {"text": "No id"})) == (400, "invalid")


def test_one_person_cannot_flood_the_others(host: Person, dana: Person, slug: str, settings: Any) -> None:
    # So long that nothing is refilled meanwhile.
    settings.RATES = {**settings.RATES, "message_person": (Rate(10, 3600),)}
    answers = [say(dana, slug, str(number)) for number in range(11)]
    assert [answer.status_code for answer in answers[:10]] == [201] * 10
    assert code_of(answers[10]) == (429, "rate_limited")
    assert answers[10]["Retry-After"]
    assert say(host, slug).status_code == 201
    assert len(read(host, slug).json()["results"]) == 11


def test_people_at_one_address_share_its_limit(host: Person, dana: Person, slug: str, settings: Any) -> None:
    settings.RATES = {**settings.RATES, "message_ip": (Rate(2, 3600),)}
    host.ip = "203.0.113.77"
    answers = [say(person, slug) for person in (dana, dana, dana, host)]
    assert [answer.status_code for answer in answers] == [201, 201, 429, 201]


def test_redis_away_loses_nothing_in_silence(
    dana: Person, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breaker, "_is_open", True)
    for answer in (say(dana, slug), read(dana, slug)):
        assert code_of(answer) == (503, "chat_unavailable")
        assert int(answer["Retry-After"]) >= 2
    monkeypatch.setattr(breaker, "_is_open", False)
    assert say(dana, slug).status_code == 201


def test_typing_is_told_and_limited(
    host: Person, dana: Person, slug: str, pushes: list, commits: Any
) -> None:
    with commits():
        assert dana.post(f"sessions/{slug}/typing/").status_code == 204
    group = session_group(Session.objects.get(slug=slug).pk)
    who = {"channel_id": None, "user_id": None, "participant_id": dana.id, "display_name": "Dana"}
    assert pushes == [(group, "typing.started", who)]
    assert code_of(dana.post(f"sessions/{slug}/typing/")) == (429, "rate_limited")


def test_what_space_does_not_want_to_read_is_masked(alice: Person, bob: Person, space: Space) -> None:
    slug = alice.start()
    bob.join(slug, "Bob")
    Space.objects.filter(pk=space.pk).update(content_filter="scrap*")
    message = say(bob, slug, "The scrapyard").json()
    assert message["text"] == "The •••••••••"
    edited = bob.patch(f"sessions/{slug}/messages/{message['id']}/", {"text": "s.c.r.a.p"})
    assert edited.json()["text"] == "•••••••••"
    Space.objects.filter(pk=space.pk).update(content_filter_mode="refuse")
    assert code_of(say(bob, slug, "SCRAP")) == (422, "message_filtered")


def test_moderator_of_the_space_deletes_without_a_place(
    alice: Person, mona: Person, bob: Person, stranger: Person, space: Space
) -> None:
    slug = alice.start()
    bob.join(slug, "Bob")
    message = say(bob, slug).json()
    address = f"sessions/{slug}/messages/{message['id']}/"
    assert code_of(read(mona, slug)) == (401, "credential_required")
    assert code_of(stranger.delete(address)) == (401, "credential_required")
    assert mona.delete(address).status_code == 204


def test_queries_do_not_grow(
    dana: Person, bob: Person, alice: Person, space: Space, slug: str, django_assert_num_queries: Any
) -> None:
    in_space = alice.start()
    bob.join(in_space, "Bob")
    for number in (1, 3):
        for _ in range(number):
            message = say(dana, slug).json()
        with django_assert_num_queries(1):
            assert len(read(dana, slug).json()["results"]) == (1 if number == 1 else 4)
    with django_assert_num_queries(1):
        assert say(dana, slug, reply_to=message["id"]).status_code == 201
    with django_assert_num_queries(1):
        dana.patch(f"sessions/{slug}/messages/{message['id']}/", {"text": "Again"})
    with django_assert_num_queries(1):
        dana.delete(f"sessions/{slug}/messages/{message['id']}/")
    with django_assert_num_queries(1):
        dana.post(f"sessions/{slug}/typing/")
    with django_assert_num_queries(4):  # two of the login, the place, and the words of the space
        assert say(bob, in_space).status_code == 201
