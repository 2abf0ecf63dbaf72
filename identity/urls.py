"""Addresses of `identity`: the API below /api/v1/, and the pages."""

from allauth.account import views as account_views
from allauth.mfa.base import views as mfa_views
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from allauth.socialaccount import views as social_views
from allauth.socialaccount.providers.google import views as google_views
from django.conf import settings
from django.urls import path

from identity import api
from identity.views import login, pictures, profile

api_urlpatterns = [path("tickets/", api.TicketsView.as_view(), name="tickets")]
if settings.ACCOUNTS:
    api_urlpatterns += [
        path("identity/profile/", api.ProfileView.as_view(), name="api-profile"),
        path("identity/avatar/", api.AvatarView.as_view(), name="api-avatar"),
        path("identity/tokens/", api.TokensView.as_view(), name="api-tokens"),
        path("identity/tokens/<uuid:token_id>/", api.TokenDetailView.as_view(), name="api-token"),
        path("identity/logout-everywhere/", api.LogoutEverywhereView.as_view(), name="api-logout-everywhere"),
    ]

# The names are those that allauth looks for. What of it nobody needs here (passwords, phones, a second
# e-mail, forms to sign up) has no address.
_login = [
    path("login/", login.login, name="account_login"),
    path("login/code/", login.confirm_code, name="account_confirm_login_code"),
    path("logout/", account_views.logout, name="account_logout"),
    path("account/inactive/", account_views.account_inactive, name="account_inactive"),
    path("account/reauthenticate/", account_views.reauthenticate, name="account_reauthenticate"),
]
_profile = [
    path("profile/", profile.profile, name="profile"),
    path("profile/picture/", profile.change_picture, name="profile-picture"),
    path("profile/tokens/", profile.add_token, name="profile-tokens"),
    path("profile/tokens/<uuid:token_id>/revoke/", profile.drop_token, name="profile-token-revoke"),
    path("profile/logout-everywhere/", profile.leave_everywhere, name="profile-logout-everywhere"),
    path("profile/google/disconnect/", profile.disconnect_google, name="profile-google-disconnect"),
]
_google = [
    path("account/google/login/", google_views.oauth2_login, name="google_login"),
    path("account/google/login/callback/", google_views.oauth2_callback, name="google_callback"),
    path("account/google/cancelled/", social_views.login_cancelled, name="socialaccount_login_cancelled"),
]
_second_factor = [
    path("account/2fa/", mfa_views.index, name="mfa_index"),
    path("account/2fa/authenticate/", mfa_views.authenticate, name="mfa_authenticate"),
    path("account/2fa/reauthenticate/", mfa_views.reauthenticate, name="mfa_reauthenticate"),
    path("account/2fa/totp/activate/", totp_views.activate_totp, name="mfa_activate_totp"),
    path("account/2fa/totp/deactivate/", totp_views.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/2fa/recovery-codes/", recovery_views.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "account/2fa/recovery-codes/generate/",
        recovery_views.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "account/2fa/recovery-codes/download/",
        recovery_views.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
]

urlpatterns = [
    path("i18n/setlang/", login.set_language, name="set_language"),
    path("media/avatars/<str:name>", pictures.avatar, name="avatar"),
]
if settings.ACCOUNTS:
    urlpatterns += [*_login, *_profile, *_second_factor]
    if settings.GOOGLE_LOGIN:
        urlpatterns += _google
