"""The Redis in memory speaks to the ordinary client well enough for queues, channels and scripts."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from nonza.run.console import CannotGoOn
from nonza.run.ports import free_port
from nonza.run.redis_service import check_answers

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "nonza.run.fake_redis", str(port)], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert str(port) in process.stdout.readline()
    yield f"redis://127.0.0.1:{port}/0"
    process.terminate()
    assert process.wait(3) == 0, "it leaves at once when asked"
    process.stdout.close()


def test_it_answers(url: str) -> None:
    check_answers(url)


def test_it_runs_scripts(url: str) -> None:
    with redis.Redis.from_url(url) as client:
        script = "redis.call('SET', KEYS[1], ARGV[1]) return redis.call('GET', KEYS[1])"
        assert client.eval(script, 1, "name", "value") == b"value"


def test_it_carries_queues_and_news_between_clients(url: str) -> None:
    with redis.Redis.from_url(url) as one, redis.Redis.from_url(url) as two, two.pubsub() as news:
        news.subscribe("news")
        assert news.get_message(timeout=2) is not None
        one.publish("news", "hello")
        deadline = time.monotonic() + 2
        while (message := news.get_message(timeout=0.2)) is None:
            assert time.monotonic() < deadline
        assert message["data"] == b"hello"
        one.rpush("queue", "task")
        assert two.blpop(["queue"], timeout=2) == (b"queue", b"task")


def test_its_absence_is_told() -> None:
    with pytest.raises(CannotGoOn, match="does not answer"):
        check_answers(f"redis://127.0.0.1:{free_port()}/0")
