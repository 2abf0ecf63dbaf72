"""Words that an operator, or the owner of a space, does not want to see: masked, or refused.

A pattern is a word in which `*` stands for any letters, or none. It is found as a whole word, in letters
that look alike too, and when its letters stand apart ("b a d", "b.a.d"). The time it takes grows with the
text times the number of patterns, whatever either is made of.
"""

import functools
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import NamedTuple

import regex
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from nonza.errors import NonzaError
from nonza.names import skeletons

MASK, REFUSE = "mask", "refuse"
PATTERNS_AT_MOST, PATTERN_LENGTH = 200, 80
LETTERS_AT_LEAST = 2  # of a pattern: one that stands for everything is a mistake
APART_AT_LEAST = 3  # letters that stand apart may be an evasion of a word that has so many
_VEIL = "•"  # no sign of markdown
_WORD = regex.compile(r"[\p{L}\p{N}\p{M}\p{Cf}|]+")
# Between the letters of a word that is taken apart: a few signs, but no new line.
_GAP = regex.compile(r"[^\p{L}\p{N}\n]{1,3}")


class MessageFiltered(NonzaError):
    """It has a word that is not wanted here."""

    code = "message_filtered"
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    title = _("There is a word in this that is not wanted here.")


class _Glob(NamedTuple):
    """A pattern with `*`, by the texts between them."""

    begin: str
    middle: tuple[str, ...]
    end: str

    @property
    def rarest(self) -> str:
        """Return the longest text that a word must have to match."""
        return max((self.begin, *self.middle, self.end), key=len)

    def matches(self, word: str) -> bool:
        """Say whether the word is of this pattern, going over it once."""
        if len(word) < len(self.begin) + len(self.end):
            return False
        if not word.startswith(self.begin) or not word.endswith(self.end):
            return False
        at, last = len(self.begin), len(word) - len(self.end)
        for text in self.middle:
            at = word.find(text, at, last)
            if at < 0:
                return False
            at += len(text)
        return True


class Patterns:
    """Patterns made ready to be looked for; those with too few letters find nothing."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._words: set[str] = set()
        self._globs: list[_Glob] = []
        self._cores: set[str] = set()
        for line in lines:
            for form in skeletons(line[:PATTERN_LENGTH]):
                self._add(form)

    def __bool__(self) -> bool:
        return bool(self._words or self._globs)

    def _add(self, form: str) -> None:
        texts = form.split("*")
        if sum(map(len, texts)) < LETTERS_AT_LEAST:
            return
        if len(texts) == 1:
            self._words.add(form)
        else:
            self._globs.append(_Glob(texts[0], tuple(filter(None, texts[1:-1])), texts[-1]))
        core = "".join(texts)
        if len(core) >= APART_AT_LEAST and form.strip("*") == core:
            self._cores.add(core)

    def found_in(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where something unwanted begins and ends; places may overlap."""
        words = [(*match.span(), skeletons(match.group())) for match in _WORD.finditer(text)]
        bad = self._unwanted({form for *_span, forms in words for form in forms})
        yield from ((start, end) for start, end, forms in words if forms & bad)
        if self._cores:
            for run in _runs(text, words):
                yield from self._apart(run)

    def _unwanted(self, forms: set[str]) -> set[str]:
        bad, rest = forms & self._words, sorted(forms - self._words)
        everything = "\n".join(rest)
        for glob in self._globs:
            if glob.rarest in everything:
                bad.update(form for form in rest if glob.matches(form))
        return bad

    def _apart(self, run: list[tuple[int, int, frozenset[str]]]) -> Iterator[tuple[int, int]]:
        """Yield where letters that stand apart make a word; both ways to read each letter are tried."""
        for choose in (min, max):
            letters = "".join(choose(forms)[:1] or " " for *_span, forms in run)
            for core in self._cores:
                at = letters.find(core)
                while at >= 0:
                    yield run[at][0], run[at + len(core) - 1][1]
                    at = letters.find(core, at + len(core))


def check(text: str, patterns: Patterns, mode: str) -> str:
    """Return the text, with what is not wanted masked; raises MessageFiltered in the mode `refuse`."""
    if not patterns:
        return text
    veiled = list(text)
    for start, end in patterns.found_in(text):
        if mode == REFUSE:
            raise MessageFiltered
        veiled[start:end] = [letter if letter.isspace() else _VEIL for letter in text[start:end]]
    return "".join(veiled)


class Rules(NamedTuple):
    """What somebody does not want to see: a pattern in each line, and what becomes of it."""

    lines: str
    mode: str = MASK


def filtered(text: str, *rules: Rules) -> str:
    """Return the text as the installation and these rules let it be; raises MessageFiltered."""
    installation = Rules("\n".join(settings.CONTENT_FILTER), settings.CONTENT_FILTER_MODE)
    for lines, mode in (installation, *rules):
        if lines:
            text = check(text, patterns_of(lines), mode)
    return text


@functools.lru_cache(maxsize=1024)
def patterns_of(lines: str) -> Patterns:
    """Return the patterns of a text with one in each line; those used before are ready."""
    return Patterns(lines.splitlines()[:PATTERNS_AT_MOST])


def _runs(
    text: str, words: list[tuple[int, int, frozenset[str]]]
) -> Iterator[list[tuple[int, int, frozenset[str]]]]:
    """Yield the runs of single letters, with little between them."""
    run: list[tuple[int, int, frozenset[str]]] = []
    for word in words:
        start, _end, forms = word
        is_single = all(len(form) == 1 for form in forms)
        if run and (not is_single or not _GAP.fullmatch(text, run[-1][1], start)):
            if len(run) >= APART_AT_LEAST:
                yield run
            run = []
        if is_single:
            run.append(word)
    if len(run) >= APART_AT_LEAST:
        yield run
