"""The front page, and the page of a session."""

import html
import json
import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from identity.models import User
from nonza.env import Rate
from sessions.models import Participant, Session
from tests.fakes import FakeLiveKit
from tests.helpers import Person, new_key

CODE = "qmvt-hzke-wrpd"


def text_of(answer: HttpResponse) -> str:
    return html.unescape(answer.content.decode())


def config_of(answer: HttpResponse) -> dict[str, Any]:
    found = re.search(
        r'<script id="nonza-config" type="application/json">(.*?)</script>', answer.content.decode()
    )
    assert found
    return dict(json.loads(found[1]))


def submit(person: Person, display_name: str, key: str = "", **fields: str) -> HttpResponse:
    """Send the form of the front page as a browser does."""
    return person.browser.post(
        "/",
        {
            "display_name": display_name,
            "idempotency_key": key,
            "csrfmiddlewaretoken": person.browser.cookies["csrftoken"].value,
            **fields,
        },
        REMOTE_ADDR=person.ip,
        headers={"Accept-Language": person.language},
    )


# Front page ---------------------------------------------------------------


def test_front_page_offers_both_ways(mallory: Person) -> None:
    page = mallory.get("/")
    assert page.status_code == 200
    words = text_of(page)
    assert 'name="display_name"' in words
    assert 'name="code"' in words
    assert 'aria-invalid="true"' not in words
    assert mallory.browser.head("/").status_code == 200


def test_every_visit_has_a_key_of_its_own(mallory: Person) -> None:
    keys = {
        re.search(r'name="idempotency_key" value="([\w-]{22,128})"', text_of(mallory.get("/")))[1]
        for _ in range(2)
    }  # type: ignore[index]
    assert len(keys) == 2


def test_name_is_all_it_takes_to_start_a_session(mallory: Person) -> None:
    answer = submit(mallory, "  Marta ", new_key())
    session = Session.objects.get()
    assert answer.status_code == 302
    assert answer["Location"] == f"/session/{session.slug}/"
    participant = Participant.objects.get()
    assert (participant.display_name, participant.role, participant.client_ip) == (
        "Marta",
        "host",
        mallory.ip,
    )
    assert config_of(mallory.get(answer["Location"]))["session"]["me"]["role"] == "host"


def test_form_sent_twice_starts_one_session(mallory: Person) -> None:
    key = new_key()
    first, second = (submit(mallory, "Marta", key) for _count in range(2))
    assert first["Location"] == second["Location"]
    assert Session.objects.count() == Participant.objects.count() == 1
    assert config_of(mallory.get(second["Location"]))["session"]["me"]["role"] == "host"


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("", "Say what others should call you."),
        ("   ", "Say what others should call you."),
        ("\u200b\u202e", "Say what others should call you."),
        ("x" * 65, "This name is too long."),
        ("Host", "This name is reserved. Choose another one."),
    ],
)
def test_name_that_cannot_be_taken_is_explained_at_its_field(
    mallory: Person, name: str, sentence: str
) -> None:
    answer = submit(mallory, name, new_key())
    assert answer.status_code == 400
    assert sentence in text_of(answer)
    assert 'aria-invalid="true"' in text_of(answer)
    assert 'aria-describedby="start-error"' in text_of(answer)
    assert Session.objects.count() == 0
    if name.strip():
        assert html.escape(name) in answer.content.decode(), "nobody types a name twice"


def test_markup_in_a_name_stays_text(mallory: Person) -> None:
    answer = submit(mallory, "<img src=x>" * 10, new_key())
    assert answer.status_code == 400
    assert "<img src=x>" not in answer.content.decode()


def test_key_that_is_none_is_explained_in_a_sentence(mallory: Person) -> None:
    answer = submit(mallory, "Marta", "short")
    assert answer.status_code == 400
    assert "An Idempotency-Key is 22 to 128" in text_of(answer)


def test_form_without_a_key_starts_a_session_all_the_same(mallory: Person) -> None:
    assert submit(mallory, "Marta").status_code == 302


def test_form_of_a_foreign_site_starts_nothing(mallory: Person) -> None:
    answer = submit(mallory, "Marta", csrfmiddlewaretoken="forged")
    assert answer.status_code == 403
    assert answer["Content-Type"].startswith("text/html")
    assert Session.objects.count() == 0


def test_too_many_starts_are_explained_in_a_sentence(mallory: Person, settings: Any) -> None:
    settings.RATES = {**settings.RATES, "create_guest": (Rate(1, 60),)}
    submit(mallory, "Marta", new_key())
    answer = submit(mallory, "Marta", new_key())
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert "Too many tries." in text_of(answer)
    assert 'value="Marta"' in text_of(answer)


@pytest.mark.parametrize("is_user", [False, True])
def test_operator_may_close_starting_to_guests(mallory: Person, settings: Any, is_user: bool) -> None:
    settings.ANONYMOUS_SESSIONS = False
    if is_user:
        mallory.browser.force_login(User.objects.create_user("alice@example.org", display_name="Alice"))
        assert mallory.browser.get("/").status_code == 302
    else:
        assert 'name="display_name"' not in text_of(mallory.browser.get("/"))
        assert 'name="code"' in text_of(mallory.browser.get("/"))
    assert submit(mallory, "Marta", new_key()).status_code == (302 if is_user else 403)


# Join by code -------------------------------------------------------------


@pytest.mark.parametrize(
    "written",
    [
        CODE, f"  {CODE} ", "QMVT-HZKE-WRPD", "qmvthzkewrpd", "qmvt hzke wrpd", "Qmvt - hzke - wrpd",
        f"https://calls.example/session/{CODE}/", f"https://calls.example/session/{CODE}",
        f"calls.example/session/{CODE}/",
        f"https://calls.example/call/{CODE}/", f"/session/{CODE}/", f"https://calls.example/session/{CODE}/?x=1#y",
    ],
)  # fmt: skip
def test_code_or_link_in_any_spelling_leads_to_the_session(db: None, written: str) -> None:
    answer = Client().get("/join/", {"code": written})
    assert (answer.status_code, answer["Location"]) == (302, f"/session/{CODE}/")


@pytest.mark.parametrize(
    "written",
    [
        "", "   ", "x", "qmvt-hzke-wrp", f"{CODE}a", "qmvt-hzke-wrp0", "qmvt-hzke-wrpl",
        "https://calls.example/", "https://calls.example/session/",
        "//evil.example", "https://evil.example/qmvt", "javascript:alert(1)",
        "../../admin/", "x" * 3000, "\x00", "http://[", "дом-мира-вода",
    ],
)  # fmt: skip
def test_what_is_no_code_is_explained_at_its_field(db: None, written: str) -> None:
    answer = Client().get("/join/", {"code": written})
    assert answer.status_code == 400
    assert 'aria-describedby="code-error"' in text_of(answer)
    assert 'aria-describedby="start-error"' not in text_of(answer)


def test_join_without_a_code_asks_for_one(db: None) -> None:
    assert "A code has three groups of four letters." in text_of(Client().get("/join/"))


def test_joining_by_code_changes_nothing(db: None) -> None:
    assert Client().post("/join/", {"code": CODE}).status_code == 405


# Page of a session ----------------------------------------------------------


def test_stranger_sees_the_gate(host: Person, mallory: Person) -> None:
    slug = host.start(title="Autumn")
    page = mallory.get(f"/session/{slug}/")
    assert page.status_code == 200
    config = config_of(page)
    assert config["session"]["title"] == "Autumn"
    assert config["session"]["me"] is None
    assert config["session"] == mallory.get(f"sessions/{slug}/").json()
    assert {name: config[name] for name in config if name != "session"} == {
        "language": "en",
        "slug": slug,
        "link": f"http://testserver/session/{slug}/",
        "csrf_cookie": "csrftoken",
        "api": "/api/v1/",
        "display_name": "",
        "problem": None,
        "media_available": True,
        "blur_model": None,
        "chat": True,
    }
    assert "<title>" in text_of(page)
    assert "Autumn" in text_of(page)


def test_page_offers_no_chat_where_there_is_none(host: Person, slug: str, without_chat: None) -> None:
    assert config_of(host.get(f"/session/{slug}/"))["chat"] is False


def test_host_sees_their_place(host: Person, slug: str) -> None:
    config = config_of(host.get(f"/session/{slug}/"))
    assert config["session"] == host.get(f"sessions/{slug}/").json()
    assert config["display_name"] == "Marta"


def test_user_is_known_by_name_at_the_gate(mallory: Person, slug: str) -> None:
    mallory.browser.force_login(User.objects.create_user("alice@example.org", display_name="Alice"))
    assert config_of(mallory.get(f"/session/{slug}/"))["display_name"] == "Alice"


@pytest.mark.parametrize(
    ("reason", "code"),
    [("host_ended", "session_ended"), ("empty", "session_ended"), ("expired", "session_expired")],
)
def test_who_was_in_it_reads_that_it_is_over(host: Person, slug: str, reason: str, code: str) -> None:
    from django.utils import timezone  # noqa: PLC0415 -- leaf

    Session.objects.update(status="ended", ended_reason=reason, ended_at=timezone.now())
    page = host.get(f"/session/{slug}/")
    config = config_of(page)
    assert page.status_code == 200
    assert config["problem"]["code"] == code
    assert config["session"]["ended_reason"] == reason


def test_unknown_session_is_a_page_of_its_own(mallory: Person) -> None:
    page = mallory.get(f"/session/{CODE}/")
    config = config_of(page)
    assert page.status_code == 404
    assert config["session"] is None
    assert config["problem"]["code"] == "session_not_found"
    assert 'id="session"' in text_of(page)


def test_guessing_is_stopped_on_the_page_too(mallory: Person, slug: str) -> None:
    for _count in range(25):
        page = mallory.get(f"/session/{CODE}/")
    assert page.status_code == 429
    assert int(page["Retry-After"]) >= 1
    assert config_of(page)["problem"]["code"] == "rate_limited"
    assert config_of(page)["problem"]["retry_after"] > 0


def test_installation_without_media_says_so_on_the_page(mallory: Person, slug: str, settings: Any) -> None:
    settings.LIVEKIT_API_SECRET = ""
    assert config_of(mallory.get(f"/session/{slug}/"))["media_available"] is False


def test_page_of_a_session_stays_out_of_search_and_of_other_sites(mallory: Person, slug: str) -> None:
    page = mallory.get(f"/session/{slug}/")
    assert '<meta name="robots" content="noindex">' in text_of(page)
    assert page["Referrer-Policy"] == "same-origin"


def test_page_only_reads(host: Person, slug: str, livekit: FakeLiveKit) -> None:
    assert host.post(f"/session/{slug}/").status_code == 405
    before = Participant.objects.values().get()
    host.get(f"/session/{slug}/")
    assert Participant.objects.values().get() == before
    assert livekit.made == set()


def test_page_hands_out_the_token_that_writing_needs(db: None, slug: str) -> None:
    browser = Client(enforce_csrf_checks=True)
    page = browser.get(f"/session/{slug}/")
    token = browser.cookies[config_of(page)["csrf_cookie"]].value
    joined = browser.post(
        f"/api/v1/sessions/{slug}/join/",
        {"display_name": "Dana"},
        "application/json",
        headers={"X-CSRFToken": token},
    )
    assert joined.status_code == 200
    left = browser.post(f"/api/v1/sessions/{slug}/leave/", headers={"X-CSRFToken": token})
    assert left.status_code == 204


def test_old_links_lead_to_the_session(db: None) -> None:
    answer = Client().get(f"/call/{CODE}/")
    assert (answer.status_code, answer["Location"]) == (301, f"/session/{CODE}/")


# Language -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("en", "en"),
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("fr,ru;q=0.5", "ru"),
        ("fr", "en"),
        ("", "en"),
        ("*", "en"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/session/{slug}/", "/nothing/"])
def test_pages_follow_the_browsers_language(slug: str, path: str, accepted: str, language: str) -> None:
    page = Client().get(path.format(slug=slug), headers={"Accept-Language": accepted})
    assert f'<html lang="{language}"' in text_of(page)
    if "session" in path:
        assert config_of(page)["language"] == language


def test_words_of_the_front_page_are_translated(db: None) -> None:
    words = {language: text_of(Person(language=language).get("/")) for language in ("en", "ru")}
    assert "Start a session" in words["en"]
    assert "Start a session" not in words["ru"]
    assert re.search(r"[а-яё]{5}", words["ru"])


def test_chosen_language_stays(mallory: Person) -> None:
    chosen = mallory.browser.post(
        "/i18n/setlang/",
        {"language": "ru", "next": "/", "csrfmiddlewaretoken": mallory.browser.cookies["csrftoken"].value},
    )
    assert (chosen.status_code, chosen["Location"]) == (302, "/")
    assert '<html lang="ru"' in text_of(mallory.get("/"))


@pytest.mark.parametrize("following", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_choosing_a_language_leads_nowhere_else(mallory: Person, following: str) -> None:
    chosen = mallory.browser.post(
        "/i18n/setlang/",
        {
            "language": "ru",
            "next": following,
            "csrfmiddlewaretoken": mallory.browser.cookies["csrftoken"].value,
        },
    )
    assert chosen["Location"] == "/"
