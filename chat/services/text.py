"""What may stand in a message: cleaned the same way in text channels and in sessions."""

import unicodedata

import regex
from django.utils.translation import gettext as _

from chat.models import TEXT_LENGTH
from nonza.errors import Invalid
from nonza.names import MARKS_IN_A_ROW

_LINE_ENDS = regex.compile(r"\r\n?|[\v\f\x85\u2028\u2029]")
# What is seen by nobody goes, but for lines and tabs, and for what joins letters of Persian and Hindi, or
# makes one emoji of several (its style, its joiner, the letters of a flag of a part of a country).
_UNSEEN = regex.compile(
    r"""
    (?: [\n\t]
      | (?<=[\p{L}\p{M}]) (?<![\p{Latin}\p{Cyrillic}\p{Greek}]) [\u200c\u200d] (?=[\p{L}\p{M}])
      | (?<=\p{Emoji}) [\ufe0e\ufe0f]
      | (?<=\p{Extended_Pictographic}[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]{0,2}) \u200d
        (?=\p{Extended_Pictographic})
      | (?<=\U0001f3f4) [\U000e0020-\U000e007e]{1,10} \U000e007f
      | \p{Extended_Pictographic}
    ) (*SKIP) (*FAIL)
    | [\p{C}\p{Default_Ignorable_Code_Point}]
    """,
    regex.VERBOSE,
)
_BLANK = "\u2800 \n\t"  # a pattern without dots spaces pictures made of dots; alone it shows nothing
_PILES_OF_MARKS = regex.compile(rf"(\p{{M}}{{{MARKS_IN_A_ROW}}})\p{{M}}+")


def clean_text(text: str) -> str:
    """Return the text in NFC, trimmed, without control, bidi and other unseen characters; lines stay lines.

    Idempotent.
    """
    text = unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", text))
    text = _PILES_OF_MARKS.sub(r"\1", _UNSEEN.sub("", text))
    return unicodedata.normalize("NFC", text).strip()


def checked_text(text: str, *, may_be_empty: bool = False) -> str:
    """Return the text cleaned; raises Invalid where nothing or too much is left of it.

    It may be empty where files say it all.
    """
    text = clean_text(text)
    if not text.strip(_BLANK):
        text = ""
    if not text and not may_be_empty:
        raise Invalid.field("text", "message_empty", _("Write something first."))
    if len(text) > TEXT_LENGTH:
        raise Invalid.field(
            "text",
            "message_too_long",
            _("A message has no more than {most} characters.").format(most=TEXT_LENGTH),
        )
    return text
