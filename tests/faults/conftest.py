"""One Nonza in the shape of production for all fault tests, whole again after each of them."""

import contextlib
from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest

from tests.faults import stack as stacks
from tests.faults.people import Person, new_client
from tests.faults.process import until
from tests.faults.stack import LIVEKIT_KEY, LIVEKIT_SECRET, Stack
from tests.faults.wire_livekit import WireLiveKit

pytestmark = pytest.mark.integration
SECONDS_TO_RECOVER = 90


@pytest.fixture(autouse=True)
def _empty_redis() -> None:
    """These tests have a Redis of their own; the one of the other tests is left alone."""


@pytest.fixture(autouse=True)
def _new_livekit_client() -> None:
    """Nothing here calls LiveKit from the test's own process."""


@pytest.fixture(scope="session")
def the_media() -> Iterator[WireLiveKit]:
    with WireLiveKit(key=LIVEKIT_KEY, secret=LIVEKIT_SECRET) as media:
        yield media


@pytest.fixture(scope="session")
def the_stack(tmp_path_factory: pytest.TempPathFactory, the_media: WireLiveKit) -> Iterator[Stack]:
    with stacks.running(tmp_path_factory.mktemp("stack"), livekit_url=the_media.address) as stack:
        the_media.news.url = f"{stack.http}/api/v1/livekit/webhook/"
        yield stack


@pytest.fixture
def media(the_media: WireLiveKit) -> Iterator[WireLiveKit]:
    """The stack's LiveKit, which works again after the test."""
    yield the_media
    the_media.work()


@pytest.fixture
async def stack(the_stack: Stack) -> AsyncIterator[Stack]:
    """A Nonza that was ready before the test, and must be ready again after it: nothing may have died."""
    await is_whole(the_stack)
    yield the_stack
    dead = the_stack.dead()
    for process in the_stack.parts:
        if not process.is_alive():
            process.start()
        process.thaw()
    await is_whole(the_stack)
    assert dead == [], f"did not live through the fault: {dead}"


@pytest.fixture
def own_stack(tmp_path: object) -> Callable[..., contextlib.AbstractContextManager[Stack]]:
    """For tests that need other settings: `with own_stack(NONZA_…="…") as stack`."""
    return lambda **options: stacks.running(tmp_path, **options)  # type: ignore[arg-type]


@pytest.fixture
async def client(stack: Stack) -> AsyncIterator[httpx.AsyncClient]:
    async with new_client(stack.http) as client:
        yield client


@pytest.fixture
async def host(client: httpx.AsyncClient) -> Person:
    """Marta, who has started a session."""
    person = Person(client, "Marta")
    await person.start()
    return person


async def is_whole(stack: Stack, seconds: float = SECONDS_TO_RECOVER) -> float:
    """Wait until every web server is ready for people and every socket server takes connections."""

    async def all_ready() -> bool:
        async with httpx.AsyncClient(timeout=10, trust_env=False) as client:
            for address in stack.web_addresses:
                try:
                    headers = {"Host": stack.http.removeprefix("http://")}
                    answer = await client.get(f"{address}/readyz", headers=headers)
                except httpx.HTTPError:
                    return False
                if answer.status_code != httpx.codes.OK:
                    return False
        return all(process.is_answering() for process in (*stack.sockets, stack.nginx))

    logs = "\n".join(f"{process.name}: {process.log()[-1500:]}" for process in stack.parts)
    return await until(all_ready, seconds, f"every part is ready\n{logs}")
