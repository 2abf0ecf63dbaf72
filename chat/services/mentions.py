"""Names in messages: found in the text as people write it, kept, told once, and offered while one writes."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Case, CharField, F, Q, QuerySet, Value, When
from django.db.models.functions import StrIndex, Substr

from chat import tasks
from chat.models import Mention, Message
from chat.serializers import MENTIONS_AT_MOST, QUOTE_LENGTH
from chat.services.folding import Folded, fold
from identity.models import DISPLAY_NAME_LENGTH, User
from nonza.doorbell import ring
from nonza.names import clean
from spaces.errors import SpaceNotFound
from spaces.models import Membership, Notification, Space
from spaces.rules import can_moderate
from spaces.serializers import person_as_seen
from spaces.services.locks import lock_space
from spaces.services.members import membership_of
from spaces.services.notifications import content_about, notify, withdraw

ALL = frozenset({"all", "все"})
OFFERED = 10
LOOKED_AT = 200  # signs of mentions in one text; whatever stands behind them is only text
SPELLINGS_AT_MOST = 4000  # of names in one text: more than that SQLite cannot be asked about at once
# Where it is written as an example it calls nobody.
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]+`", re.DOTALL)
_SIGN = re.compile(r"(?<![\w@])@(?=\S)")
_END = re.compile(r"(?<=\w)(?!\w)|(?<=[^\w\s])")

Kind = Notification.Kind


class Found(NamedTuple):
    """Whom a text mentions: users with their names as they stand in it, and whether it is for all."""

    users: dict[UUID, str]
    all: bool


def find_mentions(space: Space, author: User, text: str, picked: Iterable[UUID] = ()) -> Found:
    """Return whom a text mentions, at most 50: members whose name follows an @, the longest name first.

    Of members who are called the same, those are meant who were picked while it was written, or else
    all of them. `@all` counts from moderators.
    """
    places = _candidates(text)
    if not places:
        return Found({}, all=False)
    spellings = {spelling for place in places for spelling in place}
    called = _members_called(space, spellings)
    if any(fold(spelling) in ALL for spelling in spellings) and _may_call_all(space, author):
        called |= {key: [] for key in ALL}
    users: dict[UUID, str] = {}
    is_for_all = False
    chosen = set(picked)
    for place in places:
        name = next((spelling for spelling in place if fold(spelling) in called), "")
        namesakes = called.get(fold(name), [])
        is_for_all |= bool(name) and not namesakes
        meant = [user for user in namesakes if user in chosen] or namesakes
        users |= {user: users.get(user, name) for user in meant}
    return Found(dict(list(users.items())[:MENTIONS_AT_MOST]), all=is_for_all)


def add_mentions(message: Message, found: Found) -> list[Mention]:
    """Keep whom a new message mentions, and let the worker tell them; return the rows."""
    rows = [
        Mention(
            message=message, user_id=user, name=name, channel_id=message.channel_id, offset=message.offset
        )
        for user, name in found.users.items()
    ]
    if rows:
        Mention.objects.bulk_create(rows, ignore_conflicts=True)
    if rows or found.all:
        ring(tasks.tell_mentioned, str(message.pk), even_late=True)
    return rows


def read_again(message: Message, space: Space, author: User) -> None:
    """Keep whom a message mentions after its text was changed; the caller saves it.

    Who was picked among namesakes stays so. Whoever was told hears no more of what is no longer there.
    """
    before = {mention.user_id for mention in message.mentions.all()}
    called_anybody = bool(before) or message.mentions_all
    found = find_mentions(space, author, message.text, before)
    if before:
        message.mentions.all().delete()
    message.mentions_all = found.all
    message.new_mentions = add_mentions(message, found)
    if called_anybody and not (found.users or found.all):
        ring(tasks.tell_mentioned, str(message.pk), even_late=True)


def take_back(message: Message) -> None:
    """Forget whom a deleted message mentioned, and let the worker take back the news: they quote it."""
    message.mentions.all().delete()
    ring(tasks.take_back_mentions, str(message.pk), even_late=True)


@transaction.atomic
def tell_mentioned(message_id: UUID) -> None:
    """Tell whom a message mentions, each of them once, however often it is edited or this runs.

    What they were told before is what it says now, and who is mentioned no more was told nothing.

    Who has muted the space hears of it if they are called by name, not if all are.
    """
    space_id = Message.objects.filter(pk=message_id).values_list("channel__space", flat=True).first()
    if space_id is None:
        return
    try:
        lock_space(space_id)  # news of a space that is being deleted would come after it
    except SpaceNotFound:
        return
    # Two runs wait for each other: the second one sees whom the first has told.
    message = Message.objects.standing().select_for_update(no_key=True, of=("self",)).filter(pk=message_id)
    found = message.select_related("channel__space", "author").first()
    if found is None:
        return
    space = found.channel.space
    by_name = set(found.mentions.values_list("user_id", flat=True))
    _mend_news(found, by_name)
    told = set(_news_of(found).values_list("user_id", flat=True))
    members = Membership.objects.filter(space=space, user__is_active=True).select_related("user")
    if not found.mentions_all:
        members = members.filter(user__in=by_name)
    listening = [
        member.user
        for member in members
        if member.user_id not in {*told, found.author_id} and (member.user_id in by_name or not member.muted)
    ]
    for mentioned, users in (
        ("you", [user for user in listening if user.pk in by_name]),
        ("all", [user for user in listening if user.pk not in by_name]),
    ):
        if users:
            content = content_of(found, mentioned)
            notify(users=users, kind=Kind.MENTIONED, content=content, space=space)


def _mend_news(message: Message, by_name: set[UUID]) -> None:
    """Let the news of a message quote it as it is now, and take them back from who is no longer meant."""
    if message.edited_at is None:
        return
    if not message.mentions_all:
        withdraw(_news_of(message).exclude(user__in=by_name))
    text = message.text[:QUOTE_LENGTH]
    stale = list(_news_of(message).exclude(content__text=text))
    for news in stale:
        news.content = {**news.content, "text": text}
    Notification.objects.bulk_update(stale, ["content"], batch_size=500)


def take_back_mentions(message_id: UUID) -> None:
    """Take back the news of a message, wherever they are shown."""
    found = Message.objects.filter(pk=message_id).select_related("channel").first()
    if found is not None:
        withdraw(_news_of(found))


def content_of(message: Message, mentioned: str) -> dict[str, Any]:
    """Return what the news of a message are told with."""
    about = content_about(
        message.channel.space,
        message.author,
        channel_id=str(message.channel_id),
        channel_name=message.channel.name,
        message_id=str(message.pk),
        text=message.text[:QUOTE_LENGTH],
        mentioned=mentioned,
    )
    return {**about, "display_name": message.author_name}


def mentionable(*, actor: User, space_id: UUID, query: str) -> dict[str, Any]:
    """Return up to ten others whose name, or a word of it, begins like this; raises SpaceNotFound."""
    membership = membership_of(actor=actor, space_id=space_id)
    others = Membership.objects.filter(space=membership.space, user__is_active=True).exclude(user=actor)
    others = others.annotate(called=_called(), folded=Folded(_called())).select_related("user")
    if wanted := fold(clean(query[:DISPLAY_NAME_LENGTH])):
        others = others.filter(Q(folded__startswith=wanted) | Q(folded__contains=f" {wanted}"))
    rows = others.order_by("folded", "pk")[:OFFERED]
    return {"results": [person_as_seen(row.user) for row in rows], "all": can_moderate(membership)}


def _candidates(text: str) -> list[list[str]]:
    """Return for each @ what may be the name behind it, the longest first."""
    if "@" not in text:
        return []
    text = _CODE.sub(lambda code: " " * len(code.group()), text)
    places: list[list[str]] = []
    left = SPELLINGS_AT_MOST
    for sign in list(_SIGN.finditer(text))[:LOOKED_AT]:
        behind = text[sign.end() : sign.end() + DISPLAY_NAME_LENGTH + 1].partition("\n")[0]
        ends = [end.start() for end in _END.finditer(behind) if 0 < end.start() <= DISPLAY_NAME_LENGTH]
        left -= len(ends)
        if left < 0:
            break
        places.append([behind[:end] for end in reversed(ends)])
    return places


def _called() -> Any:
    """Return what a member is called, as `User.called` says it."""
    before_sign = Substr("user__email", 1, StrIndex("user__email", Value("@")) - 1)
    return Case(
        When(user__display_name="", then=before_sign),
        default=F("user__display_name"),
        output_field=CharField(),
    )


def _members_called(space: Space, names: set[str]) -> dict[str, list[UUID]]:
    """Return the members who are called like one of these, by their folded name."""
    spellings = {*names, *(fold(name) for name in names)}
    rows = (
        Membership.objects.filter(space=space, user__is_active=True)
        .annotate(called=_called(), folded=Folded(_called()))
        .filter(Q(folded__in=spellings) | Q(called__in=spellings))
        .order_by("created_at", "pk")
        .values_list("user_id", "called")[:LOOKED_AT]
    )
    found: dict[str, list[UUID]] = {}
    for user_id, called in rows:
        found.setdefault(fold(called), []).append(user_id)
    return found


def _may_call_all(space: Space, author: User) -> bool:
    membership = Membership.objects.filter(space=space, user=author).first()
    return membership is not None and can_moderate(membership)


def _news_of(message: Message) -> QuerySet[Notification]:
    """Return the news of a mention in this message; none is older than it."""
    return Notification.objects.filter(
        space=message.channel.space_id,
        kind=Kind.MENTIONED,
        created_at__gte=message.created_at,
        content__message_id=str(message.pk),
    )
