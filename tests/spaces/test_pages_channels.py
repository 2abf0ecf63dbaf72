"""The pages of channels and of news."""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.utils import timezone

from sessions.models import Session
from spaces.models import Channel, Notification, Space
from spaces.services.channels import page_extras
from spaces.services.members import membership_of
from spaces.signals import channel_page_assembling
from spaces.views import context
from tests.factories import make_channel
from tests.fakes import FakeLiveKit
from tests.helpers import Person
from tests.spaces.pages import main_of, post, words


@pytest.fixture
def above() -> Iterator[list[Any]]:
    """Let apps above answer the page of a text channel with these (an exception is raised)."""
    answers: list[Any] = []
    before, channel_page_assembling.receivers = channel_page_assembling.receivers, []
    channel_page_assembling.sender_receivers_cache.clear()

    def answer(**asked: Any) -> Any:
        answers.append(asked)
        if isinstance(answers[0], Exception):
            raise answers[0]
        return answers[0]

    channel_page_assembling.connect(answer)
    yield answers
    channel_page_assembling.receivers = before
    channel_page_assembling.sender_receivers_cache.clear()


@pytest.fixture
def channels_page(space: Space) -> str:
    return f"/spaces/{space.pk}/channels/"


def names(space: Space) -> list[str]:
    return [channel.name for channel in space.channels.all()]


def test_channel_page_offers_the_way_in(space: Space, bob: Person) -> None:
    channel = make_channel(space, "Galley")
    page = bob.get(f"/channels/{channel.pk}/")
    assert page.status_code == 200
    assert "Nobody is in this voice channel." in main_of(page)
    assert "Settings of the channel" not in main_of(page)
    assert 'aria-current="page"' in page.content.decode()


def test_apps_above_say_what_a_text_channel_begins_with(space: Space, bob: Person, above: list[Any]) -> None:
    text, voice = make_channel(space, "Deck", kind="text"), make_channel(space)
    above.append({"chat": {"results": []}})
    membership = membership_of(actor=bob.user, space_id=space.pk)
    assert page_extras(membership, text) == {"chat": {"results": []}}
    assert (above[1]["channel"], above[1]["user"]) == (text, bob.user)
    assert page_extras(membership, voice) == {}


@pytest.mark.parametrize("fault", [RuntimeError("broken"), None])
def test_page_of_a_text_channel_stands_without_the_apps_above(
    space: Space, bob: Person, above: list[Any], fault: Any, caplog: pytest.LogCaptureFixture
) -> None:
    above.append(fault)
    assert bob.get(f"/channels/{make_channel(space, 'Deck', kind='text').pk}/").status_code == 200
    assert "answered nothing for a page" in caplog.text


def test_unread_channels_and_mentions_stand_in_the_sidebar(
    space: Space, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    deck, quiet = make_channel(space, "Deck", kind="text"), make_channel(space, "Quiet", kind="text")
    marks = {str(deck.pk): {"unread": True, "mentions": 2}, str(quiet.pk): {"unread": False, "mentions": 0}}
    real = context.sidebar_of
    monkeypatch.setattr(
        "spaces.views.channels.sidebar_of", lambda membership: replace(real(membership), written=marks)
    )
    rows = bob.get(f"/channels/{deck.pk}/").content.decode().split("<li ")
    unread, read = (next(row for row in rows if f'data-channel="{one.pk}"' in row) for one in (deck, quiet))
    assert re.match(rf'data-channel="{deck.pk}" data-unread>', unread)
    assert re.search(r"data-mentions\s+title=\"[^\"]+\">2<", unread)
    assert re.match(rf'data-channel="{quiet.pk}">', read)
    assert re.search(r"data-mentions\s+title=\"[^\"]+\" hidden><", read)


def test_without_scripts_joining_leads_to_the_page_of_the_call(
    space: Space, bob: Person, stranger: Person, livekit: FakeLiveKit
) -> None:
    channel = make_channel(space, "Galley")
    path = f"/channels/{channel.pk}/enter/"
    assert f'action="{path}"' in bob.get(f"/channels/{channel.pk}/").content.decode()
    assert bob.get(path)["Location"] == f"/channels/{channel.pk}/"
    assert post(stranger, path).status_code == 404
    answer = post(bob, path)
    session = Session.objects.get(channel=channel)
    assert answer["Location"] == f"/session/{session.slug}/"
    assert post(bob, path)["Location"] == answer["Location"]


def test_moderator_changes_a_channel(space: Space, mona: Person) -> None:
    channel = make_channel(space, "Galley")
    answer = post(mona, f"/channels/{channel.pk}/", name="Kitchen", topic="Coffee", max_participants=5)
    assert answer.status_code == 303
    channel.refresh_from_db()
    assert (channel.name, channel.topic, channel.max_participants) == ("Kitchen", "Coffee", 5)


def test_member_changes_no_channel(space: Space, bob: Person) -> None:
    channel = make_channel(space, "Galley")
    answer = post(bob, f"/channels/{channel.pk}/", name="Kitchen", topic="", max_participants=5)
    assert answer.status_code == 403
    assert post(bob, f"/channels/{channel.pk}/", action="delete").status_code == 403
    channel.refresh_from_db()
    assert channel.name == "Galley"


def test_wrong_maximum_is_told_at_its_field(space: Space, mona: Person) -> None:
    channel = make_channel(space, "Galley")
    answer = post(mona, f"/channels/{channel.pk}/", name="Galley", topic="", max_participants=500)
    assert answer.status_code == 400
    assert "From 1 to 200 people." in main_of(answer)


def test_moderator_deletes_a_channel(space: Space, mona: Person) -> None:
    channel = make_channel(space, "Galley")
    answer = post(mona, f"/channels/{channel.pk}/", action="delete")
    assert answer["Location"] == f"/spaces/{space.pk}/"
    assert not Channel.objects.exists()


def test_moderator_makes_a_channel(space: Space, mona: Person, channels_page: str) -> None:
    answer = post(
        mona, channels_page, action="create", type="video", name="Bridge", topic="", max_participants=""
    )
    assert answer.status_code == 303
    made = Channel.objects.get()
    assert (made.name, made.type, made.space_id) == ("Bridge", "video", space.pk)


def test_text_is_not_offered_without_chat(
    space: Space, mona: Person, channels_page: str, without_chat: None
) -> None:
    assert 'value="text"' not in mona.get(f"{channels_page}?type=text").content.decode()
    answer = post(mona, channels_page, action="create", type="text", name="general", max_participants="10")
    assert answer.status_code == 400
    assert not Channel.objects.exists()


def test_member_makes_no_channel(space: Space, bob: Person, channels_page: str) -> None:
    answer = post(bob, channels_page, action="create", type="voice", name="Mine", max_participants="10")
    assert answer.status_code == 403
    assert not Channel.objects.exists()


def test_channels_are_ordered_by_key_and_by_dragging(space: Space, mona: Person, channels_page: str) -> None:
    first, _second, third = (make_channel(space, name) for name in ("One", "Two", "Three"))
    page = mona.get(channels_page).content.decode()
    assert "Move Two up" in page
    post(mona, channels_page, action="move", channel=third.pk, position=0)
    assert names(space) == ["Three", "One", "Two"]
    post(mona, channels_page, action="move", channel=first.pk, position=2)
    assert names(space) == ["Three", "Two", "One"]
    post(mona, channels_page, action="move", channel=third.pk, position="9" * 5000)
    assert names(space) == ["Three", "Two", "One"]


def test_member_orders_nothing(space: Space, bob: Person, channels_page: str) -> None:
    make_channel(space, "One")
    second = make_channel(space, "Two")
    assert post(bob, channels_page, action="move", channel=second.pk, position=0).status_code == 403
    assert names(space) == ["One", "Two"]


def test_channel_of_another_space_is_not_found(space: Space, stranger: Person, mona: Person) -> None:
    channel = make_channel(space, "One")
    own = stranger.user.active_space  # type: ignore[union-attr]
    answer = post(stranger, f"/spaces/{own.pk}/channels/", action="delete", channel=channel.pk)
    assert answer.status_code == 404
    assert Channel.objects.filter(pk=channel.pk).exists()


def notify(person: Person, kind: str, space: Space | None = None, **content: str) -> Notification:
    return Notification.objects.create(user=person.user, kind=kind, space=space, content=content)


def test_news_are_told_in_words(space: Space, bob: Person) -> None:
    notify(bob, "call.started", space, display_name="Alice", space_name="Northlight", title="Galley")
    notify(bob, "space.role_changed", space, space_name="Northlight", role="moderator")
    notify(bob, "space.renamed", space, space_name="Northlight", name_before="Pier")
    notify(bob, "space.deleted", space_name="Old pier")
    page = bob.get("/notifications/")
    told = main_of(page)
    assert "Alice has started a call in Northlight: Galley" in told
    assert "You are a moderator of Northlight now." in told
    assert "Pier is called Northlight now." in told
    assert "Old pier was deleted." in told
    assert "data-unread-news>4<" in page.content.decode().replace("\n", "")


@pytest.mark.parametrize("kind", Notification.Kind.values)
def test_every_kind_of_news_has_a_sentence(kind: str, space: Space, bob: Person) -> None:
    notify(bob, kind, space, space_name="Northlight", display_name="Alice", title="Galley", role="owner")
    label = str(Notification.Kind(kind).label)
    told = main_of(bob.get("/notifications/"))
    assert "Northlight" in told
    assert label not in told


def test_news_are_read_one_by_one_or_all_at_once(space: Space, bob: Person, alice: Person) -> None:
    one, other = notify(bob, "space.added", space), notify(bob, "space.added", space)
    foreign = notify(alice, "space.added", space)
    post(bob, "/notifications/", id=one.pk)
    assert Notification.objects.get(pk=one.pk).read_at
    assert not Notification.objects.get(pk=other.pk).read_at
    post(bob, "/notifications/", id=foreign.pk)
    post(bob, "/notifications/")
    assert Notification.objects.get(pk=other.pk).read_at
    assert not Notification.objects.get(pk=foreign.pk).read_at


def test_without_news_the_bell_is_still(space: Space, bob: Person) -> None:
    Notification.objects.create(user=bob.user, kind="space.added", read_at=timezone.now())
    body = bob.get("/notifications/").content.decode()
    assert re.search(r"data-unread-news\s+hidden", body)
    assert "Mark all as read" not in words(bob.get("/notifications/"))
