"""OpenAPI: every operation also answers problems."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers


class FieldProblemSerializer(serializers.Serializer):
    """What is wrong with one field."""

    pointer = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class ProblemSerializer(serializers.Serializer):
    """A refusal (RFC 9457)."""

    type = serializers.CharField()
    code = serializers.CharField()
    status = serializers.IntegerField()
    title = serializers.CharField()
    detail = serializers.CharField()
    errors = FieldProblemSerializer(many=True, required=False)  # type: ignore[assignment]
    retry_after = serializers.FloatField(required=False)


class ProblemAwareSchema(AutoSchema):
    """Add the problem answer, the same for every refusal, to each operation."""

    def get_extensions(self) -> dict[str, Any]:
        """Say which scope an API token needs, if the operation takes one at all."""
        scope = getattr(self.view, "token_scope", None)
        return {**super().get_extensions(), **({"x-token-scope": str(scope)} if scope else {})}

    def get_auth(self) -> list[dict[str, list[str]]]:
        """Name the ways to be known, each of which is enough; tokens only where they are taken."""
        ways = [name for entry in super().get_auth() for name in entry]
        if not getattr(self.view, "token_scope", None):
            ways = [name for name in ways if name != "apiToken"]
        return [{name: []} for name in ways]

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies = super()._get_response_bodies(direction)
        problem = self._get_response_for_code(  # type: ignore[no-untyped-call]
            ProblemSerializer, "default", ["application/problem+json"]
        )
        problem["description"] = "A refusal; branch on `code`."
        return {**bodies, "default": problem}
