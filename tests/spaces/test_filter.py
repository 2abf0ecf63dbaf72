"""Words that a space does not want to read: who says which, and where they are found."""

from typing import Any

import pytest

from spaces.models import Channel, Space
from tests.factories import make_channel
from tests.fakes import FakeLiveKit
from tests.helpers import Person, code_of


def settings_of(space: Space) -> str:
    return f"/spaces/{space.pk}/settings/"


def save(person: Person, space: Space, lines: str, mode: str = "mask") -> Any:
    fields = {
        "action": "filter",
        "content_filter": lines,
        "content_filter_mode": mode,
        "csrfmiddlewaretoken": person.browser.cookies["csrftoken"].value,
    }
    return person.browser.post(settings_of(space), fields, REMOTE_ADDR=person.ip)


@pytest.mark.parametrize("who", ["alice", "mona"])
def test_moderators_say_which_words(request: pytest.FixtureRequest, space: Space, who: str) -> None:
    person: Person = request.getfixturevalue(who)
    assert save(person, space, " scrap*\r\n\r\nrust\nscrap*", "refuse").status_code == 303
    space.refresh_from_db()
    assert (space.content_filter, space.content_filter_mode) == ("scrap*\nrust", "refuse")
    page = person.get(settings_of(space)).content.decode()
    assert "scrap*\nrust</textarea>" in page
    assert '<option value="refuse" selected>' in page
    assert save(person, space, "").status_code == 303
    space.refresh_from_db()
    assert space.content_filter == ""


def test_members_neither_see_nor_change_them(bob: Person, space: Space) -> None:
    Space.objects.update(content_filter="scrap")
    assert "scrap" not in bob.get(settings_of(space)).content.decode()
    assert save(bob, space, "").status_code == 403
    assert "scrap" not in bob.get(f"spaces/{space.pk}/").content.decode()


@pytest.mark.parametrize(
    "lines", ["*", "a*", "two words", "x" * 81, "\n".join(f"word{number}" for number in range(201))]
)
def test_what_would_find_everything_or_nothing_is_refused(alice: Person, space: Space, lines: str) -> None:
    answer = save(alice, space, lines)
    assert answer.status_code == 400
    assert 'aria-invalid="true"' in answer.content.decode()
    space.refresh_from_db()
    assert space.content_filter == ""


def test_names_and_titles_are_filtered(
    alice: Person, guest: Person, space: Space, livekit: FakeLiveKit
) -> None:
    Space.objects.update(content_filter="scrap*")
    slug = alice.start("Alice", space=str(space.pk), title="A scrap meeting", description="Scrappy")
    assert alice.place["session"]["title"] == "A ••••• meeting"
    assert alice.patch(f"sessions/{slug}/", {"title": "Scraps"}).json()["title"] == "••••••"
    assert guest.join(slug, "Scrapper").json()["participant"]["display_name"] == "••••••••"
    channel = make_channel(space, "deck", kind=Channel.Type.VOICE)
    changed = alice.patch(f"channels/{channel.pk}/", {"name": "Scrap deck", "topic": "s c r a p"}).json()
    assert (changed["name"], changed["topic"]) == ("••••• deck", "• • • • •")
    made = alice.post(f"spaces/{space.pk}/channels/", {"name": "scrap", "type": "voice"}).json()
    assert made["name"] == "•••••"
    renamed = alice.patch(f"spaces/{space.pk}/", {"name": "Scrap yard", "description": "scrap"}).json()
    assert (renamed["name"], renamed["description"]) == ("••••• yard", "•••••")


def test_names_and_titles_are_refused(
    alice: Person, guest: Person, space: Space, livekit: FakeLiveKit
) -> None:
    slug = alice.start("Alice", space=str(space.pk))
    Space.objects.update(content_filter="scrap*", content_filter_mode="refuse")
    for answer in (
        guest.join(slug, "Scrapper"),
        alice.patch(f"sessions/{slug}/", {"title": "Scraps"}),
        alice.post("sessions/", {"space": str(space.pk), "title": "Scraps"}),
        alice.post(f"spaces/{space.pk}/channels/", {"name": "scrap", "type": "voice"}),
        alice.patch(f"spaces/{space.pk}/", {"name": "Scrap yard"}),
    ):
        assert code_of(answer) == (422, "message_filtered")
    # What stands already does not keep anybody from changing something else.
    Space.objects.update(name="Scrap yard")
    assert alice.patch(f"spaces/{space.pk}/", {"description": "Boats"}).status_code == 200


def test_installation_filters_everywhere(
    bob: Person, host: Person, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.CONTENT_FILTER = ["scrap*"]
    assert bob.patch("identity/profile/", {"display_name": "Scrapper"}).json()["display_name"] == "••••••••"
    host.start("Scrappy")
    assert host.place["participant"]["display_name"] == "•••••••"
    assert bob.post("spaces/", {"name": "Scrap yard"}).json()["name"] == "••••• yard"
    settings.CONTENT_FILTER_MODE = "refuse"
    assert code_of(bob.patch("identity/profile/", {"display_name": "Scrap"})) == (422, "message_filtered")
