"""Does a text channel with 100,000 messages cost more than one with 100, and search in it more than a bare
indexed query? In one run, on Postgres.

    python -m benchmarks.chat_history [--messages 100000] [--rounds 200]

Pages and searches go through the whole stack of HTTP within this process (middleware, rights, limits,
JSON), asked in turns. The bare query is one that looks for the same words, over an index of its own on the
text alone, without rights, excerpts, authors, files or mentions; beside it stand the one that finds the
messages of a search, and the whole answer.
"""

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from typing import Any

WORDS = (
    "ferry harbour captain storm coffee pier ticket cargo lighthouse crew anchor noon engine sail deck "
    "паром причал капитан шторм кофе билет груз маяк команда якорь полдень двигатель парус палуба рейс "
    "release review branch deploy server meeting notes agenda budget plan test build merge failing green"
).split()
RARE, RARE_EVERY, WORDS_IN_A_MESSAGE = "albatross", 1000, 14
SMALL, PAGE = 100, 26
BARE = """
SELECT id, channel_id, "offset", text FROM chat_message
WHERE to_tsvector('russian', text) @@ plainto_tsquery('russian', %s) AND channel_id = %s AND deleted_at IS NULL
ORDER BY "offset" DESC LIMIT 26
"""
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
    chance = random.Random(number)  # noqa: S311 -- the same words in each run
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


def measure(messages: int, rounds: int) -> None:
    from django.db import connection  # noqa: PLC0415 -- Django is set up by then
    from django.test import Client  # noqa: PLC0415 -- Django is set up by then

    from chat.models import Message, SpaceLog  # noqa: PLC0415 -- Django is set up by then
    from chat.services.search import SearchQuery, found_by  # noqa: PLC0415 -- Django is set up by then
    from tests.factories import make_space, make_user  # noqa: PLC0415 -- Django is set up by then

    people = [make_user(f"person{number}@example.org", f"Person {number}") for number in range(20)]
    spaces = {
        size: make_space(f"Space of {size}", owner=people[0], others=dict.fromkeys(people[1:], "member"))
        for size in (SMALL, messages)
    }
    channels = {size: fill(space, "general", size, people) for size, space in spaces.items()}
    for size, space in spaces.items():
        SpaceLog.objects.create(space=space, offset=size)
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX bare_words ON chat_message USING gin (to_tsvector('russian', text))")
        cursor.execute("VACUUM ANALYZE")
    client = Client()
    client.force_login(people[0])

    def get(path: str) -> None:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.content)  # noqa: PLR2004 -- nothing else is measured

    pages: dict[str, str] = {
        "the last page": "",
        "before the middle": "before={half}",
        "around the middle": "around={message}",
    }
    print(f"Loading a channel: median of {rounds}, ms")
    for name, query in pages.items():
        works = {}
        for size, channel in channels.items():
            middle = Message.objects.get(channel=channel, offset=size // 2).pk
            path = f"/api/v1/channels/{channel.pk}/messages/?{query.format(half=size // 2, message=middle)}"
            works[str(size)] = lambda path=path: get(path)  # type: ignore[misc]
        found = in_turns(rounds, works)
        few, many = found[str(SMALL)], found[str(messages)]
        print(f"  {name:20} {SMALL}: {few:6.2f}   {messages}: {many:6.2f}   ratio {many / few:.2f}")
    for name, path in (("its page", "/channels/{}/"), ("the space's page", "/spaces/{}/")):
        kept = channels if "channels" in path else spaces
        asked = {str(size): lambda row=row: get(path.format(row.pk)) for size, row in kept.items()}  # type: ignore[misc]
        found = in_turns(max(rounds // 4, 1), asked)
        few, many = found[str(SMALL)], found[str(messages)]
        print(f"  {name:20} {SMALL}: {few:6.2f}   {messages}: {many:6.2f}   ratio {many / few:.2f}")

    print(f"Searching {messages} messages: median of {rounds}, ms")
    channel, space = channels[messages], spaces[messages]
    for name, words in SEARCHES.items():
        query = found_by(actor=people[0], space_id=space.pk, query=SearchQuery(words=words))
        rows = query.order_by("-offset").prefetch_related(None)[:PAGE]
        sql, params = rows.query.sql_with_params()

        def ask(statement: str, given: Any) -> int:
            with connection.cursor() as cursor:
                cursor.execute(statement, given)
                return len(cursor.fetchall())

        path = f"/api/v1/spaces/{space.pk}/search/?q={words.replace(' ', '+')}"
        found = in_turns(
            rounds,
            {
                "bare": lambda words=words: ask(BARE, (words, channel.pk)),  # type: ignore[misc]
                "ours": lambda sql=sql, params=params: ask(sql, params),  # type: ignore[misc]
                "answer": lambda path=path: get(path),  # type: ignore[misc]
                "page": lambda: get(f"/api/v1/channels/{channel.pk}/messages/?limit=25"),
            },
        )
        assert ask(BARE, (words, channel.pk)) == ask(sql, params), words
        print(
            f"  {name:24} bare query {found['bare']:7.2f}   ours {found['ours']:7.2f}"
            f" ({found['ours'] / found['bare']:.2f})   whole answer {found['answer']:7.2f}"
            f" ({found['answer'] / (found['bare'] + found['page']):.2f} of bare query and a page of 25)"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=200)
    options = parser.parse_args()
    set_up()
    measure(options.messages, options.rounds)


if __name__ == "__main__":
    main()
