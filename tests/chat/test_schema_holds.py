"""Whatever the API of what is written is sent: no fault of the server, and answers as its schema says."""

import contextlib
import functools
import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from drf_spectacular.generators import SchemaGenerator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.generation.modes import GenerationMode
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from nonza.env import Rate
from nonza.wsgi import application
from spaces.models import Channel, Space
from tests.factories import make_channel
from tests.helpers import Person

PATHS = (
    r"^/api/v1/(channels/\{channel_id\}/(messages|pins|typing|read|attachments)"
    r"|sessions/\{slug\}/(messages|typing)"
    r"|spaces/\{space_id\}/(search|reports|mentionable))"
)
OPERATIONS_AT_LEAST = 24
EXAMPLES = 8  # of each operation, person and kind
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]


@contextlib.contextmanager
def kept_connection() -> Iterator[None]:
    """Call the application as a server calls it, within the test's own transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


@pytest.fixture
def _no_limits(settings: Any) -> None:
    settings.RATES = dict.fromkeys(settings.RATES, (Rate(1_000_000, 60),))


@functools.cache
def operations() -> list[APIOperation]:
    """Those of chat, without the ways to be known: who asks is the test's to say."""
    described = SchemaGenerator().get_schema(request=None, public=True)
    described["components"].pop("securitySchemes", None)
    for path in described["paths"].values():
        for operation in path.values():
            operation.pop("security", None)
    schema = schemathesis.openapi.from_dict(described)
    schema.app = application
    found = [result.ok() for result in schema.include(path_regex=PATHS).get_all_operations()]
    assert len(found) >= OPERATIONS_AT_LEAST, [operation.label for operation in found]
    return found


def ids_of(host: Person, writer: Person, space: Space, slug: str) -> dict[str, dict[str, str]]:
    """What there is to be named in a path: in a channel, in the session."""
    channel = make_channel(space, "Deck", kind=Channel.Type.TEXT)
    body = {"client_id": str(uuid.uuid4()), "text": "Something written"}
    in_channel = writer.post(f"channels/{channel.pk}/messages/", body)
    in_session = host.post(f"sessions/{slug}/messages/", body)
    assert (in_channel.status_code, in_session.status_code) == (201, 201)
    shared = {"space_id": str(space.pk), "channel_id": str(channel.pk), "slug": slug}
    return {
        "channels": {**shared, "message_id": in_channel.json()["id"]},
        "sessions": {**shared, "message_id": in_session.json()["id"]},
        "spaces": shared,
    }


@pytest.mark.parametrize("who", ["owner", "member", "guest"])
@pytest.mark.usefixtures("_no_limits")
def test_no_request_is_a_fault_and_every_answer_is_as_described(
    alice: Person, bob: Person, guest: Person, host: Person, slug: str, space: Space, who: str
) -> None:
    host.join(slug, "Marta")
    guest.join(slug)
    bob.join(slug)
    alice.join(slug)
    ids = ids_of(host, bob, space, slug)
    person = {"owner": alice, "member": bob, "guest": guest}[who]
    cookies = {name: morsel.value for name, morsel in person.browser.cookies.items()}
    answers: Counter[int] = Counter()

    def send(case: Any, *, is_real: bool) -> None:
        if is_real:
            known = ids[case.path.split("/")[3]]
            case.path_parameters |= {name: known[name] for name in case.path_parameters if name in known}
        with transaction.atomic():
            answer = case.call(cookies=cookies, headers={"X-CSRFToken": cookies["csrftoken"]})
            transaction.set_rollback(True)  # the next one finds what this one found
        answers[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    with kept_connection():
        for operation in operations():
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                bombard(operation, mode, send)
    assert answers[200] or answers[201], "nothing was ever taken"


def bombard(operation: APIOperation, mode: GenerationMode, send: Any) -> None:
    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode), is_real=st.sampled_from([True, True, False]))
    def run(case: Any, is_real: bool) -> None:
        send(case, is_real=is_real)

    try:
        run()
    except (Unsatisfiable, schemathesis.errors.SchemathesisError):  # nothing in it can be wrong
        assert mode is GenerationMode.NEGATIVE
