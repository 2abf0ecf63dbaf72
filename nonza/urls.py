"""All addresses."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from identity.urls import api_urlpatterns as identity_api
from nonza.blur import blur_model
from nonza.health import healthz, readyz
from sessions.urls import api_urlpatterns as sessions_api
from spaces.urls import api_urlpatterns as spaces_api

# Without accounts there are neither spaces nor channels nor news of them.
_of_users = spaces_api if settings.ACCOUNTS else []
api = [*identity_api, *_of_users, *sessions_api, path("schema/", SpectacularAPIView.as_view(), name="schema")]
_chat = []
if settings.CHAT:
    from chat import urls as chat_urls

    api += [*chat_urls.api_urlpatterns, *(chat_urls.api_urlpatterns_of_users if settings.ACCOUNTS else [])]
    _chat = [path("", include(chat_urls))]

urlpatterns = [
    path("", include("sessions.urls")),
    path("", include("spaces.urls")),
    *_chat,
    path("api/v1/", include(api)),
    path("", include("identity.urls")),
    path("blur/<slug:digest>.tflite", blur_model, name="blur-model"),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
]

if settings.ACCOUNTS or not settings.ADMIN_NEEDS_MFA:
    # Without accounts there is no second factor, and production opens no admin without one.
    urlpatterns.append(path("admin/", admin.site.urls))
if settings.DEV_PAGES:
    from nonza.dev_pages import ui_kit

    urlpatterns.append(path("dev/ui/", ui_kit, name="ui-kit"))

handler400 = "nonza.errors.bad_request"
handler404 = "nonza.errors.not_found"
handler500 = "nonza.errors.server_error"
