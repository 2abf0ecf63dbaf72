"""Reporting messages, and what moderators do about reports."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from chat.api.base import MemberAPIView, checked
from chat.api.session_messages import SessionChatView
from chat.models import Report
from chat.serializers import (
    MyReportSerializer,
    ReportHandleSerializer,
    ReportSendSerializer,
    ReportSerializer,
)
from chat.services import reports
from nonza.pages import NewestFirst

_SENT = {HTTPStatus.CREATED: MyReportSerializer, HTTPStatus.OK: MyReportSerializer}


@extend_schema(tags=["chat"])
class ChannelReportView(MemberAPIView):
    """Reporting a message of a text channel."""

    @extend_schema(request=ReportSendSerializer, responses=_SENT)
    def post(self, request: Request, channel_id: UUID, message_id: UUID) -> Response:
        """Ask the moderators to look at a message; a person reports it once (200: they have before)."""
        fields = checked(ReportSendSerializer, request.data)
        user = self.user()
        return _answer(
            reports.report_in_channel(actor=user, channel_id=channel_id, message_id=message_id, **fields)
        )


@extend_schema(tags=["chat"])
class SessionReportView(SessionChatView):
    """Reporting a message of a session."""

    @extend_schema(request=ReportSendSerializer, responses=_SENT)
    def post(self, request: Request, slug: str, message_id: UUID) -> Response:
        """Ask those who keep order to look at a message; a person reports it once (200: they have before)."""
        participant = self.my_place(slug)
        fields = checked(ReportSendSerializer, request.data)
        return _answer(reports.report_in_session(participant=participant, message_id=message_id, **fields))


@extend_schema(tags=["chat"])
class ReportsView(MemberAPIView, ListAPIView):
    """The reports in a space."""

    serializer_class = ReportSerializer
    pagination_class = NewestFirst
    queryset = Report.objects.none()

    def get_queryset(self) -> Any:
        """Return all reports, the newest first; for the owner and the moderators."""
        if getattr(self, "swagger_fake_view", False):
            return self.queryset
        return reports.reports_of(actor=self.user(), space_id=self.kwargs["space_id"])


@extend_schema(tags=["chat"])
class ReportView(MemberAPIView):
    """One report."""

    @extend_schema(request=ReportHandleSerializer, responses=ReportSerializer)
    def patch(self, request: Request, space_id: UUID, report_id: UUID) -> Response:
        """Dismiss it, or delete the message; the other reports of the message are answered too."""
        user = self.user()
        fields = checked(ReportHandleSerializer, request.data)
        report = reports.handle_report(actor=user, space_id=space_id, report_id=report_id, **fields)
        return Response(ReportSerializer(report).data)


def _answer(outcome: tuple[Report, bool]) -> Response:
    report, is_new = outcome
    return Response(MyReportSerializer(report).data, HTTPStatus.CREATED if is_new else HTTPStatus.OK)
