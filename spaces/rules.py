"""Who may do what in a space, and what this installation offers."""

from django.apps import apps

from spaces.models import Channel, Membership, Space

Role = Membership.Role


def is_owner(membership: Membership) -> bool:
    """Say whether the space is theirs: to rename, to change its mode, to hand over and to delete."""
    return membership.role == Role.OWNER


def can_moderate(membership: Membership) -> bool:
    """Say whether they may describe the space, invite members, and make and order channels."""
    return membership.role in {Role.OWNER, Role.MODERATOR}


def can_invite(membership: Membership, role: str) -> bool:
    """Say whether they may invite people who get this role; nobody is invited as an owner."""
    if role == Role.MODERATOR:
        return is_owner(membership)
    return role == Role.MEMBER and can_moderate(membership)


def can_remove(membership: Membership, other: Membership) -> bool:
    """Say whether they may remove another one: the owner anybody, a moderator whoever is only a member."""
    if is_owner(membership):
        return membership.pk != other.pk
    return can_moderate(membership) and other.role == Role.MEMBER


def modes_offered() -> list[str]:
    """Return the modes that a space can have here: tasks only where there is the app of tasks."""
    if apps.is_installed("tasks"):
        return [mode.value for mode in Space.Mode]
    return [Space.Mode.SESSIONS_ONLY.value]


def channel_types_offered() -> list[str]:
    """Return the types that a channel can have here: text only where there is the app of messages."""
    calls = [Channel.Type.VOICE.value, Channel.Type.VIDEO.value]
    return [Channel.Type.TEXT.value, *calls] if apps.is_installed("chat") else calls
