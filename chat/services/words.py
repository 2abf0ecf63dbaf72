"""What somebody searches for, as a condition that each database answers in its own way.

Postgres has an index of stems (migration 0002); SQLite, for small installations, looks for the letters.
"""

import re
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import BooleanField, F, Func, Q, TextField

from chat.services.folding import BETWEEN, CAPITALS, SMALL, SQLITE_PARTED, fold, parted
from nonza.names import clean

QUERY_LENGTH = 200
TERMS_AT_MOST = 20
_TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_WORD = re.compile(r"\w{3,}")
# As in the index: capitals of Russian become small, and what stands between words is a space.
_SIGNS, _BECOME = f"{CAPITALS}Ёё{BETWEEN}", f"{SMALL}ее{' ' * len(BETWEEN)}"
_START, _STOP = "\x02", "\x03"  # in no message: it is cleaned of them


class Term(NamedTuple):
    """One thing that a message has to hold, or must not."""

    text: str
    is_phrase: bool
    is_unwanted: bool


def terms_of(query: str) -> list[Term]:
    """Return what is asked for: words, "phrases", and -those that must not be there; any input is fine."""
    terms = []
    for found in _TERM.finditer(clean(query[:QUERY_LENGTH])):
        words = parted(found["phrase"] if found["word"] is None else found["word"]).split()
        if any(re.search(r"\w", word) for word in words):
            is_phrase = found["word"] is None or len(words) > 1
            terms.append(Term(" ".join(words), is_phrase, bool(found["minus"])))
    return terms[:TERMS_AT_MOST]


def condition(terms: list[Term], channels: list[UUID], vendor: str) -> Any:
    """Return what holds for the messages in these channels that are looked for."""
    if vendor == "postgresql":
        return Q(_Matches(F("text"), F("channel"), terms=terms, channels=channels))
    matches = Q()
    for term in terms:
        holds = Q(folded__contains=fold(term.text))
        matches &= ~holds if term.is_unwanted else holds
    return matches


def folded() -> Func:
    """Return the text as SQLite compares it."""
    return Func(F("text"), function=SQLITE_PARTED, output_field=TextField())


def hits_in(text: str, terms: list[Term], marked: str | None) -> list[tuple[int, int]]:
    """Return where what was looked for stands in a text; `marked` is it as Postgres has marked it."""
    return _marked_hits(text, marked) if marked is not None else _letters(text, terms)


class _Asked(Func):
    """Terms as Postgres asks for them; words also stand for those that begin with them."""

    output_field: Any = TextField()

    def __init__(self, *expressions: Any, terms: list[Term], **extra: Any) -> None:
        super().__init__(*expressions, **extra)
        self.terms = terms

    def asked(self) -> tuple[str, list[str]]:
        """Return the tsquery and its parameters."""
        parts, params = [], []
        for term in self.terms:
            function = "phraseto_tsquery" if term.is_phrase else "plainto_tsquery"
            part = f"{function}('pg_catalog.russian', %s)"
            text = fold(term.text)
            params.append(text)
            if not term.is_phrase and _WORD.fullmatch(text):
                # Nothing is asked of a word that is in no index, like `the`; its beginning would be.
                part = f"(CASE WHEN numnode({part}) = 0 THEN {part} ELSE {part} || %s::tsquery END)"
                params += [text, text, f"'{text}':*"]
            parts.append(f"!!({part})" if term.is_unwanted else part)
        return f"({' && '.join(parts)})", params


class _Matches(_Asked):
    """Whether a message (its text, its channel) is one of those that are looked for."""

    conditional = True
    output_field = BooleanField()

    def __init__(self, *expressions: Any, channels: list[UUID], **extra: Any) -> None:
        super().__init__(*expressions, **extra)
        self.channels = channels

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> Any:  # type: ignore[override]
        """Write the expression of the index, and ask it for the words and the channels at once."""
        del connection
        text, channel = (compiler.compile(column)[0] for column in self.get_source_expressions())
        asked, params = self.asked()
        words = (
            f"(to_tsvector('pg_catalog.russian', translate({text}, '{_SIGNS}', '{_BECOME}'))"
            f" || array_to_tsvector(ARRAY[{channel}::text]))"
        )
        seen = "|".join(f"'{one}'" for one in self.channels)
        sql = f"(numnode({asked}) > 0 AND {words} @@ ({asked} && %s::tsquery))"
        return sql, (*params, *params, seen)


class Marked(_Asked):
    """The text with a sign before and one behind each word that was looked for."""

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> Any:  # type: ignore[override]
        """Mark in as many letters as the text has, so that places in the one are places in the other."""
        del connection
        text = compiler.compile(self.get_source_expressions()[0])[0]
        asked, params = self.asked()
        options = f'HighlightAll=true, StartSel="{_START}", StopSel="{_STOP}"'
        sql = f"ts_headline('pg_catalog.russian', translate({text}, '{_SIGNS}', '{_BECOME}'), {asked}, %s)"
        return sql, (*params, options)


def _marked_hits(text: str, marked: str) -> list[tuple[int, int]]:
    hits, at = [], 0
    for part in marked.split(_START)[1:]:
        hit, stop, behind = part.partition(_STOP)
        if not stop:
            return []
        hits.append((hit, behind))
    at = len(marked.split(_START, maxsplit=1)[0])
    places = []
    for hit, behind in hits:
        places.append((at, at + len(hit)))
        at += len(hit) + len(behind)
    return places if at == len(text) else []


def _letters(text: str, terms: list[Term]) -> list[tuple[int, int]]:
    plain = fold(parted(text))
    if len(plain) != len(text):  # a letter that becomes two
        return []
    wanted = [re.escape(fold(term.text)) for term in terms if not term.is_unwanted]
    if not wanted:
        return []
    return [found.span() for found in re.finditer("|".join(sorted(wanted, key=len, reverse=True)), plain)]
