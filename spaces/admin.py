"""Spaces and what is in them in the admin; what is changed here goes the way of everybody else's changes."""

from typing import Any, ClassVar, cast

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from identity.models import User
from spaces.models import Channel, Invitation, Membership, Notification, Space
from spaces.rules import modes_offered
from spaces.services.channels import end_channel, save_channel
from spaces.services.invitations import close_invitation
from spaces.services.members import add_member, end_membership, make_owner, set_role
from spaces.services.spaces import end_space, save_space


def asking(request: HttpRequest) -> User:
    """Return who is at work in the admin."""
    return cast("User", request.user)


class MadeByPeople(admin.ModelAdmin):
    """Rows that come about elsewhere, and are listed in pages."""

    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        """They are made by people."""
        del request
        return False


class SpaceForm(forms.ModelForm):
    """What an admin changes of a space."""

    class Meta:
        model = Space
        fields = ("name", "description", "mode")

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        offered = {*modes_offered(), self.instance.mode}
        self.fields["mode"].choices = [  # type: ignore[attr-defined]
            choice for choice in Space.Mode.choices if choice[0] in offered
        ]


@admin.register(Space)
class SpaceAdmin(MadeByPeople):
    """Spaces, with how many are in them."""

    form = SpaceForm
    list_display = ("name", "mode", "people", "rooms", "created_at")
    list_filter = ("mode", "created_at")
    search_fields = ("name", "id", "memberships__user__email")
    readonly_fields = ("id", "created_at", "updated_at")
    ordering = ("-created_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Space]:
        """Count members and channels."""
        spaces: QuerySet[Space] = super().get_queryset(request)
        return spaces.annotate(
            members_count=Count("memberships", distinct=True), channels_count=Count("channels", distinct=True)
        )

    @admin.display(description=_("members"))
    def people(self, space: Space) -> int:
        """Return how many are members."""
        return int(space.members_count)  # type: ignore[attr-defined]

    @admin.display(description=_("channels"))
    def rooms(self, space: Space) -> int:
        """Return how many channels it has."""
        return int(space.channels_count)  # type: ignore[attr-defined]

    def save_model(self, request: HttpRequest, obj: Space, form: Any, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        """Change it as its owner would."""
        del change
        before = {name: form.initial[name] for name in ("name", "mode")}
        save_space(obj, actor=asking(request), name_before=before["name"], mode_before=before["mode"])

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Whoever may delete a space may delete what is in it, its owner's membership too."""
        listed, counts, _denied, protected = super().get_deleted_objects(objs, request)
        return listed, counts, set(), protected

    def delete_model(self, request: HttpRequest, obj: Space) -> None:
        """Delete it as its owner would: nobody is left without a space."""
        end_space(obj, actor=asking(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Space]) -> None:
        """Delete the chosen ones as their owners would."""
        for space in list(queryset):
            self.delete_model(request, space)


@admin.register(Membership)
class MembershipAdmin(admin.ModelAdmin):
    """Members; who becomes the owner makes a moderator of who was it before."""

    list_display = ("user", "space", "role", "muted", "last_seen_at", "created_at")
    list_filter = ("role", "created_at")
    search_fields = ("user__email", "user__display_name", "space__name", "id")
    list_select_related = ("user", "space")
    autocomplete_fields: ClassVar = ("user", "space")
    fields = ("space", "user", "role")
    list_per_page = 50

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Nobody becomes somebody else."""
        del request
        return ("space", "user") if obj else ()

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest | None, **options: Any) -> Any:
        """Whoever is added is no owner yet."""
        if request is not None and request.path.endswith("/add/"):
            options["choices"] = [
                choice for choice in Membership.Role.choices if choice[0] != Membership.Role.OWNER
            ]
        return super().formfield_for_choice_field(db_field, request, **options)  # type: ignore[arg-type]

    def save_model(self, request: HttpRequest, obj: Membership, form: Any, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        """Add somebody, or give them another role."""
        if not change:
            add_member(obj, actor=asking(request))
        elif not form.changed_data:
            return
        elif obj.role == Membership.Role.OWNER:
            make_owner(obj, actor=asking(request))
        else:
            set_role(obj, obj.role, actor=asking(request))

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """An owner stops being one when another one is made."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.role != Membership.Role.OWNER)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A space keeps its owner."""
        allowed = super().has_delete_permission(request, obj)
        return allowed and (obj is None or obj.role != Membership.Role.OWNER)

    def delete_model(self, request: HttpRequest, obj: Membership) -> None:
        """Remove them as the owner would."""
        end_membership(obj, actor=asking(request))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Membership]) -> None:
        """Remove the chosen ones as their owners would; with an owner among them, Django refuses before."""
        for membership in list(queryset.select_related("user", "space")):
            self.delete_model(request, membership)


@admin.register(Invitation)
class InvitationAdmin(MadeByPeople):
    """Links into spaces; the link itself is for those who make it."""

    list_display = (
        "space",
        "role",
        "note",
        "state",
        "uses",
        "max_uses",
        "expires_at",
        "created_by",
        "created_at",
    )
    list_filter = ("role", "created_at")
    search_fields = ("space__name", "note", "created_by__email", "id")
    list_select_related = ("space", "created_by")
    fields = (
        "id", "space", "role", "note", "state", "uses", "max_uses", "expires_at", "revoked_at", "created_by",
    )  # fmt: skip
    readonly_fields = fields
    actions = ("revoke",)

    @admin.action(description=_("Revoke"))
    def revoke(self, request: HttpRequest, queryset: QuerySet[Invitation]) -> None:
        """End the chosen ones."""
        del request
        for invitation in queryset:
            close_invitation(invitation)


class ChannelForm(forms.ModelForm):
    """What an admin changes of a channel."""

    class Meta:
        model = Channel
        fields = ("name", "topic", "max_participants")


@admin.register(Channel)
class ChannelAdmin(MadeByPeople):
    """Channels."""

    form = ChannelForm
    list_display = ("name", "space", "type", "max_participants", "position", "created_at")
    list_filter = ("type", "created_at")
    search_fields = ("name", "topic", "space__name", "id")
    list_select_related = ("space",)
    fields = ("space", "type", "name", "topic", "max_participants")
    readonly_fields = ("space", "type")

    def save_model(self, request: HttpRequest, obj: Channel, form: Any, change: bool) -> None:  # noqa: FBT001 -- Django's signature
        """Change it as a moderator would."""
        del request, change
        save_channel(obj, {name: form.cleaned_data[name] for name in form.changed_data})

    def delete_model(self, request: HttpRequest, obj: Channel) -> None:
        """Delete it as a moderator would."""
        del request
        end_channel(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Channel]) -> None:
        """Delete the chosen ones as moderators would."""
        for channel in list(queryset.select_related("space")):
            self.delete_model(request, channel)


@admin.register(Notification)
class NotificationAdmin(MadeByPeople):
    """What people were told."""

    list_display = ("user", "kind", "space", "read_at", "created_at")
    list_filter = ("kind", "created_at")
    search_fields = ("user__email", "space__name", "id")
    list_select_related = ("user", "space")
    fields = ("user", "kind", "space", "content", "read_at", "created_at")
    readonly_fields = fields

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """What was said was said."""
        del request, obj
        return False
