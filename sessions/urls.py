"""Addresses of `sessions`: the API below /api/v1/, and the pages."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from sessions import api
from sessions.views import front, listing


class CodeConverter(StringConverter):
    """What may be a session's code; Postgres refuses to look for a NUL."""

    regex = r"[^/\x00]+"


register_converter(CodeConverter, "code")

api_urlpatterns = [
    path("sessions/", api.SessionsView.as_view(), name="sessions"),
    path("sessions/<code:slug>/", api.SessionDetailView.as_view(), name="session-detail"),
    path("sessions/<code:slug>/join/", api.JoinView.as_view(), name="session-join"),
    path("sessions/<code:slug>/token/", api.TokenView.as_view(), name="session-token"),
    path("sessions/<code:slug>/leave/", api.LeaveView.as_view(), name="session-leave"),
    path("sessions/<code:slug>/end/", api.EndView.as_view(), name="session-end"),
    path("sessions/<code:slug>/statistics/", api.StatisticsView.as_view(), name="session-statistics"),
    path("sessions/<code:slug>/participants/", api.ParticipantsView.as_view(), name="participants"),
    path(
        "sessions/<code:slug>/participants/<uuid:participant_id>/",
        api.ParticipantDetailView.as_view(),
        name="participant-detail",
    ),
    path("livekit/webhook/", api.livekit_webhook, name="livekit-webhook"),
]

urlpatterns = [
    path("", front.front, name="front"),
    path("join/", front.join_by_code, name="join-by-code"),
    path("session/<code:slug>/", front.session_page, name="session"),
    path("call/<code:slug>/", front.call_redirect, name="call"),
    path("sessions/", listing.session_list, name="session-list"),
]
