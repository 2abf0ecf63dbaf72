"""Writing in a text channel: sending, changing, deleting, replying."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine

from chat.models import LogEvent, Message, Reaction, SpaceLog
from chat.services.messages import remove_message
from identity.services.users import disable_user
from nonza.env import Rate
from spaces.models import Channel, Membership, Space
from tests.chat.wording import Pushed, messages_url, page, texts
from tests.factories import make_channel
from tests.helpers import Person, code_of


def test_message_is_answered_whole(bob: Person, channel: Channel) -> None:
    name = uuid4()
    answer = bob.post(messages_url(channel), {"client_id": str(name), "text": " Ahoy\r\n\u202eall \x07"})
    message = Message.objects.get()
    assert bob.user
    assert (answer.status_code, answer.json()) == (
        201,
        {
            "id": str(message.pk),
            "offset": 1,
            "kind": "user",
            "client_id": str(name),
            "channel_id": str(channel.pk),
            "author": {
                "user_id": str(bob.user.pk),
                "participant_id": None,
                "display_name": "Bob",
                "color": bob.user.color,
                "avatar_url": None,
            },
            "text": "Ahoy\nall",
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
            "created_at": message.created_at.isoformat().replace("+00:00", "Z"),
        },
    )
    assert bob.get(messages_url(channel, message.pk)).json() == answer.json()


def test_message_is_pushed_with_its_offset_after_the_commit(
    bob: Person, channel: Channel, logged: list[Pushed], commits: Callable
) -> None:
    with commits():
        seen = bob.post(messages_url(channel), {"client_id": str(uuid4()), "text": "Ahoy"}).json()
        assert logged == []
    del seen["reactions"]
    assert logged == [(1, "message.created", seen)]


def test_offsets_are_those_of_the_space(bob: Person, space: Space, channel: Channel, say: Callable) -> None:
    other = make_channel(space, "watch", kind=Channel.Type.TEXT)
    written = [say(bob), say(bob, channel_id=other.pk), say(bob)]
    assert [message.offset for message in written] == [1, 2, 3]
    assert list(LogEvent.objects.order_by("offset").values_list("offset", "kind", "message")) == [
        (message.offset, "message.created", message.pk) for message in written
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "message_empty"),
        (" \n\t\u200b\u202e\x00", "message_empty"),
        ("x" * 4001, "message_too_long"),
        ("\ud800", "message_empty"),
    ],
)
def test_text_that_cannot_be_sent(bob: Person, channel: Channel, text: str, code: str) -> None:
    # orjson writes no lone surrogate; a program may.
    body = f'{{"client_id": "{uuid4()}", "text": {ascii_json(text)}}}'.encode()
    answer = bob.post(messages_url(channel), body)
    assert code_of(answer) == (400, "invalid")
    assert [(error["pointer"], error["code"]) for error in answer.json()["errors"]] == [("/text", code)]
    assert not Message.objects.exists()
    assert not SpaceLog.objects.filter(offset__gt=0).exists()


def ascii_json(text: str) -> str:
    import json  # noqa: PLC0415 -- leaf

    return json.dumps(text)


def test_longest_message_of_the_widest_characters_fits(bob: Person, channel: Channel) -> None:
    text = "🛳" * 4000
    answer = bob.post(messages_url(channel), {"client_id": str(uuid4()), "text": text})
    assert (answer.status_code, answer.json()["text"]) == (201, text)


def test_body_is_16_kib_at_most(bob: Person, channel: Channel) -> None:
    answer = bob.post(messages_url(channel), {"client_id": str(uuid4()), "text": "x" * 16 * 1024})
    assert code_of(answer) == (413, "too_large")


@pytest.mark.parametrize(
    "body",
    [
        {"text": "Ahoy"},
        {"client_id": "mine", "text": "Ahoy"},
        {"client_id": str(uuid4()), "text": ["Ahoy"]},
        {"client_id": str(uuid4()), "text": "Ahoy", "reply_to": "that one"},
    ],
)
def test_body_that_makes_no_sense(bob: Person, channel: Channel, body: dict[str, Any]) -> None:
    assert code_of(bob.post(messages_url(channel), body)) == (400, "invalid")


def test_what_is_sent_twice_is_there_once(
    bob: Person, channel: Channel, logged: list[Pushed], commits: Callable
) -> None:
    body = {"client_id": str(uuid4()), "text": "Ahoy"}
    with commits():
        first = bob.post(messages_url(channel), body)
        again = bob.post(messages_url(channel), {**body, "text": "Something else"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert [offset for offset, *_rest in logged] == [1]
    assert SpaceLog.objects.get().offset == 1


def test_client_id_is_its_authors_own(bob: Person, alice: Person, channel: Channel) -> None:
    body = {"client_id": str(uuid4()), "text": "Ahoy"}
    written = [person.post(messages_url(channel), body) for person in (bob, alice)]
    assert [answer.status_code for answer in written] == [201, 201]


def test_what_was_deleted_is_not_sent_anew(bob: Person, channel: Channel) -> None:
    body = {"client_id": str(uuid4()), "text": "Ahoy"}
    sent = bob.post(messages_url(channel), body).json()
    bob.delete(messages_url(channel, sent["id"]))
    again = bob.post(messages_url(channel), body)
    assert (again.status_code, again.json()["id"], again.json()["text"]) == (200, sent["id"], "")


def test_nobody_writes_where_one_talks(bob: Person, space: Space) -> None:
    voice = make_channel(space, "Galley", kind=Channel.Type.VOICE)
    answer = bob.post(messages_url(voice), {"client_id": str(uuid4()), "text": "Ahoy"})
    assert code_of(answer) == (409, "channel_without_messages")
    assert code_of(bob.get(messages_url(voice))) == (409, "channel_without_messages")


def test_name_stays_as_it_was_when_sent(bob: Person, channel: Channel, say: Callable) -> None:
    say(bob)
    assert bob.user
    bob.user.display_name = "Robert"
    bob.user.save()
    assert page(bob, channel)["results"][0]["author"]["display_name"] == "Bob"


@pytest.mark.parametrize(
    ("mode", "sent", "edited"), [("mask", "A •••• of rum", "•••• again"), ("refuse", None, None)]
)
def test_words_that_a_space_does_not_want(
    bob: Person, space: Space, channel: Channel, mode: str, sent: str | None, edited: str | None
) -> None:
    first = write(bob, channel).json()["id"]
    Space.objects.filter(pk=space.pk).update(content_filter="cask", content_filter_mode=mode)
    answers = [
        bob.post(messages_url(channel), {"client_id": str(uuid4()), "text": "A cask of rum"}),
        bob.patch(messages_url(channel, first), {"text": "Cask again"}),
    ]
    if mode == "mask":
        assert [answer.json()["text"] for answer in answers] == [sent, edited]
    else:
        assert [code_of(answer) for answer in answers] == [(422, "message_filtered")] * 2
        assert texts(page(bob, channel)) == ["Ahoy"]


# Replies --------------------------------------------------------------------


def test_reply_quotes_what_it_replies_to(bob: Person, alice: Person, channel: Channel, say: Callable) -> None:
    first = say(alice, "y" * 200)
    sent = bob.post(
        messages_url(channel), {"client_id": str(uuid4()), "text": "No.", "reply_to": str(first.pk)}
    ).json()
    quote = {"id": str(first.pk), "display_name": "Alice", "text": "y" * 140, "deleted": False}
    assert sent["reply_to"] == quote
    alice.delete(messages_url(channel, first.pk))
    assert page(bob, channel)["results"][1]["reply_to"] == {**quote, "text": "", "deleted": True}


def test_reply_is_to_a_message_of_the_same_channel(
    bob: Person, space: Space, channel: Channel, say: Callable
) -> None:
    elsewhere = say(bob, channel_id=make_channel(space, "watch", kind=Channel.Type.TEXT).pk)
    for replied in (elsewhere.pk, uuid4()):
        body = {"client_id": str(uuid4()), "text": "No.", "reply_to": str(replied)}
        assert code_of(bob.post(messages_url(channel), body)) == (404, "message_not_found")
    assert SpaceLog.objects.get().offset == 1


# Changing -------------------------------------------------------------------


def test_own_message_is_changed_and_keeps_its_place(
    bob: Person, channel: Channel, say: Callable, logged: list[Pushed], commits: Callable
) -> None:
    message = say(bob)
    logged.clear()
    with commits():
        seen = bob.patch(messages_url(channel, message.pk), {"text": "Ahoy all"}).json()
    assert (seen["text"], seen["offset"], bool(seen["edited_at"])) == ("Ahoy all", 1, True)
    del seen["reactions"]
    assert logged == [(2, "message.changed", seen)]


def test_change_that_changes_nothing_is_none(bob: Person, channel: Channel, say: Callable) -> None:
    message = say(bob, "Ahoy")
    answer = bob.patch(messages_url(channel, message.pk), {"text": " Ahoy "})
    assert (answer.status_code, answer.json()["edited_at"]) == (200, None)
    assert SpaceLog.objects.get().offset == 1


def test_message_can_be_changed_for_a_day(bob: Person, channel: Channel, say: Callable) -> None:
    message = say(bob)
    with time_machine.travel(message.created_at + timedelta(hours=23, minutes=59)):
        assert bob.patch(messages_url(channel, message.pk), {"text": "In time"}).status_code == 200
    with time_machine.travel(message.created_at + timedelta(hours=24, seconds=1)):
        answer = bob.patch(messages_url(channel, message.pk), {"text": "Too late"})
        assert code_of(answer) == (403, "edit_too_late")
        assert bob.delete(messages_url(channel, message.pk)).status_code == 204


def test_change_to_nothing_is_refused(bob: Person, channel: Channel, say: Callable) -> None:
    answer = bob.patch(messages_url(channel, say(bob).pk), {"text": " "})
    assert answer.json()["errors"][0]["code"] == "message_empty"


def test_nobody_changes_what_the_system_says(alice: Person, channel: Channel, say: Callable) -> None:
    message = say(alice)
    Message.objects.update(kind="system", code="channel.renamed", text="")
    assert code_of(alice.patch(messages_url(channel, message.pk), {"text": "I"})) == (403, "not_author")


# Deleting -------------------------------------------------------------------


def test_tombstone_says_nothing_more(
    bob: Person, alice: Person, channel: Channel, say: Callable, logged: list[Pushed], commits: Callable
) -> None:
    message = say(bob, "A secret", reply_to=say(alice).pk)
    alice.put(messages_url(channel, message.pk, "reactions"), {"emoji": "👋"})
    alice.put(messages_url(channel, message.pk, "pin"))
    logged.clear()
    with commits():
        assert bob.delete(messages_url(channel, message.pk)).status_code == 204
    tombstone = bob.get(messages_url(channel, message.pk)).json()
    assert {name: tombstone[name] for name in ("text", "reply_to", "reactions", "pinned_at", "mentions")} == {
        "text": "",
        "reply_to": None,
        "reactions": [],
        "pinned_at": None,
        "mentions": [],
    }
    told = {"id": str(message.pk), "channel_id": str(channel.pk), "offset": 2}
    assert logged == [(5, "message.deleted", {**told, "deleted_at": tombstone["deleted_at"]})]
    assert not Reaction.objects.exists()
    message.refresh_from_db()
    assert (message.text, message.deleted_by) == ("", bob.user)


def test_deleting_again_changes_nothing(bob: Person, channel: Channel, say: Callable) -> None:
    message = say(bob)
    answers = [bob.delete(messages_url(channel, message.pk)).status_code for _time in range(2)]
    assert answers == [204, 204]
    assert SpaceLog.objects.get().offset == 2


@pytest.mark.parametrize(
    ("author", "deleter", "answer"),
    [
        ("bob", "alice", 204),
        ("bob", "mona", 204),
        ("alice", "mona", 204),
        ("alice", "bob", "not_author"),
        ("mona", "bob", "not_author"),
    ],
)
def test_who_deletes_whose(
    request: pytest.FixtureRequest, channel: Channel, say: Callable, author: str, deleter: str, answer: Any
) -> None:
    message = say(request.getfixturevalue(author))
    got = request.getfixturevalue(deleter).delete(messages_url(channel, message.pk))
    assert (got.json()["code"] if got.status_code >= 400 else got.status_code) == answer


def test_demoted_moderator_deletes_nothing_of_others(
    bob: Person, mona: Person, space: Space, channel: Channel, say: Callable
) -> None:
    message = say(bob)
    Membership.objects.filter(user=mona.user).update(role="member")
    assert code_of(mona.delete(messages_url(channel, message.pk))) == (403, "not_author")


def test_deleted_message_is_not_changed_pinned_or_reacted_to(
    alice: Person, channel: Channel, say: Callable
) -> None:
    message = say(alice)
    alice.delete(messages_url(channel, message.pk))
    for answer in (
        alice.patch(messages_url(channel, message.pk), {"text": "Ahoy"}),
        alice.put(messages_url(channel, message.pk, "reactions"), {"emoji": "👋"}),
        alice.put(messages_url(channel, message.pk, "pin")),
    ):
        assert code_of(answer) == (404, "message_not_found")


def test_message_is_found_in_its_own_channel_alone(
    alice: Person, space: Space, channel: Channel, say: Callable
) -> None:
    message = say(alice)
    other = make_channel(space, "watch", kind=Channel.Type.TEXT)
    for answer in (
        alice.get(messages_url(other, message.pk)),
        alice.patch(messages_url(other, message.pk), {"text": "Ahoy"}),
        alice.delete(messages_url(other, message.pk)),
    ):
        assert code_of(answer) == (404, "message_not_found")


def test_whoever_keeps_order_may_delete_without_being_a_member(
    bob: Person, channel: Channel, say: Callable, logged: list[Pushed], commits: Callable
) -> None:
    message = say(bob)
    logged.clear()
    with commits():
        remove_message(message, actor=None)
        remove_message(message, actor=None)
    assert [(offset, event) for offset, event, _payload in logged] == [(2, "message.deleted")]


# People who come and go -------------------------------------------------------


def test_messages_stay_when_their_author_leaves(
    alice: Person, bob: Person, space: Space, channel: Channel, say: Callable
) -> None:
    say(bob, "Farewell")
    assert bob.delete(f"spaces/{space.pk}/membership/").status_code == 204
    assert code_of(bob.get(messages_url(channel))) == (404, "channel_not_found")
    body = {"client_id": str(uuid4()), "text": "And another thing"}
    assert code_of(bob.post(messages_url(channel), body)) == (404, "channel_not_found")
    author = page(alice, channel)["results"][0]["author"]
    assert bob.user
    assert (author["display_name"], author["user_id"]) == ("Bob", str(bob.user.pk))


def test_messages_stay_when_their_author_is_disabled(
    alice: Person, bob: Person, channel: Channel, say: Callable
) -> None:
    say(bob, "Farewell")
    assert bob.user
    disable_user(user=bob.user)
    assert texts(page(alice, channel)) == ["Farewell"]
    body = {"client_id": str(uuid4()), "text": "And another thing"}
    assert code_of(bob.post(messages_url(channel), body)) == (401, "credential_required")


def test_messages_keep_the_name_of_an_account_that_is_gone(
    alice: Person, bob: Person, channel: Channel, say: Callable
) -> None:
    say(bob, "Farewell")
    assert bob.user
    bob.user.delete()
    author = page(alice, channel)["results"][0]["author"]
    assert (author["display_name"], author["user_id"], author["avatar_url"]) == ("Bob", None, None)
    assert 1 <= author["color"] <= 10


def test_messages_go_with_their_channel(alice: Person, channel: Channel, say: Callable) -> None:
    say(alice)
    alice.delete(f"channels/{channel.pk}/")
    assert not Message.objects.exists()
    assert not LogEvent.objects.exists()
    assert SpaceLog.objects.get().offset == 1


# Limits -----------------------------------------------------------------------


@pytest.fixture
def rare(settings: Any) -> Callable[[str], None]:
    """Let something be done twice an hour."""

    def limit(name: str) -> None:
        settings.RATES = {**settings.RATES, name: (Rate(2, 3600),)}

    return limit


def test_person_writes_so_often_and_not_more(
    bob: Person, alice: Person, channel: Channel, rare: Callable
) -> None:
    rare("message_person")
    answers = [write(bob, channel) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [201, 201, 429]
    assert float(answers[-1]["Retry-After"]) >= 1
    assert write(alice, channel).status_code == 201


def test_channel_takes_so_many_and_strangers_use_up_nothing(
    bob: Person, alice: Person, stranger: Person, channel: Channel, rare: Callable
) -> None:
    rare("message_place")
    answers = [write(person, channel) for person in (stranger, stranger, bob, alice, bob)]
    assert [answer.status_code for answer in answers] == [404, 404, 201, 201, 429]


def test_changing_and_deleting_count_too(bob: Person, channel: Channel, rare: Callable) -> None:
    rare("message_person")
    message = write(bob, channel).json()["id"]
    assert bob.patch(messages_url(channel, message), {"text": "Ahoy all"}).status_code == 200
    assert code_of(bob.patch(messages_url(channel, message), {"text": "Ahoy"})) == (429, "rate_limited")
    assert code_of(bob.delete(messages_url(channel, message))) == (429, "rate_limited")


def test_moderator_cleans_up_however_much_is_written(
    mona: Person, bob: Person, channel: Channel, rare: Callable
) -> None:
    written = [write(bob, channel).json()["id"] for _ in range(3)]
    rare("message_person")
    rare("message_place")
    assert [mona.delete(messages_url(channel, message)).status_code for message in written] == [204] * 3


def test_reactions_keep_nobody_from_writing(
    bob: Person, alice: Person, channel: Channel, rare: Callable
) -> None:
    message = write(bob, channel).json()["id"]
    rare("message_place")
    react = f"{messages_url(channel, message)}reactions/"
    answers = [person.put(react, {"emoji": emoji}) for person in (alice, bob) for emoji in "👋🎉"]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert write(alice, channel).status_code == 201


def test_people_at_one_address_share_its_limit_and_others_have_their_own(
    bob: Person, alice: Person, mona: Person, channel: Channel, rare: Callable
) -> None:
    rare("message_ip")
    alice.ip = bob.ip
    answers = [write(person, channel) for person in (bob, alice, bob, mona)]
    assert [answer.status_code for answer in answers] == [201, 201, 429, 201]
    assert bob.get(messages_url(channel)).status_code == 200  # who only reads goes on


def write(person: Person, channel: Channel) -> Any:
    return person.post(messages_url(channel), {"client_id": str(uuid4()), "text": "Ahoy"})


# What it costs ------------------------------------------------------------------


def test_sending_asks_the_database_little(
    bob: Person, channel: Channel, say: Callable, django_assert_num_queries: Callable
) -> None:
    say(bob)
    body = {"client_id": str(uuid4()), "text": "Ahoy"}
    # The login session and its user; the door; savepoint, the log locked, the door again, the message,
    # the log, its event, release.
    with django_assert_num_queries(10):
        assert bob.post(messages_url(channel), body).status_code == 201


def test_what_is_done_to_a_message_asks_the_database_little(
    bob: Person, channel: Channel, say: Callable, django_assert_num_queries: Callable
) -> None:
    message = say(bob, reply_to=say(bob).pk)
    url = messages_url(channel, message.pk)
    # Each: the login session and its user; the door; savepoint, the log locked, the door again, the message
    # with its mentions and files; the message, the log, its event; release; the reactions to answer with.
    with django_assert_num_queries(14):
        assert bob.patch(url, {"text": "Ahoy all"}).status_code == 200
    with django_assert_num_queries(7):  # the door, the message with mentions and files, its reactions
        assert bob.get(url).status_code == 200
    with django_assert_num_queries(16):  # its mentions, files and reactions go
        assert bob.delete(url).status_code == 204
