"""Addresses of `chat`: the API below /api/v1/, and the files."""

from django.urls import path

from chat.api import channels, files, reading, reports, search, session_messages
from chat.views import files as file_views
from chat.views import reports as report_pages

_channel = "channels/<uuid:channel_id>/"
_space = "spaces/<uuid:space_id>/"
_session = "sessions/<code:slug>/"  # the converter is of `sessions.urls`
_message = f"{_channel}messages/<uuid:message_id>/"

# Text channels are in spaces, and spaces are of users.
api_urlpatterns_of_users = [
    path(f"{_channel}messages/", channels.MessagesView.as_view(), name="api-messages"),
    path(_message, channels.MessageView.as_view(), name="api-message"),
    path(f"{_message}reactions/", channels.ReactionsView.as_view(), name="api-reactions"),
    path(f"{_message}pin/", channels.PinView.as_view(), name="api-pin"),
    path(f"{_message}report/", reports.ChannelReportView.as_view(), name="api-report-message"),
    path(f"{_channel}pins/", channels.PinsView.as_view(), name="api-pins"),
    path(f"{_channel}typing/", channels.TypingView.as_view(), name="api-typing"),
    path(f"{_channel}read/", reading.ReadView.as_view(), name="api-read"),
    path(f"{_channel}attachments/", files.AttachmentsView.as_view(), name="api-attachments"),
    path("spaces/<uuid:space_id>/mentionable/", reading.MentionableView.as_view(), name="api-mentionable"),
    path(f"{_space}reports/", reports.ReportsView.as_view(), name="api-reports"),
    path(f"{_space}reports/<uuid:report_id>/", reports.ReportView.as_view(), name="api-report"),
    path("spaces/<uuid:space_id>/search/", search.SearchView.as_view(), name="api-search"),
]
# The chat of a session is for everybody who is in it.
api_urlpatterns = [
    path(f"{_session}messages/", session_messages.SessionMessagesView.as_view(), name="api-session-messages"),
    path(
        f"{_session}messages/<uuid:message_id>/",
        session_messages.SessionMessageView.as_view(),
        name="api-session-message",
    ),
    path(
        f"{_session}messages/<uuid:message_id>/report/",
        reports.SessionReportView.as_view(),
        name="api-report-session-message",
    ),
    path(f"{_session}typing/", session_messages.SessionTypingView.as_view(), name="api-session-typing"),
]

urlpatterns = [
    path(f"{_space}reports/", report_pages.reports, name="space-reports"),
    path("attachments/<uuid:attachment_id>/preview", file_views.preview, name="attachment-preview"),
    path("attachments/<uuid:attachment_id>/<str:name>", file_views.attachment, name="attachment"),
]
