"""Fields of serializers that more than one app has."""

from typing import Any

from rest_framework import serializers

from nonza.names import clean


class CleanNameField(serializers.CharField):
    """A name or title: cleaned before it is measured."""

    def to_internal_value(self, value: Any) -> str:
        """Return the cleaned name; refuses one that is empty after cleaning."""
        name = clean(super().to_internal_value(value))
        if not name and not self.allow_blank:
            self.fail("blank")
        return name
