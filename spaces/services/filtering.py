"""What the members of a space do not want to read."""

from uuid import UUID

from nonza.content_filter import Rules
from spaces.models import Space


def rules_of(space_id: UUID | None) -> list[Rules]:
    """Return the rules of a space, beside which those of the installation hold; one query, none for none."""
    if space_id is None:
        return []
    found = Space.objects.filter(pk=space_id).exclude(content_filter="")
    return [Rules(*rules) for rules in found.values_list("content_filter", "content_filter_mode")]
