"""Refusals have one shape, whoever raised them."""

import re
from typing import Any

import pytest
import redis
from django.core.exceptions import DisallowedHost, PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404
from django.test import Client
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError
from rest_framework import exceptions, serializers

from nonza.env import ROOT
from nonza.errors import Invalid, NonzaError, RateLimited, Unavailable, problem_response
from sessions.errors import SessionFull
from tests.helpers import Person, code_of

DOCUMENTED = re.findall(
    r"^\| `(\w+)` \| (\d+) \| (.+) \| (.+) \|$", (ROOT / "docs" / "errors.md").read_text(), re.MULTILINE
)


def all_refusals(kind: type[NonzaError] = NonzaError) -> list[type[NonzaError]]:
    return [kind, *(found for child in kind.__subclasses__() for found in all_refusals(child))]


def answer_to(exc: Exception) -> Any:
    answer = problem_response(exc, {})
    assert answer is not None
    return answer


def test_every_refusal_is_documented_with_its_status() -> None:
    refusals = {(kind.code, str(int(kind.status))) for kind in all_refusals()}
    assert {(code, status) for code, status, _when, _cure in DOCUMENTED} == refusals


def test_documentation_is_sorted_and_names_each_code_once() -> None:
    codes = [code for code, *_rest in DOCUMENTED]
    assert codes == sorted(set(codes))


def test_no_two_refusals_share_a_code() -> None:
    codes = [kind.code for kind in all_refusals()]
    assert len(codes) == len(set(codes))


@pytest.mark.parametrize("refusal", all_refusals(), ids=lambda kind: kind.code)
def test_every_refusal_is_a_sentence_with_code_and_status(refusal: type[NonzaError]) -> None:
    body = refusal().body()
    assert body == {
        "type": f"/problems/{refusal.code}",
        "code": refusal.code,
        "status": int(refusal.status),
        "title": str(refusal.title),
        "detail": "",
    }
    assert 400 <= body["status"] < 600
    assert body["title"].endswith(".")


@pytest.mark.parametrize(
    ("exc", "status", "code"),
    [
        (SessionFull(), 409, "session_full"),
        (Http404("secret path"), 404, "not_found"),
        (PermissionDenied("secret rule"), 403, "not_allowed"),
        (RequestDataTooBig(), 413, "too_large"),
        (DisallowedHost(), 400, "malformed"),
        (OperationalError("no route to db.internal"), 503, "unavailable"),
        (RedisConnectionError("no route to redis.internal"), 503, "unavailable"),
        (RedisTimeoutError(), 503, "unavailable"),
        (exceptions.ParseError("secret"), 400, "malformed"),
        (exceptions.NotAuthenticated(), 401, "credential_required"),
        (exceptions.AuthenticationFailed(), 401, "credential_required"),
        (exceptions.PermissionDenied(), 403, "not_allowed"),
        (exceptions.NotFound(), 404, "not_found"),
        (exceptions.MethodNotAllowed("PUT"), 405, "method_not_allowed"),
        (exceptions.NotAcceptable(), 406, "not_acceptable"),
        (exceptions.UnsupportedMediaType("text/plain"), 415, "unsupported_media_type"),
        (exceptions.Throttled(), 429, "rate_limited"),
        (exceptions.ValidationError({"title": ["Too long."]}), 400, "invalid"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_exception_becomes_a_problem(exc: Exception, status: int, code: str) -> None:
    answer = answer_to(exc)
    assert answer.content_type == "application/problem+json"
    assert (answer.status_code, answer.data["status"], answer.data["code"]) == (status, status, code)
    assert answer.data["type"] == f"/problems/{code}"
    assert "secret" not in str(answer.data)
    assert "internal" not in str(answer.data)


def test_every_exception_of_drf_is_in_the_table_above() -> None:
    known = {kind for kind in vars(exceptions).values() if isinstance(kind, type)}
    for kind in known & set(exceptions.APIException.__subclasses__()):
        arguments = {"method": "PUT"} if kind is exceptions.MethodNotAllowed else {}
        arguments = {"media_type": "x"} if kind is exceptions.UnsupportedMediaType else arguments
        assert problem_response(kind(**arguments), {}) is not None, kind


@pytest.mark.parametrize("exc", [RuntimeError(), KeyError("x"), ValueError(), exceptions.APIException()])
def test_fault_of_ours_is_left_to_django_and_its_log(exc: Exception) -> None:
    assert problem_response(exc, {}) is None


def test_field_errors_carry_pointers_at_any_depth() -> None:
    class Inner(serializers.Serializer):
        name = serializers.CharField()

    class Outer(serializers.Serializer):
        title = serializers.CharField(max_length=3)
        people = Inner(many=True)

    form = Outer(data={"title": "long", "people": [{"name": "a"}, {"name": ""}, {}]})
    with pytest.raises(exceptions.ValidationError) as refused:
        form.is_valid(raise_exception=True)
    found = {(error["pointer"], error["code"]) for error in answer_to(refused.value).data["errors"]}
    assert ("/title", "max_length") in found
    assert {code for pointer, code in found if pointer.startswith("/people")} == {"blank", "required"}


@pytest.mark.parametrize(
    ("seconds", "header", "member"), [(0.04, "1", 0.0), (1, "1", 1), (1.2, "2", 1.2), (59.9, "60", 59.9)]
)
def test_wait_is_rounded_up_to_whole_seconds_in_the_header(
    seconds: float, header: str, member: float
) -> None:
    answer = answer_to(RateLimited(retry_after=seconds))
    assert answer.headers["Retry-After"] == header
    assert answer.data["retry_after"] == member


def test_store_that_is_away_names_a_wait() -> None:
    assert 2 <= int(answer_to(OperationalError()).headers["Retry-After"]) <= 5
    assert "Retry-After" not in answer_to(Unavailable()).headers


def test_who_must_sign_in_is_told_how() -> None:
    assert answer_to(exceptions.NotAuthenticated()).headers["WWW-Authenticate"] == "Bearer"


def test_refusal_of_one_field_names_it() -> None:
    refusal = Invalid.field("display_name", "reserved", "This name is reserved.")
    expected = [{"pointer": "/display_name", "code": "reserved", "detail": "This name is reserved."}]
    assert refusal.body()["errors"] == expected


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "expected"),
    [
        ("GET", "/api/v1/nothing/", None, {}, (404, "not_found")),
        ("GET", "/api/", None, {}, (404, "not_found")),
        ("POST", "sessions/", b"{", {}, (400, "malformed")),
        ("POST", "sessions/", b"[]", {}, (400, "malformed")),
        ("POST", "sessions/", b'"x"', {}, (400, "malformed")),
        ("POST", "sessions/", b"\xff\xfe", {}, (400, "malformed")),
        ("POST", "sessions/", b'{"a":' * 5000 + b"1" + b"}" * 5000, {}, (400, "malformed")),
        ("POST", "sessions/", b'{"display_name":NaN}', {}, (400, "malformed")),
        ("POST", "sessions/", b'{"display_name":"' + b"x" * 1024 * 1024 + b'"}', {}, (413, "too_large")),
        ("PUT", "sessions/", {}, {}, (405, "method_not_allowed")),
        ("GET", "livekit/webhook/", None, {}, (405, "method_not_allowed")),
        ("GET", "sessions/aaaa-bbbb-cccc/", None, {"Accept": "text/csv"}, (406, "not_acceptable")),
        ("GET", "sessions/aaaa-bbbb-cccc/", None, {"Host": "evil.example"}, (400, "malformed")),
        (
            "GET",
            "sessions/aaaa-bbbb-cccc/",
            None,
            {"Authorization": "Bearer x"},
            (401, "credential_required"),
        ),
    ],
)
def test_request_that_cannot_be_served_gets_a_problem(
    mallory: Person, method: str, path: str, body: Any, headers: dict[str, str], expected: tuple[int, str]
) -> None:
    assert code_of(mallory.send(method, path, body, **headers)) == expected


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]
)
def test_form_of_a_foreign_site_is_not_read(db: None, kind: str) -> None:
    answer = Client().post("/api/v1/sessions/", data=b'{"display_name":"M"}', content_type=kind)
    assert code_of(answer) == (415, "unsupported_media_type")


def test_unknown_address_outside_the_api_is_a_page(mallory: Person) -> None:
    answer = mallory.get("/nothing/")
    assert answer.status_code == 404
    assert answer["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(
    ("path", "place", "kind"),
    [
        (
            "/api/v1/sessions/aaaa-bbbb-cccc/",
            "sessions.api.sessions.read_session",
            "application/problem+json",
        ),
        ("/session/aaaa-bbbb-cccc/", "sessions.views.front.read_session", "text/html"),
    ],
)
def test_fault_of_ours_is_a_problem_below_the_api_and_a_page_elsewhere(
    mallory: Person, monkeypatch: pytest.MonkeyPatch, path: str, place: str, kind: str
) -> None:
    def fail(**_arguments: object) -> None:
        raise RuntimeError("canary")

    monkeypatch.setattr(place, fail)
    mallory.browser.raise_request_exception = False
    answer = mallory.get(path)
    assert answer.status_code == 500
    assert answer["Content-Type"].startswith(kind)
    assert b"canary" not in answer.content


def test_database_that_is_away_is_a_problem_with_a_wait(
    mallory: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_arguments: object) -> None:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr("sessions.api.sessions.read_session", fail)
    answer = mallory.get("sessions/aaaa-bbbb-cccc/")
    assert code_of(answer) == (503, "unavailable")
    assert 2 <= int(answer["Retry-After"]) <= 5


@pytest.mark.parametrize("fault", [OperationalError, InterfaceError, redis.ConnectionError])
@pytest.mark.parametrize("method", ["get", "post"])
def test_page_whose_store_is_away_asks_to_come_back(
    mallory: Person, monkeypatch: pytest.MonkeyPatch, fault: type[Exception], method: str
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise fault("canary")

    monkeypatch.setattr("sessions.views.front._front_page", fail)
    mallory.browser.raise_request_exception = False
    mallory.browser.handler.enforce_csrf_checks = False
    answer = mallory.send(method, "/")
    assert (answer.status_code, answer["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert 2 <= int(answer["Retry-After"]) <= 5
    assert b"canary" not in answer.content
    # What was merely read is asked for again; what was sent is not sent again unasked.
    assert (b'http-equiv="refresh"' in answer.content) == (method == "get")


def test_titles_are_in_the_language_of_the_person(db: None) -> None:
    english = Person(language="en").get("sessions/aaaa-bbbb-cccc/").json()
    russian = Person(language="ru").get("sessions/aaaa-bbbb-cccc/").json()
    assert english["code"] == russian["code"]
    assert english["title"] != russian["title"]
