"""Addresses of `sessions`: the API below /api/v1/, and the pages."""

from django.conf import settings
from django.urls import path, register_converter
from django.urls.converters import StringConverter

from sessions.api import channels, people, sessions, statistics, webhook
from sessions.views import front, listing
from sessions.views import statistics as figures


class CodeConverter(StringConverter):
    """What may be a session's code; Postgres refuses to look for a NUL."""

    regex = r"[^/\x00]+"


register_converter(CodeConverter, "code")

api_urlpatterns = [
    path("sessions/", sessions.SessionsView.as_view(), name="sessions"),
    path("sessions/<code:slug>/", sessions.SessionDetailView.as_view(), name="session-detail"),
    path("sessions/<code:slug>/join/", sessions.JoinView.as_view(), name="session-join"),
    path("sessions/<code:slug>/token/", sessions.TokenView.as_view(), name="session-token"),
    path("sessions/<code:slug>/leave/", sessions.LeaveView.as_view(), name="session-leave"),
    path("sessions/<code:slug>/end/", sessions.EndView.as_view(), name="session-end"),
    path("sessions/<code:slug>/statistics/", statistics.StatisticsView.as_view(), name="session-statistics"),
    path("sessions/<code:slug>/participants/", people.ParticipantsView.as_view(), name="participants"),
    path(
        "sessions/<code:slug>/participants/<uuid:participant_id>/",
        people.ParticipantDetailView.as_view(),
        name="participant-detail",
    ),
    path("livekit/webhook/", webhook.livekit_webhook, name="livekit-webhook"),
]

if settings.ACCOUNTS:
    api_urlpatterns += [
        path("channels/<uuid:channel_id>/join/", channels.ChannelJoinView.as_view(), name="channel-join"),
        path(
            "spaces/<uuid:space_id>/statistics/",
            statistics.SpaceStatisticsView.as_view(),
            name="space-statistics",
        ),
    ]

urlpatterns = [
    path("", front.front, name="front"),
    path("join/", front.join_by_code, name="join-by-code"),
    path("session/<code:slug>/", front.session_page, name="session"),
    path("call/<code:slug>/", front.call_redirect, name="call"),
    path("sessions/", listing.session_list, name="session-list"),
    path("sessions/<code:slug>/statistics/", figures.session_statistics, name="session-figures"),
    path("channels/<uuid:channel_id>/enter/", listing.channel_enter, name="channel-enter"),
    path("spaces/<uuid:space_id>/statistics/", figures.space_figures, name="space-figures"),
]
