"""Names: cleaned the same way everywhere, and compared as eyes compare them."""

import unicodedata

import pytest
import regex
from hypothesis import example, given
from hypothesis import strategies as st

from nonza.names import MARKS_IN_A_ROW, clean, skeletons

JOINER = "\u200d"
BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
INVISIBLE = "\u200b\u200c\u2060\u2061\u2064\ufeff\u00ad\u180e\U000e0001\U000e0041\U000e007f"
BLANK = "\u2800\u3164\u115f\u1160\uffa0\u034f\ufe0f\ufe00\U000e0100\u17b4"
CONTROL = "\x00\x07\x08\x1b\x7f\x80\x9b\ud800\ue000\uffff"

# Text that bites: what is named above, emoji with joiners and tones, marks, and anything else.
characters = st.one_of(
    st.sampled_from(BIDI + INVISIBLE + BLANK + CONTROL),
    st.sampled_from(f"{JOINER}\ufe0f👩👨🏽❤🔥🏳🌈🇩🇪1e\u0301\u0308\u0335 \n\t\u2028\u00a0"),
    st.characters(),
)
texts = st.text(characters, max_size=40)


@given(texts)
@example("👩\u200d\u200d👩")
@example("e\u200b\u0301\u0301\u0301\u0301")
@example("😀\u200b\u200d😀")
@example("\u1100\u200b\u1161")
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(texts)
def test_clean_name_is_normal_trimmed_and_free_of_what_nobody_sees(text: str) -> None:
    name = clean(text)
    assert unicodedata.is_normalized("NFC", name)
    assert name == name.strip()
    assert "  " not in name
    for position, character in enumerate(name):
        if character == JOINER:
            assert 0 < position < len(name) - 1
            assert regex.match(r"\p{Extended_Pictographic}", name[position + 1])
        else:
            assert not regex.match(r"\p{C}", character), hex(ord(character))
    assert not regex.search(rf"\p{{M}}{{{MARKS_IN_A_ROW + 1}}}", name)


@pytest.mark.parametrize("character", [*BIDI, *INVISIBLE, *CONTROL])
def test_trojan_source_character_does_not_survive(character: str) -> None:
    assert clean(f"Da{character}na") == "Dana"
    assert clean(character * 3) == ""


@pytest.mark.parametrize("character", [*BLANK])
def test_name_of_nothing_visible_is_empty(character: str) -> None:
    assert clean(character) == clean(f" {character * 3}\u00a0") == ""


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("  Dana   Weiß ", "Dana Weiß"),
        ("Dana\r\nSet-Cookie: x", "Dana Set-Cookie: x"),
        ("Dana\u2028Weiß\u3000X", "Dana Weiß X"),
        ("Jose\u0301", "José"),
        ("\x1b[31mDana\x1b[0m", "[31mDana[0m"),
        ("Dana\u202e)tsoh(", "Dana)tsoh("),
        ("Z" + "\u0335\u0336\u0337\u0338\u0315" * 4, "Z\u0335\u0336\u0337"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
        ("👩🏽\u200d🔬", "👩🏽\u200d🔬"),
        ("🏳\ufe0f\u200d🌈", "🏳\ufe0f\u200d🌈"),
        ("❤\ufe0f", "❤\ufe0f"),
        ("1\ufe0f\u20e3", "1\ufe0f\u20e3"),
        ("🫨", "🫨"),
        ("Da\u200dna", "Dana"),
        ("👩\u200d", "👩"),
        ("\u200d👩", "👩"),
        ("نورا", "نورا"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_names_keep_what_people_mean(text: str, name: str) -> None:
    assert clean(text) == name


@pytest.mark.parametrize(
    "double",
    [
        "dana",
        "DANA",
        "Dаnа",
        "\uff24\uff41\uff4e\uff41",
        "\U0001d403\U0001d41a\U0001d427\U0001d41a",
        "\U0001d4d3\U0001d4ea\U0001d4f7\U0001d4ea",
        "Dána",
        "D a n a",
        "Dа\u0301na",
        "\u216eana",
        "D\u0251n\u0251",
        "D\u03b1n\u03b1",
        "\u13a0ana",
    ],
)
def test_names_that_look_alike_have_one_skeleton(double: str) -> None:
    assert skeletons(double) & skeletons("Dana")


@pytest.mark.parametrize(
    ("reserved", "double"),
    [
        ("host", "hоst"),
        ("host", "\uff48\uff4f\uff53\uff54"),
        ("host", "h0st"),
        ("host", "HOST"),
        ("moderator", "m0derat0r"),
        ("Nonza", "\u039donza"),
        ("ведущий", "вeдyщий"),
        ("support", "\u0455uрроrt"),
        ("admin", "аdmіn"),
        ("admin", "adm1n"),
        ("admin", "admln"),
        ("cohost", "co host"),
        ("host", "\u0397ost"),
        ("ведущий", "ВЕДУЩИЙ"),
        ("ведущий", "ВEД\u0423ЩИЙ"),
        ("admin", "ADM|N"),
    ],
)
def test_reserved_name_in_other_letters_is_still_reserved(reserved: str, double: str) -> None:
    assert skeletons(double) & skeletons(reserved)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Dana", "Diana"), ("Anna", "Ann"), ("Иван", "Ивана"), ("Мила", "Мика"), ("李", "王"), ("👩", "👨")],
)
def test_names_that_look_different_stay_apart(one: str, other: str) -> None:
    assert not skeletons(one) & skeletons(other)


@given(texts)
def test_skeleton_exists_for_every_name(text: str) -> None:
    assert skeletons(clean(text))


def test_letter_is_looked_up_once_however_many_names_it_is_in(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[str] = []

    class Table(dict):
        def get(self, character: str, _otherwise: object = None) -> list:
            looked_up.append(character)
            return []

    monkeypatch.setattr("nonza.names.confusables.confusables_data", Table())
    for _count in range(3):
        skeletons("\u9fd5\u9fd6")  # nobody else in these tests is called so
    assert looked_up == ["\u9fd5", "\u9fd6"]
