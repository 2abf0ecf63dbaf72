"""Personal API tokens: shown once, kept as a hash, good for their scope and no longer than they shall."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import path
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from identity.models import ApiToken, User
from identity.services.tokens import TOKENS_AT_MOST, create_token
from identity.services.users import disable_user
from nonza.urls import urlpatterns
from tests.helpers import Person, code_of


class Probe(APIView):
    """Answers who asks."""

    def get(self, request: Request) -> Response:
        return Response({"user": str(request.user)})

    post = put = patch = delete = get


def probe(scope: str | None) -> Any:
    return type("ScopedProbe", (Probe,), {"token_scope": scope}).as_view()


@pytest.fixture
def probes(settings: Any) -> None:
    settings.ROOT_URLCONF = (
        path("api/v1/probe/none/", Probe.as_view()),
        *(path(f"api/v1/probe/{scope}/", probe(scope)) for scope in ApiToken.Scope.values),
        *urlpatterns,
    )


def make(person: Person, *scopes: str, **fields: Any) -> str:
    body = {"name": "Build", "scopes": list(scopes or ("read",)), **fields}
    answer = person.post("identity/tokens/", body)
    assert answer.status_code == 201, answer.content
    return str(answer.json()["key"])


def ask(key: str, method: str = "GET", address: str = "identity/profile/", ip: str = "192.0.2.77") -> Any:
    return Person(ip).send(method, address, None if method == "GET" else {}, Authorization=f"Bearer {key}")


def test_key_is_shown_once_and_kept_as_a_hash(alice: Person) -> None:
    answer = alice.post("identity/tokens/", {"name": " Build ", "scopes": ["sessions", "read", "read"]})
    made = answer.json()
    key = made.pop("key")
    assert key.startswith("nzp_")
    assert len(key) > 40
    assert (made["name"], made["scopes"], made["ending"]) == ("Build", ["read", "sessions"], key[-4:])
    row = ApiToken.objects.get()
    assert key not in str(list(ApiToken.objects.values()))
    assert alice.get("identity/tokens/").json()["results"] == [made]
    assert made["id"] == str(row.pk)


def test_token_is_its_user(alice: Person) -> None:
    assert ask(make(alice)).json()["email"] == "alice@example.org"


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("scope", [*ApiToken.Scope.values, "none"])
@pytest.mark.parametrize("held", ApiToken.Scope.values)
def test_scope_opens_what_it_says(alice: Person, probes: None, method: str, scope: str, held: str) -> None:
    answer = ask(make(alice, held), method, f"probe/{scope}/")
    reads = method == "GET" and scope != "none" and held == "read"
    if reads or (held == scope and held != "read"):
        assert answer.json() == {"user": "Alice"}
    else:
        assert code_of(answer) == (403, "token_scope")


def test_refusal_names_the_scope(alice: Person, probes: None) -> None:
    assert "“spaces”" in ask(make(alice), "POST", "probe/spaces/").json()["detail"]


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("PATCH", "identity/profile/"),
        ("GET", "identity/tokens/"),
        ("POST", "identity/tokens/"),
        ("DELETE", "identity/avatar/"),
        ("POST", "identity/logout-everywhere/"),
        ("POST", "tickets/"),
    ],
)
def test_no_token_changes_the_account(alice: Person, method: str, address: str) -> None:
    answer = ask(make(alice, *ApiToken.Scope.values), method, address)
    assert code_of(answer) == (403, "token_scope")


def test_revoked_token_opens_nothing(alice: Person) -> None:
    key = make(alice)
    token_id = ApiToken.objects.get().pk
    assert alice.delete(f"identity/tokens/{token_id}/").status_code == 204
    assert code_of(ask(key)) == (401, "credential_required")
    assert alice.get("identity/tokens/").json()["results"] == []
    assert code_of(alice.delete(f"identity/tokens/{token_id}/")) == (404, "token_not_found")


def test_token_of_another_is_not_there(alice: Person, stranger: Person) -> None:
    key = make(alice)
    token_id = ApiToken.objects.get().pk
    assert code_of(stranger.delete(f"identity/tokens/{token_id}/")) == (404, "token_not_found")
    assert stranger.get("identity/tokens/").json()["results"] == []
    assert ask(key).status_code == 200


def test_token_expires(alice: Person, time_machine: Any) -> None:
    time_machine.move_to("2026-01-01T12:00:00Z")
    assert alice.user
    alice.log_in(alice.user)
    key = make(alice, expires_at="2026-01-01T13:00:00Z")
    assert ask(key).status_code == 200
    time_machine.move_to("2026-01-01T13:00:01Z")
    assert code_of(ask(key)) == (401, "credential_required")


def test_token_of_a_disabled_user_opens_nothing(alice: Person) -> None:
    key = make(alice)
    disable_user(user=User.objects.get(email="alice@example.org"))
    assert code_of(ask(key)) == (401, "credential_required")


def test_token_outlives_logging_out_everywhere(alice: Person) -> None:
    key = make(alice)
    alice.post("identity/logout-everywhere/")
    assert ask(key).status_code == 200


@pytest.mark.parametrize("key", ["nzp_", "nzp_made-up", "nzp_" + "a" * 4000])
def test_made_up_token_is_nobody_even_in_a_browser_that_is_logged_in(alice: Person, key: str) -> None:
    answer = alice.get("identity/profile/", Authorization=f"Bearer {key}")
    assert code_of(answer) == (401, "credential_required")


def test_guessing_is_limited(db: None) -> None:
    for number in range(20):
        assert ask(f"nzp_guess-{number}").status_code == 401
    assert code_of(ask("nzp_guess")) == (429, "rate_limited")


def test_use_is_noted_once_a_minute(alice: Person, time_machine: Any, django_assert_num_queries: Any) -> None:
    time_machine.move_to("2026-01-01T12:00:00Z", tick=False)
    assert alice.user
    _token, key = create_token(actor=alice.user, name="Build", scopes=["read"])
    with django_assert_num_queries(2):  # the token with its user, the note
        ask(key)
    time_machine.move_to("2026-01-01T12:00:59Z", tick=False)
    with django_assert_num_queries(1):
        ask(key)
    noted = ApiToken.objects.get().last_used_at
    assert noted is not None
    assert noted.isoformat() == "2026-01-01T12:00:00+00:00"
    time_machine.move_to("2026-01-01T12:01:00Z", tick=False)
    ask(key)
    assert ApiToken.objects.get().last_used_at == noted + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"scopes": ["read"]}, "/name"),
        ({"name": "\u200b", "scopes": ["read"]}, "/name"),
        ({"name": "x" * 81, "scopes": ["read"]}, "/name"),
        ({"name": "Build"}, "/scopes"),
        ({"name": "Build", "scopes": []}, "/scopes"),
        ({"name": "Build", "scopes": ["root"]}, "/scopes/0"),
        ({"name": "Build", "scopes": ["read"], "expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(alice: Person, body: dict[str, Any], pointer: str) -> None:
    answer = alice.post("identity/tokens/", body)
    assert code_of(answer) == (400, "invalid")
    assert answer.json()["errors"][0]["pointer"] == pointer


def test_twenty_valid_tokens_are_enough(alice: Person) -> None:
    assert alice.user
    for number in range(TOKENS_AT_MOST):
        create_token(actor=alice.user, name=f"Token {number}", scopes=["read"])
    refused = {"name": "One more", "scopes": ["read"]}
    assert code_of(alice.post("identity/tokens/", refused)) == (409, "too_many_tokens")
    ApiToken.objects.update(expires_at=timezone.now())
    assert alice.post("identity/tokens/", refused).status_code == 201


@pytest.mark.parametrize("count", [1, 30])
def test_list_costs_the_same_for_many(alice: Person, count: int, django_assert_num_queries: Any) -> None:
    for number in range(count):
        ApiToken.objects.create(user=alice.user, name=f"Token {number}", token_hash=str(number))
    with django_assert_num_queries(3):  # login session, user, tokens
        assert len(alice.get("identity/tokens/").json()["results"]) == count


def test_token_needs_no_csrf_token_and_a_login_does(alice: Person) -> None:
    key = make(alice, "sessions")
    alice.browser.cookies["csrftoken"] = ""
    assert code_of(alice.patch("identity/profile/", {"theme": "dark"})) == (403, "csrf_failed")
    assert ask(key).status_code == 403
