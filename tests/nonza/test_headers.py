"""Headers and cookies, by class of address."""

import json
import re
import runpy
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, override_settings
from whitenoise.middleware import WhiteNoiseMiddleware

from nonza.env import ROOT, read_env
from tests.helpers import Person

PAGES = {
    "front page": "/",
    "form with an error": "/join/?code=x",
    "session": "/session/{slug}/",
    "unknown session": "/session/aaaa-bbbb-cccc/",
    "unknown address": "/nothing/",
    "admin": "/admin/login/",
}
REST = {
    "API": "/api/v1/sessions/{slug}/",
    "API's list": "/api/v1/sessions/{slug}/participants/",
    "API's refusal": "/api/v1/sessions/aaaa-bbbb-cccc/",
    "unknown API": "/api/v1/nothing/",
    "schema": "/api/v1/schema/",
    "webhook": "/api/v1/livekit/webhook/",
    "redirect": "/call/{slug}/",
    "health": "/healthz",
    "readiness": "/readyz",
}
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self), autoplay=(self)",
}


def visit(path: str, slug: str) -> HttpResponse:
    return Client().get(path.format(slug=slug))


def policy_of(answer: HttpResponse) -> dict[str, set[str]]:
    directives = (directive.split() for directive in answer["Content-Security-Policy"].split(";"))
    return {name: set(sources) for name, *sources in directives}


@pytest.mark.parametrize("path", [*PAGES.values(), *REST.values()], ids=[*PAGES, *REST])
def test_every_answer_carries_the_headers_that_protect(slug: str, path: str) -> None:
    answer = visit(path, slug)
    assert {name: answer[name] for name in EVERYWHERE} == EVERYWHERE
    assert "no-store" in answer["Cache-Control"]
    assert "private" in answer["Cache-Control"]
    is_secret_link = path.startswith("/session/")
    expected = "same-origin" if is_secret_link else "strict-origin-when-cross-origin"
    assert answer["Referrer-Policy"] == expected
    assert "Server" not in answer
    assert "X-Powered-By" not in answer


@pytest.mark.parametrize("path", [*PAGES.values(), *REST.values()], ids=[*PAGES, *REST])
def test_every_answer_has_a_strict_policy(slug: str, path: str) -> None:
    policy = policy_of(visit(path, slug))
    assert policy["default-src"] == policy["base-uri"] == policy["object-src"] == {"'none'"}
    assert policy["frame-ancestors"] == {"'none'"}
    assert policy["form-action"] == {"'self'", settings.GOOGLE_URL}
    for name, sources in policy.items():
        assert not sources & {"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:", "ws:", "wss:"}, name
    for name in ("script-src", "style-src"):
        assert {source for source in policy[name] if not source.startswith("'nonce-")} == {"'self'"}


@pytest.mark.parametrize("path", [*PAGES.values(), *REST.values()], ids=[*PAGES, *REST])
def test_browser_may_connect_to_us_and_both_addresses_of_the_media_server(slug: str, path: str) -> None:
    assert policy_of(visit(path, slug))["connect-src"] == {
        "'self'", "ws://localhost:8000", "http://127.0.0.1:1", "ws://127.0.0.1:1",
    }  # fmt: skip


@pytest.mark.parametrize("path", ["/", "/session/{slug}/"])
def test_inline_scripts_and_styles_carry_a_nonce_that_is_new_each_time(slug: str, path: str) -> None:
    nonces = set()
    for _visit in range(2):
        answer = visit(path, slug)
        html = answer.content.decode()
        assert not re.search(r"<[^>]+\s(style|on\w+)=", html)
        for tag in re.findall(r"<(?:script|style)\b(?![^>]*\b(?:src|type=\"application/json\"))[^>]*>", html):
            found = re.search(r'nonce="([^"]+)"', tag)
            assert found, tag
            assert f"'nonce-{found[1]}'" in policy_of(answer)["script-src"] | policy_of(answer)["style-src"]
            nonces.add(found[1])
    assert len(nonces) in {0, 2}


def test_answer_of_a_fault_is_protected_too(slug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_arguments: object) -> None:
        raise RuntimeError

    monkeypatch.setattr("sessions.views.front.read_session", fail)
    browser = Client(raise_request_exception=False)
    answer = browser.get(f"/session/{slug}/")
    assert answer.status_code == 500
    assert {name: answer[name] for name in EVERYWHERE} == EVERYWHERE
    assert policy_of(answer)["frame-ancestors"] == {"'none'"}
    assert "no-store" in answer["Cache-Control"]


def test_data_in_a_page_cannot_end_its_script(host: Person) -> None:
    slug = host.start(title="</script><script>alert(1)</script>")
    html = host.get(f"/session/{slug}/").content.decode()
    assert "<script>alert(1)" not in html
    assert "\\u003C/script\\u003E" in html


@pytest.mark.parametrize(
    ("base_url", "prefix", "is_secure"),
    [("http://localhost:8000", "", False), ("https://calls.example", "__Host-", True)],
)
def test_cookies_are_bound_to_the_host_wherever_there_is_https(
    db: None, monkeypatch: pytest.MonkeyPatch, base_url: str, prefix: str, is_secure: bool
) -> None:
    names = {"csrf": f"{prefix}csrftoken", "login": f"{prefix}login"}
    with override_settings(**_cookie_settings(base_url, monkeypatch)):
        browser = Client()
        browser.get("/login/", secure=is_secure)
        browser.post("/login/", {"email": "alice@example.org"}, secure=is_secure)
        started = browser.post("/", {"display_name": "Marta"}, secure=is_secure)
        slug = started["Location"].split("/")[-2]
        guest = Client()
        place = guest.post(
            f"/api/v1/sessions/{slug}/join/", {"display_name": "Dana"}, "application/json", secure=is_secure
        )
    assert place.status_code == 200
    credential = guest.cookies[f"{prefix}guest-{slug}"]
    for cookie in (browser.cookies[names["csrf"]], browser.cookies[names["login"]], credential):
        assert bool(cookie["secure"]) is is_secure
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert cookie["domain"] == ""
    assert credential["httponly"]
    assert browser.cookies[names["login"]]["httponly"]
    assert not browser.cookies[names["csrf"]]["httponly"], "pages read it and send it back"


def test_static_files_are_not_sniffed(db: None) -> None:
    call_command("findstatic", "admin/css/base.css", verbosity=0)
    answer = Client().get("/static/admin/css/base.css")
    assert answer.status_code == 200
    answer.close()
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"].startswith("text/css")


@pytest.mark.parametrize(
    ("path", "is_immutable"),
    [
        ("/static/assets/app-BJKAKrUz.css", True),
        ("/static/assets/wix-madefor-text-latin-wght-normal-D3_x-9aB.woff2", True),
        ("/static/vision-0.10.14/vision_wasm_internal.wasm", True),
        ("/static/assets/app.css", False),
        ("/static/favicon.svg", False),
        ("/static/admin/css/base.css", False),
    ],
)
def test_files_whose_name_changes_with_their_content_are_kept_for_good(path: str, is_immutable: bool) -> None:
    middleware = WhiteNoiseMiddleware(lambda _request: HttpResponse())
    assert bool(middleware.immutable_file_test(path, path)) is is_immutable


def _cookie_settings(base_url: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What `nonza.settings.base` says of cookies for this base URL."""
    monkeypatch.setattr("nonza.env.env", read_env(base_url=base_url))
    found = runpy.run_path(str(ROOT / "nonza" / "settings" / "base.py"))
    return {
        name: value
        for name, value in found.items()
        if name.startswith(("CSRF_COOKIE_", "SESSION_COOKIE_")) or name == "SECURE_SITE"
    }


def test_browser_keeps_built_files_for_good(db: None, client: Client) -> None:
    manifest = json.loads((ROOT / "frontend/dist/manifest.json").read_text())
    built = [chunk["file"] for chunk in manifest.values()]
    assert built
    assert all("immutable" in _kept(client, f"/static/{name}") for name in built)
    assert "immutable" not in _kept(client, "/static/favicon.svg")


def _kept(client: Client, path: str) -> str:
    """How long a browser may keep the file."""
    answer = client.get(path)
    answer.close()
    return answer.headers["Cache-Control"]
