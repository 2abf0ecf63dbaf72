"""Addresses of `sessions`: the API below /api/v1/, and the pages."""

from django.urls import path

from sessions import api, views

api_urlpatterns = [
    path("sessions/", api.SessionsView.as_view(), name="sessions"),
    path("sessions/<str:slug>/", api.SessionDetailView.as_view(), name="session-detail"),
    path("sessions/<str:slug>/join/", api.JoinView.as_view(), name="session-join"),
    path("sessions/<str:slug>/token/", api.TokenView.as_view(), name="session-token"),
    path("sessions/<str:slug>/leave/", api.LeaveView.as_view(), name="session-leave"),
    path("sessions/<str:slug>/end/", api.EndView.as_view(), name="session-end"),
    path("sessions/<str:slug>/participants/", api.ParticipantsView.as_view(), name="participants"),
    path(
        "sessions/<str:slug>/participants/<uuid:participant_id>/",
        api.ParticipantDetailView.as_view(),
        name="participant-detail",
    ),
    path("livekit/webhook/", api.livekit_webhook, name="livekit-webhook"),
]

urlpatterns = [
    path("", views.front, name="front"),
    path("join/", views.join_by_code, name="join-by-code"),
    path("session/<str:slug>/", views.session_page, name="session"),
    path("call/<str:slug>/", views.call_redirect, name="call"),
]
