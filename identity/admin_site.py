"""The door of the Django admin: the same login as everywhere, and a second factor where that is asked for."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.admin import AdminSite as DjangoAdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from identity.client_ip import client_ip, client_prefix
from nonza.errors import RateLimited
from nonza.rate_limits import buckets, consume


class AdminSite(DjangoAdminSite):
    """Nonza's admin."""

    def has_permission(self, request: HttpRequest) -> bool:
        """Let in staff; in production, those whose login took a second factor."""
        return super().has_permission(request) and not _lacks_second_factor(request)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to the login of the site; a password counts only where nobody else logs in."""
        if not settings.ACCOUNTS:
            return self._login_by_password(request, extra_context)
        wanted = request.GET.get("next") or request.get_full_path()
        if not request.user.is_authenticated:
            return redirect_to_login(wanted, settings.LOGIN_URL)
        if not super().has_permission(request):
            raise PermissionDenied
        if _lacks_second_factor(request):
            if is_mfa_enabled(request.user, [Authenticator.Type.TOTP]):
                return redirect_to_login(wanted, reverse("mfa_reauthenticate"))
            return redirect("mfa_activate_totp")
        return redirect("admin:index")

    def _login_by_password(self, request: HttpRequest, extra_context: dict[str, Any] | None) -> HttpResponse:
        rates = settings.RATES["login_code"]
        try:
            if request.method == "POST":
                consume(
                    *buckets(f"admin_login:ip:{client_prefix(client_ip(request))}", rates),
                    *buckets(f"admin_login:email:{request.POST.get('username', '').lower()}", rates),
                )
        except RateLimited as refusal:
            return HttpResponse(refusal.title, status=refusal.status, headers=refusal.headers())
        return super().login(request, extra_context)


def _lacks_second_factor(request: HttpRequest) -> bool:
    """Say whether this very login has not shown the second factor: another one's does not count for it.

    It has shown it when it began, when it switched the factor on, or when it was asked for it later.
    """
    if not settings.ADMIN_NEEDS_MFA:
        return False
    shown = get_authentication_records(request, request.user)
    return not (
        is_mfa_enabled(request.user, [Authenticator.Type.TOTP])
        and any(record["method"] == "mfa" for record in shown)
    )
