"""Words that nobody shall read."""

from typing import Any

import pytest

from nonza import content_filter
from nonza.content_filter import MASK, REFUSE, MessageFiltered, Patterns, Rules, check, filtered


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("scrap", "Scrap that, SCRAP it.", "••••• that, ••••• it."),
        ("scrap", "scrapyard, skyscraper", "scrapyard, skyscraper"),
        ("scrap*", "the scrapyard", "the •••••••••"),
        ("*scrap", "a sky-scrap and skyscrap", "a sky-••••• and ••••••••"),
        ("*scrap*", "skyscraper", "••••••••••"),
        ("s*p", "ship shop shops", "•••• •••• shops"),
        ("s*a*p", "snap step", "•••• step"),
        ("scrap", "sсrар", "•••••"),  # four Cyrillic letters
        ("kill", "ki1l", "••••"),
        ("хлам", "Хлам и ХЛАМ, хламида", "•••• и ••••, хламида"),
        ("хлам*", "хламида", "•••••••"),
        ("scrap", "s c r a p and s.c.r.a.p, s-c-r-a-p", "• • • • • and •••••••••, •••••••••"),
        ("scrap", "s_c_r_a_p", "•••••••••"),
        ("scrap", "see: s c r a p!", "see: • • • • •!"),
        ("scrap", "s\nc\nr\na\np", "s\nc\nr\na\np"),
        ("scrap", "**scrap** and scra\u0301p", "**•••••** and ••••••"),
        ("scrap", "scr\u200dap", "••••••"),
        ("*", "anything", "anything"),
        ("a*", "a and b", "a and b"),
        ("", "", ""),
        ("scrap", "", ""),
    ],
)
def test_what_is_found(pattern: str, text: str, expected: str) -> None:
    assert check(text, Patterns([pattern]), MASK) == expected


def test_masked_text_is_as_long_and_clean() -> None:
    text = "One scrap, two s c r a p\nthree"
    masked = check(text, Patterns(["scrap"]), MASK)
    assert len(masked) == len(text)
    assert check(masked, Patterns(["scrap"]), REFUSE) == masked


def test_what_is_refused_says_so() -> None:
    with pytest.raises(MessageFiltered) as refusal:
        check("Some scrap", Patterns(["scrap"]), REFUSE)
    assert (refusal.value.status, refusal.value.code) == (422, "message_filtered")
    assert check("Fine", Patterns(["scrap"]), REFUSE) == "Fine"


def test_installation_and_space_both_hold(settings: Any) -> None:
    settings.CONTENT_FILTER, settings.CONTENT_FILTER_MODE = ["scrap"], MASK
    assert filtered("scrap and junk") == "••••• and junk"
    assert filtered("scrap and junk", Rules("junk\nrust", MASK)) == "••••• and ••••"
    with pytest.raises(MessageFiltered):
        filtered("junk", Rules("junk", REFUSE))
    settings.CONTENT_FILTER_MODE = REFUSE
    with pytest.raises(MessageFiltered):
        filtered("scrap")


def test_nothing_is_filtered_unless_asked_for() -> None:
    assert filtered("scrap") == "scrap"


@pytest.mark.parametrize(
    "patterns",
    [
        ["a*" * 39 + "b"] * 200,
        ["*".join("abcdefghij" * 3) + str(number) for number in range(200)],
        [f"a*a{number}" for number in range(200)],
        ["*a*" * 20] * 200,
    ],
    ids=["stars", "long", "alike", "everything"],
)
@pytest.mark.parametrize(
    "text",
    ["a" * 4000, "a " * 2000, "abcdefghij" * 400, " ".join(f"a{n}a" for n in range(800))],
    ids=["one word", "letters", "repeated", "many words"],
)
def test_hostile_patterns_cost_one_look_at_each_word(
    patterns: list[str], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Counted, not timed: no word is gone over twice for one pattern, whatever stars are in it."""
    looked = 0
    matches = content_filter._Glob.matches

    def count(self: Any, word: str) -> bool:
        nonlocal looked
        looked += 1
        return matches(self, word)

    monkeypatch.setattr(content_filter._Glob, "matches", count)
    check(text, Patterns(patterns), MASK)
    different = len(set(text.split()))
    assert looked <= 2 * 200 * different


def test_glob_goes_over_a_word_once() -> None:
    """`find` begins where the last one ended; a matcher that went back would look at letters again."""

    class Word(str):
        __slots__ = ()
        looks = 0

        def find(self, *where: Any) -> int:  # type: ignore[override]
            Word.looks += 1
            return super().find(*where)

    glob = content_filter._Glob("", ("a",) * 50, "b")
    assert glob.matches(Word("a" * 4000)) is False
    assert Word.looks <= 50
    assert glob.matches(Word("a" * 4000 + "b")) is True
