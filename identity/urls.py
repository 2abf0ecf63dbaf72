"""Addresses of `identity` below /api/v1/."""

from django.urls import path

from identity.api import TicketsView

urlpatterns = [path("tickets/", TicketsView.as_view(), name="tickets")]
