"""Which other sites may call the API: those that the operator lists, and none with credentials."""

import pytest
from corsheaders.conf import conf as cors
from django.http import HttpResponse
from django.test import Client

from tests.helpers import Person

LISTED = "https://friend.example"
API_ROUTES = [
    "/api/v1/sessions/", "/api/v1/sessions/{slug}/", "/api/v1/sessions/{slug}/participants/",
    "/api/v1/sessions/aaaa-bbbb-cccc/", "/api/v1/tickets/", "/api/v1/schema/", "/api/v1/nothing/",
]  # fmt: skip
OTHER_ROUTES = [
    "/",
    "/session/{slug}/",
    "/healthz",
    "/readyz",
    "/admin/login/",
    "/join/",
    "/i18n/setlang/",
    "/apiary/",
]
FOREIGN = [
    "https://evil.example", "http://friend.example", "https://friend.example.evil.example",
    "https://evilfriend.example", "https://friend.example:8443", "https://sub.friend.example",
    "https://friend.exampl", "https://FRIEND.example.", "null", "", "*", "file://",
    "http://localhost", "http://testserver", "https://friend.example https://evil.example",
]  # fmt: skip


def ask(slug: str, route: str, origin: str | None, method: str = "GET", **headers: str) -> HttpResponse:
    if origin is not None:
        headers["Origin"] = origin
    return Client().generic(method, route.format(slug=slug), headers=headers)


def cors_headers(answer: HttpResponse) -> dict[str, str]:
    return {name: value for name, value in answer.items() if name.lower().startswith("access-control-")}


@pytest.mark.parametrize("route", API_ROUTES)
def test_listed_origin_may_read_the_api_without_credentials(slug: str, route: str) -> None:
    answer = ask(slug, route, LISTED)
    assert answer["Access-Control-Allow-Origin"] == LISTED
    assert answer["Access-Control-Expose-Headers"] == "retry-after"
    assert "Access-Control-Allow-Credentials" not in answer
    assert "origin" in answer["Vary"].lower()


@pytest.mark.parametrize("route", API_ROUTES)
@pytest.mark.parametrize("origin", FOREIGN)
def test_any_other_origin_may_not(slug: str, route: str, origin: str) -> None:
    assert cors_headers(ask(slug, route, origin)) == {}


@pytest.mark.parametrize("route", API_ROUTES)
def test_own_pages_need_no_cors(slug: str, route: str) -> None:
    assert cors_headers(ask(slug, route, None)) == {}


@pytest.mark.parametrize("route", OTHER_ROUTES)
def test_pages_are_open_to_no_origin(slug: str, route: str) -> None:
    assert cors_headers(ask(slug, route, LISTED)) == {}
    assert cors_headers(_preflight(slug, route, LISTED)) == {}


@pytest.mark.parametrize("route", API_ROUTES)
def test_listed_origin_may_ask_before_it_writes(slug: str, route: str) -> None:
    answer = _preflight(slug, route, LISTED)
    assert answer.status_code == 200
    assert answer["Access-Control-Allow-Origin"] == LISTED
    assert "Access-Control-Allow-Credentials" not in answer
    allowed = {name.strip() for name in answer["Access-Control-Allow-Headers"].split(",")}
    assert allowed == {"accept", "authorization", "content-type", "idempotency-key"}
    assert {"POST", "PATCH", "DELETE"} <= set(answer["Access-Control-Allow-Methods"].split(", "))


@pytest.mark.parametrize("origin", FOREIGN)
def test_other_origin_asks_in_vain(slug: str, origin: str) -> None:
    assert cors_headers(_preflight(slug, "/api/v1/sessions/", origin)) == {}


def test_without_a_list_no_origin_is_let_in(slug: str, settings: object) -> None:
    settings.CORS_ALLOWED_ORIGINS = []  # type: ignore[attr-defined]
    for route in API_ROUTES:
        assert cors_headers(ask(slug, route, LISTED)) == {}
        assert cors_headers(_preflight(slug, route, LISTED)) == {}


def test_everybody_with_credentials_is_never_configured() -> None:
    assert cors.CORS_ALLOW_CREDENTIALS is False
    assert cors.CORS_ALLOW_ALL_ORIGINS is False
    assert not cors.CORS_ALLOWED_ORIGIN_REGEXES


def test_cookie_that_travels_from_a_listed_origin_does_not_write(host: Person, slug: str) -> None:
    forged = host.browser.generic(
        "POST",
        f"/api/v1/sessions/{slug}/end/",
        data=b"{}",
        content_type="application/json",
        headers={"Origin": LISTED},
    )
    assert forged.status_code == 403
    assert forged.json()["code"] == "csrf_failed"


@pytest.mark.parametrize(
    ("origin", "is_let_in"),
    [
        ("http://localhost", True), ("http://localhost:5173", True), ("https://localhost", False),
        ("http://localhost.evil.example", False), ("http://localhost:80.evil.example", False),
        ("http://notlocalhost", False), ("http://localhost:5173/", False), ("http://127.0.0.1", False),
    ],
)  # fmt: skip
def test_development_lets_in_this_machine(slug: str, settings: object, origin: str, is_let_in: bool) -> None:
    import ast  # noqa: PLC0415 -- leaf

    from nonza.env import ROOT  # noqa: PLC0415 -- leaf

    tree = ast.parse((ROOT / "nonza" / "settings" / "dev.py").read_text())
    values = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    settings.CORS_ALLOWED_ORIGIN_REGEXES = ast.literal_eval(values["CORS_ALLOWED_ORIGIN_REGEXES"])  # type: ignore[attr-defined]
    assert bool(cors_headers(ask(slug, "/api/v1/sessions/", origin))) is is_let_in


def _preflight(slug: str, route: str, origin: str) -> HttpResponse:
    return ask(
        slug,
        route,
        origin,
        "OPTIONS",
        **{
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,idempotency-key",
        },
    )
