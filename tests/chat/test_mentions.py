"""Names in messages: how they are found, who is told, and who is offered while one writes."""

from collections.abc import Callable
from uuid import UUID

import pytest

from chat.models import Mention, Message
from chat.services import mentions as service
from chat.services.mentions import find_mentions, tell_mentioned
from chat.services.messages import delete_message, edit_message
from identity.models import User
from spaces.models import Channel, Membership, Notification, Space
from tests.chat.wording import messages_url
from tests.factories import make_space, make_user
from tests.helpers import Person, code_of


@pytest.fixture
def join(space: Space) -> Callable[[str], User]:
    """Let somebody of this name join the space."""

    def add(name: str) -> User:
        user = make_user(f"member{space.memberships.count()}@example.org", name)
        Membership.objects.create(space=space, user=user)
        return user

    return add


def named(text: str, author: Person, space: Space, picked: list[UUID] | None = None) -> dict[UUID, str]:
    assert author.user
    return find_mentions(space, author.user, text, picked or []).users


def told(user: User | None) -> list[str]:
    """What somebody was told of mentions, the oldest first."""
    news = Notification.objects.filter(user=user, kind="message.mentioned").order_by("created_at")
    return [one.content["text"] for one in news]


# Finding ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "@Bob",
        "ahoy @Bob!",
        "@bob, look",
        "(@Bob)",
        "@Bob’s turn",
        "**@Bob**",
        "one\n@Bob\ntwo",
        "@Bob\u00a0here",
        "/@Bob",
    ],
)
def test_name_behind_the_sign_is_found(text: str, alice: Person, bob: Person, space: Space) -> None:
    assert list(named(text, alice, space)) == [bob.user.pk]


@pytest.mark.parametrize(
    "text",
    [
        "Bob",
        "@Bobby",
        "@ Bob",
        "mail alice@bob.org",
        "alice@Bob",
        "@@Bob",
        "`@Bob`",
        "```\n@Bob\n```",
        "```\n@Bob",
        "@",
        "@" * 5000,
    ],
)
def test_what_only_looks_like_a_mention_is_text(text: str, alice: Person, bob: Person, space: Space) -> None:
    assert named(text, alice, space) == {}


def test_longest_name_wins(alice: Person, space: Space, join: Callable) -> None:
    ann, ann_lee, all_hands = join("Ann"), join("Ann Lee (Ops)"), join("All Hands")
    assert named("@Ann Lee (Ops), please", alice, space) == {ann_lee.pk: "Ann Lee (Ops)"}
    assert named("@Ann Lee", alice, space) == {ann.pk: "Ann"}
    found = find_mentions(space, alice.user, "@All Hands")
    assert found == ({all_hands.pk: "All Hands"}, False)
    assert find_mentions(space, alice.user, "@all hands of the crew, @All") == (
        {all_hands.pk: "all hands"},
        True,
    )


def test_names_in_any_alphabet_and_case(alice: Person, space: Space, join: Callable) -> None:
    names = ["Алёна Юрьевна", "李雷", "Zoë", "Ŝanĝo", "🚢 Kapitän"]
    users = [join(name) for name in names]
    for user, name in zip(users, names, strict=True):
        assert named(f"@{name}, да", alice, space) == {user.pk: name}
    assert named("@алена юрьевна", alice, space) == {users[0].pk: "алена юрьевна"}


def test_who_has_no_name_is_called_by_the_mailbox(alice: Person, space: Space) -> None:
    user = User.objects.create_user("kim.berg@example.org")
    Membership.objects.create(space=space, user=user)
    assert user.called == "kim.berg"
    assert named("@kim.berg: ready", alice, space) == {user.pk: "kim.berg"}


def test_of_namesakes_the_picked_one_is_meant_or_all(alice: Person, space: Space, join: Callable) -> None:
    one, other = join("Kim"), join("Kim")
    assert set(named("@Kim", alice, space)) == {one.pk, other.pk}
    assert set(named("@Kim", alice, space, [other.pk])) == {other.pk}
    assert named("nobody", alice, space, [other.pk]) == {}  # picked, and taken out again


def test_only_members_are_mentioned(alice: Person, stranger: Person, bob: Person, space: Space) -> None:
    assert named("@Sven", alice, space, [stranger.user.pk]) == {}
    User.objects.filter(pk=bob.user.pk).update(is_active=False)
    assert named("@Bob", alice, space) == {}


@pytest.mark.parametrize("sign", ["@all", "@ALL", "@все", "@Все"])
def test_all_counts_from_who_keeps_order(
    sign: str, alice: Person, mona: Person, bob: Person, space: Space
) -> None:
    by = [find_mentions(space, person.user, f"{sign}: ahoy").all for person in (alice, mona, bob)]
    assert by == [True, True, False]
    assert not find_mentions(space, alice.user, f"{sign}owed").all


def test_fifty_are_mentioned_at_most(alice: Person, space: Space, join: Callable) -> None:
    for number in range(60):
        join(f"Member {number:02}")
    text = " ".join(f"@Member {number:02}" for number in range(60))
    assert len(named(text, alice, space)) == 50


@pytest.mark.parametrize("number", [1, 3])
def test_finding_asks_little(
    number: int, alice: Person, space: Space, join: Callable, django_assert_num_queries: Callable
) -> None:
    text = " ".join(f"@{join(f'Member {place}').called}" for place in range(number))
    with django_assert_num_queries(1):
        assert len(named(text, alice, space)) == number
    with django_assert_num_queries(0):
        named("no sign at all", alice, space)


# Keeping and telling ---------------------------------------------------------


def test_message_says_whom_it_mentions(
    alice: Person, bob: Person, channel: Channel, commits: Callable
) -> None:
    body = {"client_id": "019aa3c4-5f00-7000-8000-000000000002", "text": "@bob, @all: ahoy"}
    with commits():
        seen = alice.post(messages_url(channel), body).json()
    assert seen["mentions"] == [{"user_id": str(bob.user.pk), "display_name": "bob"}]
    assert seen["mentions_all"] is True
    assert alice.get(messages_url(channel, seen["id"])).json() == seen


def test_who_is_mentioned_is_told_once(
    alice: Person, mona: Person, bob: Person, channel: Channel, say: Callable, commits: Callable
) -> None:
    with commits():
        message = say(alice, "@Bob and @Alice " + "x" * 200)
    tell_mentioned(message.pk)
    tell_mentioned(message.pk)
    assert told(bob.user) == [message.text[:140]]
    assert told(alice.user) == told(mona.user) == []
    (news,) = Notification.objects.filter(user=bob.user)
    assert news.space_id == channel.space_id
    assert news.content == {
        "space_id": str(channel.space_id),
        "space_name": channel.space.name,
        "user_id": str(alice.user.pk),
        "display_name": "Alice",
        "channel_id": str(channel.pk),
        "channel_name": "general",
        "message_id": str(message.pk),
        "text": message.text[:140],
        "mentioned": "you",
    }


def test_nobody_is_told_of_what_was_not_committed(
    alice: Person, bob: Person, say: Callable, commits: Callable
) -> None:
    say(alice, "@Bob")  # the transaction of the test goes on
    assert told(bob.user) == []


def test_all_are_told_but_the_author_and_who_wants_no_news(
    alice: Person, mona: Person, bob: Person, space: Space, join: Callable, say: Callable, commits: Callable
) -> None:
    dana = join("Dana")
    space.memberships.filter(user__in=[bob.user, dana]).update(muted=True)
    with commits():
        say(alice, "@all and @Dana")
    assert [told(user) for user in (alice.user, bob.user)] == [[], []]
    assert told(mona.user) == told(dana) == ["@all and @Dana"]  # called by name, one is told
    by_user = {news.user_id: news.content["mentioned"] for news in Notification.objects.all()}
    assert by_user == {mona.user.pk: "all", dana.pk: "you"}


def test_edit_tells_who_is_new_in_it_and_nobody_twice(
    alice: Person, mona: Person, bob: Person, channel: Channel, say: Callable, commits: Callable
) -> None:
    with commits():
        message = say(alice, "@Bob")
    with commits():
        edit_message(actor=alice.user, channel_id=channel.pk, message_id=message.pk, text="@Bob and @Mona")
    assert (told(bob.user), told(mona.user)) == (["@Bob and @Mona"], ["@Bob and @Mona"])
    with commits():
        edited = edit_message(actor=alice.user, channel_id=channel.pk, message_id=message.pk, text="@Mona")
    assert (told(bob.user), told(mona.user)) == ([], ["@Mona"])
    assert [mention.user_id for mention in Mention.objects.all()] == [mona.user.pk]
    assert [mention.user_id for mention in edited.mentions.all()] == [mona.user.pk]


def test_edit_keeps_who_was_picked_among_namesakes(
    alice: Person, channel: Channel, join: Callable, say: Callable
) -> None:
    one, other = join("Kim"), join("Kim")
    message = say(alice, "@Kim", mentions=[other.pk])
    edit_message(actor=alice.user, channel_id=channel.pk, message_id=message.pk, text="@Kim, please")
    assert [mention.user_id for mention in message.mentions.all()] == [other.pk]
    assert one.pk != other.pk


def test_deleted_message_takes_its_news_back(
    alice: Person,
    bob: Person,
    channel: Channel,
    say: Callable,
    commits: Callable,
    pushes: list,
) -> None:
    with commits():
        message = say(alice, "@Bob secret")
        say(alice, "@Bob other")
    pushes.clear()
    with commits():
        delete_message(actor=alice.user, channel_id=channel.pk, message_id=message.pk)
    assert told(bob.user) == ["@Bob other"]
    assert Mention.objects.count() == 1
    assert ("notifications.read", {"unread": 1}) in [push[1:] for push in pushes]
    tell_mentioned(message.pk)
    assert told(bob.user) == ["@Bob other"]


def test_work_on_a_message_that_is_gone_does_nothing(channel: Channel) -> None:
    unknown = UUID(int=7)
    tell_mentioned(unknown)
    service.take_back_mentions(unknown)
    assert not Notification.objects.exists()


# Offering --------------------------------------------------------------------


def offered(person: Person, space: Space, query: str) -> list[str]:
    answer = person.get(f"spaces/{space.pk}/mentionable/?q={query}")
    assert answer.status_code == 200, answer.content
    return [one["display_name"] for one in answer.json()["results"]]


def test_others_are_offered_by_the_beginning_of_a_word(bob: Person, space: Space, join: Callable) -> None:
    join("Анна Белова")
    assert offered(bob, space, "") == ["Alice", "Mona", "Анна Белова"]
    assert offered(bob, space, "al") == ["Alice"]
    assert offered(bob, space, "бел") == offered(bob, space, "аННа") == ["Анна Белова"]
    assert offered(bob, space, "lice") == offered(bob, space, "%25") == offered(bob, space, "bob") == []


def test_offer_says_who_may_call_all(alice: Person, mona: Person, bob: Person, space: Space) -> None:
    path = f"spaces/{space.pk}/mentionable/"
    assert [person.get(path).json()["all"] for person in (alice, mona, bob)] == [True, True, False]
    assert bob.get(f"{path}?q=mon").json() == {
        "results": [
            {
                "user_id": str(mona.user.pk),
                "display_name": "Mona",
                "color": mona.user.color,
                "avatar_url": None,
            }
        ],
        "all": False,
    }


def test_strangers_are_offered_nobody(stranger: Person, space: Space) -> None:
    assert code_of(stranger.get(f"spaces/{space.pk}/mentionable/")) == (404, "space_not_found")


def test_nobody_of_another_space_is_offered(bob: Person, space: Space) -> None:
    other = make_space("Elsewhere", owner=make_user("dana@example.org", "Dana"))
    assert other.pk != space.pk
    assert offered(bob, space, "dana") == []


@pytest.mark.parametrize("number", [1, 30])
def test_offering_asks_little(
    number: int, bob: Person, space: Space, join: Callable, django_assert_num_queries: Callable
) -> None:
    for place in range(number):
        join(f"Member {place:02}")
    with django_assert_num_queries(2):
        found = service.mentionable(actor=bob.user, space_id=space.pk, query="member")
    assert len(found["results"]) == min(number, 10)


def test_message_knows_nothing_of_others_channels(alice: Person, say: Callable) -> None:
    message: Message = say(alice, "@Bob")
    (mention,) = Mention.objects.all()
    assert (mention.channel_id, mention.offset) == (message.channel_id, message.offset)


def test_text_of_nothing_but_signs_asks_for_no_more_names_than_a_database_takes(
    alice: Person, space: Space
) -> None:
    letters = (chr(0x100 + number % 500) for number in range(210 * 9))
    text = "".join("@" + "".join(f"{next(letters)}." for _ in range(9)) for _ in range(210))
    spellings = sum(map(len, service._candidates(text)))
    assert 3000 < spellings <= service.SPELLINGS_AT_MOST
    assert named(text, alice, space) == {}


def test_news_say_what_a_message_says_after_it_was_changed(
    alice: Person, bob: Person, mona: Person, channel: Channel, say: Callable, commits: Callable
) -> None:
    """What somebody took out of a message stands in nobody's bell."""
    where = {"actor": alice.user, "channel_id": channel.pk}
    with commits():
        message = say(alice, "@Bob @Mona the key is 4711")
    with commits():
        edit_message(message_id=message.pk, text="@Bob come to the bridge", **where)
    assert (told(bob.user), told(mona.user)) == (["@Bob come to the bridge"], [])
    with commits():
        edit_message(message_id=message.pk, text="Never mind", **where)
    assert (told(bob.user), told(mona.user)) == ([], [])
