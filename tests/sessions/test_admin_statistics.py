"""Statistics in the admin: the page of a session, and the list of sessions."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from identity.models import User
from sessions.models import Connection, Participant, ScreenShare, Session
from tests.helpers import Person

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@pytest.fixture
def root(db: None) -> Client:
    browser = Client()
    browser.force_login(User.objects.create_superuser("root@example.org"))
    return browser


@pytest.fixture
def session(host: Person, slug: str) -> Session:
    """Marta was there for an hour and five minutes, shared for ten of them, and spoke for one."""
    end = NOON + timedelta(minutes=65)
    session = Session.objects.get(slug=slug)
    marta = Participant.objects.get(pk=host.id)
    Participant.objects.update(joined_at=NOON, spoken_ms=60_000)
    stay = Connection.objects.create(
        participant=marta,
        identity=f"{marta.pk}.0a1b",
        livekit_sid="PA_1",
        joined_at=NOON,
        left_at=end,
        left_reason="left",
    )
    ScreenShare.objects.create(
        participant=marta,
        identity=stay.identity,
        track_sid="TR_1",
        started_at=NOON,
        ended_at=NOON + timedelta(minutes=10),
    )
    Session.objects.filter(pk=session.pk).update(
        started_at=NOON, ended_at=end, status="ended", ended_reason="host_ended"
    )
    return session


def test_page_of_a_session_tells_how_it_went(root: Client, session: Session) -> None:
    page = root.get(reverse("admin:nonza_sessions_session_change", args=[session.pk])).content.decode()
    cells = re.findall(r"<td>([^<]*)</td>", page[page.index("1 person came") :])
    assert cells[:6] == ["1:05:00", "1", "0", "0:10:00", "0:01:00", "100 %"]
    assert "at most at once: 1." in page


def test_list_of_sessions_tells_who_came_and_for_how_long(root: Client, session: Session) -> None:
    page = root.get(reverse("admin:nonza_sessions_session_changelist")).content.decode()
    assert re.search(r'class="field-came">1<', page)
    assert re.search(r'class="field-length">1:05:00<', page)


def test_names_are_words_and_nothing_more(root: Client, session: Session) -> None:
    Participant.objects.update(display_name="<script>alert(1)</script>")
    page = root.get(reverse("admin:nonza_sessions_session_change", args=[session.pk])).content.decode()
    assert "<script>alert(1)" not in page


def test_shared_screens_are_listed_and_found(root: Client, session: Session) -> None:
    address = reverse("admin:nonza_sessions_screenshare_changelist")
    assert "TR_1" in root.get(f"{address}?q={session.slug}").content.decode()
    assert root.get(reverse("admin:nonza_sessions_screenshare_add")).status_code == 403
