"""Searching what was written in the text channels of a space."""

from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connections
from django.db.models import QuerySet

from chat.models import Attachment, Message, MessageQuerySet
from chat.services.limits import limit_search
from chat.services.words import Stems, Term, condition, folded, hits_in, terms_of
from identity.models import User
from spaces.errors import ChannelNotFound
from spaces.models import Channel
from spaces.services.members import membership_of

BEFORE_HIT, EXCERPT_LENGTH = 60, 200
# Read for a page of messages alone. Joined, all messages would be read for those that are replied to:
# Postgres cannot know how few are found.
TOLD = ("channel", "author", "reply_to", "mentions", "attachments")


class SearchQuery(NamedTuple):
    """What is looked for: words, and where, by whom, and whether with a file."""

    words: str = ""
    channel: UUID | None = None
    author: UUID | None = None
    with_file: bool = False


@dataclass(frozen=True)
class Part:
    """A part of an excerpt, and whether it is what was looked for."""

    text: str
    is_hit: bool


def found_by(*, actor: User, space_id: UUID, query: SearchQuery) -> QuerySet[Message]:
    """Return the messages that are found, for pages of them in the order of their offsets.

    Only what the actor may read, and nothing deleted; nothing at all if nothing is asked for. Raises
    SpaceNotFound, ChannelNotFound, RateLimited.
    """
    space = membership_of(actor=actor, space_id=space_id).space
    limit_search(str(actor.pk))
    channels = list(
        Channel.objects.filter(space=space, type=Channel.Type.TEXT).order_by().values_list("pk", flat=True)
    )
    if query.channel is not None:
        if query.channel not in channels:
            raise ChannelNotFound
        channels = [query.channel]
    terms = terms_of(query.words)
    is_asked = bool(terms) or (not query.words.strip() and (query.author or query.with_file))
    if not channels or not is_asked:
        return Message.objects.none()
    found = Message.objects.standing().filter(channel__in=channels, kind=Message.Kind.USER)
    if query.author is not None:
        found = found.filter(author=query.author)
    if query.with_file:
        found = found.filter(pk__in=Attachment.objects.filter(channel__in=channels).values("message"))
    return _of_words(found, terms, channels).prefetch_related(*TOLD)


def excerpt_of(message: Message, query: SearchQuery) -> list[Part]:
    """Return what stands around the first hit, in parts: plain text, to be shown as it is."""
    text = message.text
    hits = hits_in(text, terms_of(query.words), getattr(message, "stems", None))
    start, end = _window(text, hits[0][0] if hits else 0)
    parts = [Part("…", is_hit=False)] if start else []
    at = start
    for first, last in hits:
        if first < at or first >= end:
            continue
        parts += [Part(text[at:first], is_hit=False), Part(text[first : min(last, end)], is_hit=True)]
        at = min(last, end)
    parts += [Part(text[at:end], is_hit=False), Part("…" if end < len(text) else "", is_hit=False)]
    return [part for part in parts if part.text]


def _of_words(found: MessageQuerySet, terms: list[Term], channels: list[UUID]) -> MessageQuerySet:
    if not terms:
        return found
    vendor = connections[found.db].vendor
    wanted = [term for term in terms if not term.is_unwanted]
    stems: dict[str, Any] = {"stems": Stems(terms=wanted)} if wanted and vendor == "postgresql" else {}
    folds: dict[str, Any] = {} if vendor == "postgresql" else {"folded": folded()}
    return found.alias(**folds).filter(condition(terms, channels, vendor)).annotate(**stems)


def _window(text: str, first: int) -> tuple[int, int]:
    """Return where an excerpt begins and ends: at whole words, if there are some."""
    start = max(0, first - BEFORE_HIT)
    if start:
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else start
    end = start + EXCERPT_LENGTH
    if end >= len(text):
        return start, len(text)
    space = text.rfind(" ", first + 1, end)
    return start, space if space > 0 else end
