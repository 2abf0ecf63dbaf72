"""What stays of what people write, and what does not."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.services.text import checked_text, clean_text
from nonza.errors import Invalid

AWKWARD = (
    "\u200d\u200c\ufe0f\u0301\u0300a1👩🏽🏴\U000e0067\U000e007f\n\r\t \u2028\u2066\u202e\u0378\u00ad\x00"
)


@pytest.mark.parametrize(
    "text",
    [
        "Ahoy\n\n\tall",
        "👩‍👩‍👧‍👦 👍🏽 ❤️‍🔥 1️⃣ 🏳️‍🌈",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "می‌خواهم",  # Persian joins its letters, or does not
        "क्‍ष",
        "Привет, мир — “да”",
        "שָׁלוֹם",
        "a\u00a0b",
    ],
)
def test_what_is_seen_stays(text: str) -> None:
    assert clean_text(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  Ahoy \n", "Ahoy"),
        ("a\r\nb\rc\u2028d\u2029e\x0bf", "a\nb\nc\nd\ne\nf"),
        ("if (admin\u202e \u2066// \u2069\u2066) {", "if (admin // ) {"),
        ("pass\u200bword\ufeff\u00ad", "password"),
        ("b\u200da\u200cd", "bad"),  # between letters that are never joined it hides only from filters
        ("null\x00\x1b[31m", "null[31m"),
        ("\ud800x\udfff", "x"),
        ("\U000e0041\U000e0042", ""),  # letters that nobody sees, but a machine reads
        ("e\u0301", "é"),
        ("Z" + "\u0317" * 60, "Z" + "\u0317" * 3),
        ("\ufe0fa\ufe0f", "a"),
    ],
)
def test_what_nobody_sees_goes(text: str, cleaned: str) -> None:
    assert clean_text(text) == cleaned


@given(st.text(st.one_of(st.characters(), st.sampled_from(AWKWARD)), max_size=60))
def test_cleaning_again_changes_nothing_and_nothing_controls(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert {unicodedata.category(character) for character in cleaned} & {"Cc", "Cs"} <= {"Cc"}
    assert not [
        character
        for character in cleaned
        if unicodedata.category(character) == "Cc" and character not in "\n\t"
    ]
    assert not set(cleaned) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff")
    assert cleaned == cleaned.strip()


@pytest.mark.parametrize(
    "character", ["\u200b", "\ufe0f", "\u200d", "\U000e0067", "👩‍", "a\u0301", "\n", "🏴\U000e0067"]
)
def test_time_it_takes_grows_with_the_text_alone(character: str) -> None:
    """Of a text as long as a body can be, every look around a character is short."""
    looks = clean_text(character * 16_000)
    assert len(looks) <= 16_000 * len(character)


def test_length_is_that_of_what_is_kept() -> None:
    assert len(checked_text(" " + "x" * 4000 + "\u200b" * 100)) == 4000
    assert checked_text("", may_be_empty=True) == ""
    with pytest.raises(Invalid):
        checked_text("x" * 4001, may_be_empty=True)
