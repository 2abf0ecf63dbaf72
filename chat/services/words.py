"""What somebody searches for, as a condition that each database answers in its own way.

Postgres has an index of stems (migration 0002); SQLite, for small installations, looks for the letters.
"""

import re
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import BooleanField, F, Func, Q, TextField

from chat.services.folding import SQLITE_PARTED, fold, parted
from nonza.names import clean

QUERY_LENGTH = 200
TERMS_AT_MOST = 20
_TERM = re.compile(r'(?P<minus>-?)(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_WORD = re.compile(r"\w{3,}")
_LEXEME = re.compile(r"'((?:[^']|'')*)'")
_TOKEN = re.compile(r"\w(?:[\w.@'-]*\w)?")
STEM_LENGTH, ENDING_LENGTH = 4, 5


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
        return Q(_Matches(F("text"), terms=terms, channels=channels))
    matches = Q()
    for term in terms:
        holds = Q(folded__contains=fold(term.text))
        matches &= ~holds if term.is_unwanted else holds
    return matches


def folded() -> Func:
    """Return the text as SQLite compares it."""
    return Func(F("text"), function=SQLITE_PARTED, output_field=TextField())


def hits_in(text: str, terms: list[Term], stems: str | None) -> list[tuple[int, int]]:
    """Return where what was looked for stands in a text; `stems` is what Postgres made of it.

    A form of a word is known by how it begins, as nearly as one can tell without a grammar.
    """
    plain = fold(parted(text))
    if len(plain) != len(text):  # a letter that becomes two
        return []
    if stems is None:
        wanted = [re.escape(fold(term.text)) for term in terms if not term.is_unwanted]
        longest_first = "|".join(sorted(wanted, key=len, reverse=True))
        return [found.span() for found in re.finditer(longest_first, plain)] if wanted else []
    wholes = {fold(word) for term in terms if not term.is_unwanted for word in term.text.split()}
    lexemes = [lexeme.replace("''", "'") for lexeme in _LEXEME.findall(stems)]
    forms = _longest_forms(lexemes)
    stems_of_all = tuple(forms)  # asked at once: most words begin like none of them
    return [
        word.span()
        for word in _TOKEN.finditer(plain)
        if word.group() in wholes or (word.group().startswith(stems_of_all) and _is_form(word.group(), forms))
    ]


def _longest_forms(lexemes: list[str]) -> dict[str, int]:
    """Return how each form of a word begins, and how long it is at most."""
    forms: dict[str, int] = {}
    for lexeme in lexemes:
        stem = lexeme if len(lexeme) < STEM_LENGTH else lexeme[:-1]  # ferri: ferry, ferries
        forms[stem] = max(forms.get(stem, 0), len(lexeme) + ENDING_LENGTH)
    return forms


def _is_form(word: str, forms: dict[str, int]) -> bool:
    return any(len(word) <= longest and word.startswith(stem) for stem, longest in forms.items())


class _Asked(Func):
    """Terms as Postgres asks for them.

    A word stands for its stem and for itself as a stem: that of паром is пар (it might be steam that
    something is done with), but that of паромы is паром.
    """

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
                # Nothing is asked of a word that is in no index, like `the`; it would be as a stem.
                part = f"(CASE WHEN numnode({part}) = 0 THEN {part} ELSE {part} || %s::tsquery END)"
                params += [text, text, f"'{text}'"]
            parts.append(f"!!({part})" if term.is_unwanted else part)
        return f"({' && '.join(parts)})", params


class _Matches(_Asked):
    """Whether a message is one of those that are looked for; given the column `text`."""

    conditional = True
    output_field = BooleanField()

    def __init__(self, *expressions: Any, channels: list[UUID], **extra: Any) -> None:
        super().__init__(*expressions, **extra)
        self.channels = channels

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> Any:  # type: ignore[override]
        """Ask the index for the words and the channels at once."""
        del connection
        text = compiler.compile(self.get_source_expressions()[0])[0]
        words = f'{text.rpartition(".")[0]}."words"'  # of the same table; no field of the model
        asked, params = self.asked()
        seen = "|".join(f"'{one}'" for one in self.channels)
        sql = f"(numnode({asked}) > 0 AND {words} @@ ({asked} && %s::tsquery))"
        return sql, (*params, *params, seen)


class Stems(_Asked):
    """What Postgres looks for: the stems of the words that were asked for."""

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> Any:  # type: ignore[override]
        """Write it as text, the same for each message."""
        del compiler, connection
        asked, params = self.asked()
        return f"({asked})::text", tuple(params)
