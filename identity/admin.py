"""Users and guests in the admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.utils.translation import gettext_lazy as _

from identity.models import Guest, User


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
    list_display = ("email", "display_name", "is_staff", "is_active", "created_at")
    list_filter = ("is_staff", "is_active")
    search_fields = ("email", "display_name", "id")
    readonly_fields = ("created_at", "updated_at", "last_login")
    fieldsets = (
        (None, {"fields": ("email", "display_name", "password")}),
        (_("Preferences"), {"fields": ("language", "theme")}),
        (
            _("Rights"),
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        (_("Times"), {"fields": ("last_login", "created_at", "updated_at")}),
    )
    add_fieldsets = (
        (None, {"fields": ("email", "display_name", "usable_password", "password1", "password2")}),
    )


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
