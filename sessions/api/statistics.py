"""`…/statistics/`: what a session was like, and what a space's sessions were like, also as a table."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from identity.rules import current_user
from sessions.api.places import ParticipantAPIView, SessionAPIView
from sessions.api.tables import CsvRenderer, Row
from sessions.serializers import SpaceStatisticsSerializer, StatisticsSerializer
from sessions.services.space_statistics import space_statistics
from sessions.services.statistics import read_statistics

FORMAT = OpenApiParameter("format", enum=["json", "csv"], description="`csv` answers a table (text/csv).")
_PERSON = (
    "display_name", "kind", "role", "first_joined_at", "last_left_at", "joins", "rejoins", "reconnections",
    "in_call_seconds", "screen_share_seconds", "spoken_seconds", "speaking_share",
)  # fmt: skip
_SESSION = ("slug", "title", "started_at", "ended_at", "seconds", "people", "minutes", "peak")


class StatisticsView(ParticipantAPIView):
    """What the session was like."""

    renderer_classes = (JSONRenderer, CsvRenderer)
    table_name = "session"

    @extend_schema(responses=StatisticsSerializer, parameters=[FORMAT], tags=["sessions"])
    def get(self, request: Request, slug: str) -> Response:
        """Read the session's statistics, up to now or its end; for its hosts and its space's moderators."""
        statistics = read_statistics(standing=self.my_standing(request, slug))
        self.table_name = f"session-{statistics.started_at:%Y-%m-%d}" if statistics.started_at else "session"
        return Response(StatisticsSerializer(statistics).data)

    def table(self, statistics: dict[str, Any]) -> Iterator[Row]:
        """Yield a line for each person."""
        yield _PERSON
        for person in statistics["participants"]:
            yield [person[name] for name in _PERSON]


class SpaceStatisticsView(SessionAPIView):
    """What the sessions of a space were like."""

    renderer_classes = (JSONRenderer, CsvRenderer)
    table_name = "space"

    @extend_schema(
        responses=SpaceStatisticsSerializer,
        parameters=[
            OpenApiParameter("from", OpenApiTypes.DATE, description="The first day (UTC)."),
            OpenApiParameter("to", OpenApiTypes.DATE, description="The last day; 366 days at most."),
            FORMAT,
        ],
        tags=["sessions"],
    )
    def get(self, request: Request, space_id: UUID) -> Response:
        """Read a space's statistics; for its owner and moderators."""
        asked = {"from": request.query_params.get("from"), "to": request.query_params.get("to")}
        days = range_of(asked)
        statistics = space_statistics(actor=current_user(request), space_id=space_id, **days)
        self.table_name = f"space-{statistics.first}-{statistics.last}"
        return Response(SpaceStatisticsSerializer(statistics).data)

    def table(self, statistics: dict[str, Any]) -> Iterator[Row]:
        """Yield a line for each session."""
        yield _SESSION
        for session in statistics["sessions"]:
            yield [session[name] for name in _SESSION]


def range_of(asked: dict[str, str | None]) -> dict[str, Any]:
    """Return the days that an address asks for; raises ValidationError at `from` or `to`."""
    shape = serializers.DateField()
    days = {}
    for name, key in (("from", "first"), ("to", "last")):
        if asked[name]:
            try:
                days[key] = shape.run_validation(asked[name])
            except serializers.ValidationError as error:
                raise serializers.ValidationError({name: error.detail}) from None
    return days
