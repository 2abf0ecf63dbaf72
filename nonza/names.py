"""Names and titles: cleaned the same way everywhere, and compared as eyes compare them."""

import functools
import unicodedata

import regex
from confusable_homoglyphs import confusables

MARKS_IN_A_ROW = 3
_JOINER = "\u200d"
_PICTURE_STYLE = "\ufe0e\ufe0f"
_TONES = "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
# Not unicodedata: Python 3.11 does not know the pictures of the last years.
_INVISIBLE = regex.compile(r"[\p{C}\p{Default_Ignorable_Code_Point}\u2800]")
_PICTURE = regex.compile(r"\p{Extended_Pictographic}")
_LETTERS_BELOW = 0x250  # plain and extended Latin stand for themselves


def clean(text: str) -> str:
    """Return the text in NFC, trimmed, without control, bidi and other invisible characters.

    Of those, the joiner between two emoji and the style after one stay: they are part of the picture.
    Idempotent.
    """
    text = unicodedata.normalize("NFC", text)
    text = regex.sub(r"[\s\p{Z}]+", " ", text)
    kept = [
        character
        for position, character in enumerate(text)
        if not _INVISIBLE.match(character) or _is_part_of_picture(text, position)
    ]
    text = regex.sub(rf"(\p{{M}}{{{MARKS_IN_A_ROW}}})\p{{M}}+", r"\1", "".join(kept))
    return unicodedata.normalize("NFC", regex.sub(r" +", " ", text)).strip()


def skeletons(name: str) -> frozenset[str]:
    """Return what the name looks like: two names that share one are easily taken for one another.

    There are two, because case comes into it: a Greek capital Nu is an N, but a small one is a v.
    """
    letters = [character for character in unicodedata.normalize("NFKD", name) if not _is_ignorable(character)]
    as_written = "".join(_look_alike(character) for character in letters)
    in_small_letters = "".join(_look_alike(character) for character in "".join(letters).casefold())
    return frozenset({as_written, in_small_letters})


def initials(name: str) -> str:
    """Return the first letters of the first and the last word."""
    words = name.split()
    first_and_last = [words[0], words[-1]] if len(words) > 1 else words
    letters = [next((char for char in word if char.isalnum()), "") for word in first_and_last]
    return "".join(letters).upper()


def _is_ignorable(character: str) -> bool:
    return character.isspace() or unicodedata.category(character)[0] in "MCZ"


def _is_part_of_picture(text: str, position: int) -> bool:
    before = position - 1
    if text[position] in _PICTURE_STYLE:
        return before >= 0 and bool(regex.match(r"\p{Emoji}", text[before]))
    if text[position] != _JOINER:
        return False
    while before >= 0 and text[before] in _PICTURE_STYLE + _TONES:
        before -= 1
    after = text[position + 1 : position + 2]
    return before >= 0 and bool(_PICTURE.match(text[before]) and _PICTURE.match(after))


@functools.lru_cache(maxsize=65536)
def _look_alike(character: str) -> str:
    if ord(character) < _LETTERS_BELOW:
        return {"l": "i", "1": "i", "|": "i", "0": "o"}.get(character, character.casefold())
    # The table itself: the function around it asks which script a letter is of, which takes long.
    homoglyphs = confusables.confusables_data.get(character, [])
    latin = [glyph["c"] for glyph in homoglyphs if glyph["c"].isascii()]
    return _look_alike(latin[0]) if latin else character.casefold()
