"""What the members of a space do not want to read."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from identity.models import User
from nonza.content_filter import LETTERS_AT_LEAST, PATTERN_LENGTH, PATTERNS_AT_MOST, Rules
from nonza.errors import Invalid
from nonza.names import clean
from spaces.errors import NotModerator
from spaces.models import Space
from spaces.rules import can_moderate
from spaces.services.locks import lock_membership


def rules_of(space_id: UUID | None) -> list[Rules]:
    """Return the rules of a space, beside which those of the installation hold; one query, none for none."""
    if space_id is None:
        return []
    found = Space.objects.filter(pk=space_id).exclude(content_filter="")
    return [Rules(*rules) for rules in found.values_list("content_filter", "content_filter_mode")]


@transaction.atomic
def change_filter(*, actor: User, space_id: UUID, lines: str, mode: str) -> Space:
    """Let a space mask or refuse words from now on; what is written already stays as it is.

    `lines` has a pattern in each line. Raises SpaceNotFound, NotModerator, Invalid.
    """
    membership = lock_membership(actor, space_id)
    if not can_moderate(membership):
        raise NotModerator
    if mode not in Space.FilterMode.values:
        raise Invalid.field("content_filter_mode", "invalid", _("Choose what becomes of them."))
    space = membership.space
    space.content_filter, space.content_filter_mode = _checked(lines), mode
    space.save(update_fields=["content_filter", "content_filter_mode", "updated_at"])
    return space


def _checked(lines: str) -> str:
    """Return the patterns, each once; raises Invalid for what would find nothing, or everything."""
    patterns = list(dict.fromkeys(filter(None, map(clean, lines.splitlines()))))
    if len(patterns) > PATTERNS_AT_MOST:
        raise _wrong(_("%(most)s words at most.") % {"most": PATTERNS_AT_MOST})
    for pattern in patterns:
        if len(pattern) > PATTERN_LENGTH:
            raise _wrong(_("“%(word)s…” is too long.") % {"word": pattern[:20]})
        if " " in pattern:
            raise _wrong(_("“%(words)s”: one word in each line.") % {"words": pattern})
        if sum(letter.isalnum() for letter in pattern) < LETTERS_AT_LEAST:
            raise _wrong(_("“%(word)s” has too few letters.") % {"word": pattern})
    return "\n".join(patterns)


def _wrong(words: str) -> Invalid:
    return Invalid.field("content_filter", "invalid", words)
