"""The pages of text channels: what stands around the messages."""

import re

import pytest
from django.http import HttpResponse

from spaces.models import Channel, Space
from tests.factories import make_channel
from tests.helpers import Person
from tests.spaces.pages import post


def pane_of(answer: HttpResponse) -> str:
    """The pane as it was written, without the sidebar."""
    return answer.content.decode().partition("<main ")[2].partition("</main>")[0]


@pytest.fixture
def deck(space: Space) -> Channel:
    return make_channel(space, "Deck", kind=Channel.Type.TEXT)


def test_what_is_written_has_a_place_that_scripts_may_keep(deck: Channel, bob: Person) -> None:
    page = pane_of(bob.get(f"/channels/{deck.pk}/"))
    place = re.search(r'<div id="channel-chat"[^>]*>', page)
    assert place
    assert "data-island" in place[0]
    assert f'data-channel-id="{deck.pk}"' in place[0]
    assert "<noscript>" in page


def test_only_moderators_are_led_to_the_settings(deck: Channel, bob: Person, mona: Person) -> None:
    assert "?settings" in pane_of(mona.get(f"/channels/{deck.pk}/"))
    assert "?settings" not in pane_of(bob.get(f"/channels/{deck.pk}/"))
    asked = f"/channels/{deck.pk}/?settings"
    assert 'name="topic"' in pane_of(mona.get(asked))
    assert 'name="topic"' not in pane_of(bob.get(asked))


def test_settings_ask_for_no_seats_and_keep_them(deck: Channel, mona: Person) -> None:
    before = deck.max_participants
    assert "max_participants" not in pane_of(mona.get(f"/channels/{deck.pk}/?settings"))
    answer = post(mona, f"/channels/{deck.pk}/?settings", name="Bow", topic="In front")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/channels/{deck.pk}/"
    deck.refresh_from_db()
    assert (deck.name, deck.topic, deck.max_participants) == ("Bow", "In front", before)


def test_a_name_that_is_refused_stays_with_the_settings(deck: Channel, mona: Person) -> None:
    answer = post(mona, f"/channels/{deck.pk}/?settings", name="", topic="")
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in pane_of(answer)


def test_a_voice_channel_asks_for_seats(space: Space, mona: Person) -> None:
    assert "max_participants" in pane_of(mona.get(f"/channels/{make_channel(space).pk}/"))


def test_the_overview_lists_text_channels(deck: Channel, space: Space, bob: Person) -> None:
    page = pane_of(bob.get(f"/spaces/{space.pk}/"))
    assert f'data-channel="{deck.pk}"' in page
    assert f'href="/channels/{deck.pk}/"' in page
