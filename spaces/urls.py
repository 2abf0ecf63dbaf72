"""Addresses of `spaces`: the API below /api/v1/, and the pages."""

from django.urls import path

from spaces import api
from spaces.views import channels, invitations, members, news, places

_space = "spaces/<uuid:space_id>/"

api_urlpatterns = [
    path("spaces/", api.SpacesView.as_view(), name="api-spaces"),
    path(_space, api.SpaceView.as_view(), name="api-space"),
    path(f"{_space}active/", api.ActiveView.as_view(), name="api-space-active"),
    path(f"{_space}mode/", api.ModeView.as_view(), name="api-space-mode"),
    path(f"{_space}presence/", api.PresenceView.as_view(), name="api-space-presence"),
    path(f"{_space}membership/", api.MembershipView.as_view(), name="api-membership"),
    path(f"{_space}members/", api.MembersView.as_view(), name="api-members"),
    path(f"{_space}members/<uuid:member_id>/", api.MemberView.as_view(), name="api-member"),
    path(f"{_space}owner/", api.OwnerView.as_view(), name="api-space-owner"),
    path(f"{_space}invitations/", api.InvitationsView.as_view(), name="api-invitations"),
    path(f"{_space}invitations/<uuid:invitation_id>/", api.InvitationView.as_view(), name="api-invitation"),
    path("invitations/<slug:token>/", api.InvitationDoorView.as_view(), name="api-invitation-door"),
    path(f"{_space}channels/", api.ChannelsView.as_view(), name="api-channels"),
    path("channels/<uuid:channel_id>/", api.ChannelView.as_view(), name="api-channel"),
    path("notifications/", api.NotificationsView.as_view(), name="api-notifications"),
    path("notifications/read/", api.ReadView.as_view(), name="api-notifications-read"),
]

urlpatterns = [
    path("welcome/", places.welcome, name="welcome"),
    path("notifications/", news.news, name="notifications"),
    path("invite/<slug:token>/", invitations.invite, name="invite"),
    path("channels/<uuid:channel_id>/", channels.channel_page, name="channel"),
    path("spaces/new/", places.new_space, name="space-new"),
    path("spaces/active/", places.activate, name="space-activate"),
    path("spaces/<uuid:space_id>/", places.overview, name="space"),
    path("spaces/<uuid:space_id>/settings/", places.space_settings, name="space-settings"),
    path("spaces/<uuid:space_id>/members/", members.members, name="space-members"),
    path("spaces/<uuid:space_id>/invitations/", invitations.invitations, name="space-invitations"),
    path("spaces/<uuid:space_id>/channels/", channels.channels, name="space-channels"),
]
