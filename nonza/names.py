"""Names and titles: cleaned the same way everywhere, and compared as eyes compare them."""

import unicodedata

import regex
from confusable_homoglyphs import confusables

MARKS_IN_A_ROW = 3
_ZERO_WIDTH_JOINER = "\u200d"
_LETTERS_BELOW = 0x250  # plain and extended Latin stand for themselves


def clean(text: str) -> str:
    """Return the text in NFC, trimmed, without control, bidi and other invisible characters.

    A zero-width joiner stays between two emoji, where it is part of the picture. Idempotent.
    """
    text = unicodedata.normalize("NFC", text)
    text = regex.sub(r"[\s\p{Z}]+", " ", text)
    kept = [
        character
        for position, character in enumerate(text)
        if not _is_invisible(character) or _joins_emoji(text, position)
    ]
    text = regex.sub(rf"(\p{{M}}{{{MARKS_IN_A_ROW}}})\p{{M}}+", r"\1", "".join(kept))
    return unicodedata.normalize("NFC", regex.sub(r" +", " ", text)).strip()


def skeleton(name: str) -> str:
    """Return what the name looks like: two names with one skeleton are easily taken for one another."""
    folded = unicodedata.normalize("NFKD", name).casefold()
    return "".join(_look_alike(character) for character in folded if not _is_ignorable(character))


def _is_ignorable(character: str) -> bool:
    return character.isspace() or unicodedata.category(character)[0] in "MCZ"


def _is_invisible(character: str) -> bool:
    return unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn"}


def _joins_emoji(text: str, position: int) -> bool:
    if text[position] != _ZERO_WIDTH_JOINER or not 0 < position < len(text) - 1:
        return False
    before = text[:position].rstrip("\ufe0f\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff")
    pictures = regex.compile(r"\p{Extended_Pictographic}")
    return bool(before and pictures.match(before[-1]) and pictures.match(text[position + 1]))


def _look_alike(character: str) -> str:
    if ord(character) < _LETTERS_BELOW:
        return {"l": "i", "1": "i", "|": "i", "0": "o"}.get(character, character)
    found = confusables.is_confusable(character, greedy=True, preferred_aliases=[])
    homoglyphs = found[0]["homoglyphs"] if found else []
    latin = [glyph["c"] for glyph in homoglyphs if glyph["c"].isascii()]
    return _look_alike(latin[0].casefold()) if latin else character
