"""People, their logins and their API tokens in the admin."""

from typing import Any

from allauth.account.models import EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialApp, SocialToken
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from identity.models import ApiToken, Guest, User
from identity.services.users import disable_user, enable_user

# Google's client is set by the environment, no token of Google's is kept, and a second factor's secret
# (which allauth's own page would show) is nobody's business.
for model in (EmailConfirmation, SocialApp, SocialToken, Authenticator):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


class UserCreationForm(AdminUserCreationForm):
    """Django's form, with the e-mail as the login name."""

    class Meta:
        model = User
        fields = ("email", "display_name")


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    """People with an account."""

    add_form = UserCreationForm
    ordering = ("email",)
    list_display = ("email", "display_name", "is_staff", "is_active", "last_login", "created_at")
    list_filter = ("is_staff", "is_active")
    search_fields = ("email", "display_name", "name", "id")
    readonly_fields = ("name", "avatar", "active_space", "created_at", "updated_at", "last_login")
    fieldsets = (
        (None, {"fields": ("email", "display_name", "name", "avatar", "password")}),
        (_("Preferences"), {"fields": ("active_space", "language", "theme")}),
        (
            _("Rights"),
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        (_("Times"), {"fields": ("last_login", "created_at", "updated_at")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "display_name", "usable_password", "password1", "password2")}),
    )
    actions = ("disable", "enable")

    @admin.action(description=_("close these accounts"), permissions=["change"])
    def disable(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """End their login sessions, tokens, sockets and calls."""
        del request
        for user in users.filter(is_active=True):
            disable_user(user=user)

    @admin.action(description=_("open these accounts again"), permissions=["change"])
    def enable(self, request: HttpRequest, users: QuerySet[User]) -> None:
        """Let them log in again."""
        del request
        for user in users.filter(is_active=False):
            enable_user(user=user)

    def save_model(self, request: HttpRequest, user: User, form: Any, change: bool) -> None:  # noqa: FBT001 -- Django's
        """Save; a tick that was taken away closes the account as the action does."""
        super().save_model(request, user, form, change)
        if change and "is_active" in form.changed_data and not user.is_active:
            disable_user(user=user)

    def has_delete_permission(self, request: HttpRequest, user: Any = None) -> bool:
        """Accounts are closed, not deleted: spaces would lose their owners, and sessions their people."""
        del request, user
        return False


@admin.register(Guest)
class GuestAdmin(admin.ModelAdmin):
    """People without an account; what they were called is in their participant."""

    list_display = ("id", "created_at")
    search_fields = ("id",)
    readonly_fields = ("id", "created_at", "updated_at")
    fields = readonly_fields

    def has_add_permission(self, request: object) -> bool:
        """Guests are made by joining."""
        del request
        return False


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """Users' keys for programs; an operator may revoke them, and never sees one."""

    list_display = ("name", "user", "ending", "scopes", "expires_at", "revoked_at", "last_used_at")
    list_select_related = ("user",)
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    search_fields = ("name", "ending", "user__email", "user__display_name")
    fields = ("user", *list_display[:1], *list_display[2:], "created_at", "updated_at")
    readonly_fields = fields
    actions = ("revoke",)

    @admin.action(description=_("revoke these tokens"), permissions=["change"])
    def revoke(self, request: HttpRequest, tokens: QuerySet[ApiToken]) -> None:
        """Make them void at once."""
        del request
        tokens.filter(revoked_at=None).update(revoked_at=timezone.now(), updated_at=timezone.now())

    def has_add_permission(self, request: object) -> bool:
        """Users make their own."""
        del request
        return False


@admin.register(Authenticator)
class SecondFactorAdmin(admin.ModelAdmin):
    """Second factors without their secrets; deleting one lets in who has lost theirs."""

    list_display = ("user", "type", "created_at", "last_used_at")
    list_select_related = ("user",)
    list_filter = ("type",)
    search_fields = ("user__email", "user__display_name")
    fields = list_display
    readonly_fields = fields

    def has_add_permission(self, request: object) -> bool:
        """Only who holds the app can."""
        del request
        return False

    def has_change_permission(self, request: HttpRequest, factor: Any = None) -> bool:
        """There is nothing to change."""
        del request, factor
        return False
