"""Does a text channel with 100,000 messages cost more than one with 100, and search in it more than a bare
indexed query? In one run, on Postgres.

    python -m benchmarks.chat_history [--messages 100000] [--rounds 200]

Pages and searches go through the whole stack of HTTP within this process (middleware, rights, limits,
JSON), asked in turns. The bare query is one that looks for the same words, over an index of its own on the
text alone, without rights, excerpts, authors, files or mentions; beside it stand the one that finds the
messages of a search, and the whole answer.
"""

import argparse
import functools
import http
import os
import random
import re
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any

WORDS = re.findall(
    r"\w+",
    "ferry harbour captain storm coffee pier ticket cargo lighthouse crew anchor noon engine "
    "sail deck паром причал капитан шторм кофе билет груз маяк команда якорь полдень двигатель "
    "парус палуба рейс release review branch deploy server meeting notes agenda budget plan "
    "test build merge failing green ",
)
RARE, RARE_EVERY, WORDS_IN_A_MESSAGE = "albatross", 1000, 14
SMALL, PAGE = 100, 26
BARE = """
SELECT id, channel_id, "offset", text FROM chat_message
WHERE to_tsvector('russian', text) @@ plainto_tsquery('russian', %s)
  AND channel_id = %s AND deleted_at IS NULL
ORDER BY "offset" DESC LIMIT 26
"""
LOADED = (
    "the last page",
    "before the middle",
    "around the middle",
    "the channel's page",
    "its space's page",
)
SEARCHES = {"a rare word": RARE, "a word of every fifth": "ferry", "two words": "паром storm"}


def set_up() -> None:
    """Start a database and Redis of our own, and Django on them."""
    from nonza.run.ports import free_port  # noqa: PLC0415 -- after the arguments
    from tests import parts  # noqa: PLC0415 -- after the arguments

    folder = tempfile.mkdtemp(prefix="nonza-benchmark-")
    server, _slash, _name = parts.postgres().rpartition("/")
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "nonza.settings.test",
        "NONZA_STATE_DIR": folder,
        "NONZA_ENV_FILE": os.devnull,
        "NONZA_REDIS_URL": parts.redis(),
        "NONZA_DATABASE_URL": f"{server}/chat_history_{free_port()}",
        "NONZA_LIVEKIT_API_SECRET": "a-secret-for-benchmarks-0123456789-0123456789",
        "NONZA_RATE_USER": "1000000/min",
        "NONZA_RATE_SEARCH": "1000000/min",
    }
    import psycopg  # noqa: PLC0415 -- after the arguments

    with psycopg.connect(parts.postgres(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {os.environ['NONZA_DATABASE_URL'].rpartition('/')[2]}")
    import django  # noqa: PLC0415 -- its settings are known now

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 -- Django is set up by then

    call_command("migrate", verbosity=0)


def fill(space: Any, name: str, number: int, people: list[Any]) -> Any:
    """Make a channel in which these people have written so much."""
    from chat.models import Mention, Message, Reaction  # noqa: PLC0415 -- Django is set up by then
    from spaces.models import Channel  # noqa: PLC0415 -- Django is set up by then

    channel = Channel.objects.create(space=space, name=name, type="text", max_participants=10)
    chance = random.Random(number)  # the same words in each run
    messages = []
    for place in range(1, number + 1):
        words = [chance.choice(WORDS) for _ in range(WORDS_IN_A_MESSAGE)]
        words += [RARE] if place % RARE_EVERY == RARE_EVERY // 2 else []
        author = chance.choice(people)
        messages.append(
            Message(
                channel=channel, offset=place, author=author, author_name=author.called, text=" ".join(words)
            )
        )
    Message.objects.bulk_create(messages, batch_size=2000)
    Mention.objects.bulk_create(
        Mention(message=message, user=people[0], name="A", channel=channel, offset=message.offset)
        for message in messages[::10]
    )
    Reaction.objects.bulk_create(
        Reaction(message=message, user=person, emoji="\N{WAVING HAND SIGN}")
        for message in messages[::10]
        for person in people[:3]
    )
    return channel


def in_turns(rounds: int, works: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Do each of these so often, in turns; return the median milliseconds of each."""
    spent: dict[str, list[float]] = {name: [] for name in works}
    for _round in range(rounds):
        for name, work in works.items():
            began = time.perf_counter()
            work()
            spent[name].append(1000 * (time.perf_counter() - began))
    return {name: statistics.median(values) for name, values in spent.items()}


class Bench:
    """Two spaces, and who reads in them."""

    def __init__(self, messages: int, rounds: int) -> None:
        from django.db import connection  # noqa: PLC0415 -- Django is set up by then
        from django.test import Client  # noqa: PLC0415 -- Django is set up by then

        from chat.models import SpaceLog  # noqa: PLC0415 -- Django is set up by then
        from tests.factories import make_space, make_user  # noqa: PLC0415 -- Django is set up by then

        self.messages, self.rounds, self.connection = messages, rounds, connection
        people = [make_user(f"person{number}@example.org", f"Person {number}") for number in range(20)]
        others = dict.fromkeys(people[1:], "member")
        self.reader = people[0]
        self.spaces = {
            size: make_space(f"Of {size}", owner=self.reader, others=others) for size in (SMALL, messages)
        }
        self.channels = {size: fill(space, "general", size, people) for size, space in self.spaces.items()}
        for size, space in self.spaces.items():
            SpaceLog.objects.create(space=space, offset=size)
        with connection.cursor() as cursor:
            cursor.execute("CREATE INDEX bare_words ON chat_message USING gin (to_tsvector('russian', text))")
            cursor.execute("VACUUM ANALYZE")
        self.client = Client()
        self.client.force_login(self.reader)

    def get(self, path: str) -> None:
        answer = self.client.get(path)
        assert answer.status_code == http.HTTPStatus.OK, (path, answer.content)

    def ask(self, statement: str, given: Any) -> int:
        with self.connection.cursor() as cursor:
            cursor.execute(statement, given)
            return len(cursor.fetchall())

    def paths(self, kind: str, size: int) -> str:
        """The address of what is loaded of the channel, or the space, with so many messages."""
        from chat.models import Message  # noqa: PLC0415 -- Django is set up by then

        channel = self.channels[size].pk
        middle = Message.objects.get(channel=channel, offset=size // 2).pk
        messages = f"/api/v1/channels/{channel}/messages/"
        return {
            "the last page": messages,
            "before the middle": f"{messages}?before={size // 2}",
            "around the middle": f"{messages}?around={middle}",
            "the channel's page": f"/channels/{channel}/",
            "its space's page": f"/spaces/{self.spaces[size].pk}/",
        }[kind]

    def load(self, kind: str) -> None:
        few, many = SMALL, self.messages
        works = {str(size): functools.partial(self.get, self.paths(kind, size)) for size in (few, many)}
        found = in_turns(self.rounds, works)
        ratio = found[str(many)] / found[str(few)]
        print(
            f"  {kind:20} {few}: {found[str(few)]:6.2f}   {many}: {found[str(many)]:6.2f}   ratio {ratio:.2f}"
        )

    def search(self, name: str, words: str) -> None:
        from chat.services.search import SearchQuery, found_by  # noqa: PLC0415 -- Django is set up by then

        channel, space = self.channels[self.messages].pk, self.spaces[self.messages].pk
        query = found_by(actor=self.reader, space_id=space, query=SearchQuery(words=words))
        rows = query.order_by("-offset").prefetch_related(None)[:PAGE]
        ours, bare = rows.query.sql_with_params(), (BARE, (words, channel))
        assert self.ask(*ours) == self.ask(*bare), words
        found = in_turns(
            self.rounds,
            {
                "bare": functools.partial(self.ask, *bare),
                "ours": functools.partial(self.ask, *ours),
                "answer": functools.partial(
                    self.get, f"/api/v1/spaces/{space}/search/?q={words.replace(' ', '+')}"
                ),
                "page": functools.partial(self.get, f"/api/v1/channels/{channel}/messages/?limit=25"),
            },
        )
        print(
            f"  {name:22} bare query {found['bare']:7.2f}   ours {found['ours']:7.2f} "
            f"({found['ours'] / found['bare']:.2f})   whole answer {found['answer']:7.2f} "
            f"({found['answer'] / (found['bare'] + found['page']):.2f} of the bare query and a page of 25)"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=200)
    options = parser.parse_args()
    set_up()
    bench = Bench(options.messages, options.rounds)
    print(f"Loading a channel: median of {options.rounds}, ms")
    for kind in LOADED:
        bench.load(kind)
    print(f"Searching {options.messages} messages: median of {options.rounds}, ms")
    for name, words in SEARCHES.items():
        bench.search(name, words)


if __name__ == "__main__":
    main()
