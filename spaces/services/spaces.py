"""Making, changing, leading to and deleting spaces; everybody always has one."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils import translation
from django.utils.translation import gettext as _

from identity.models import User
from spaces.errors import LastSpace, ModeNotOffered, NotModerator, NotOwner, SpaceNotFound, TooManySpaces
from spaces.models import DESCRIPTION_LENGTH, NAME_LENGTH, Membership, Notification, Space
from spaces.rules import can_moderate, is_owner, modes_offered
from spaces.services.limits import checked_name, checked_text, limit_making
from spaces.services.locks import lock_members, lock_membership, lock_space, lock_users
from spaces.services.notifications import content_about, members_to_tell, notify
from spaces.services.pushes import push_added, push_removed, push_space, push_space_gone
from spaces.signals import space_deleting

Kind = Notification.Kind


def create_space(
    *, actor: User, name: str, description: str = "", mode: str = Space.Mode.SESSIONS_ONLY
) -> Space:
    """Make a space that is the actor's, and their active one.

    Raises Invalid, MessageFiltered, ModeNotOffered, TooManySpaces, RateLimited.
    """
    name = checked_name(name, field="name", at_most=NAME_LENGTH)
    description = checked_text(description, field="description", at_most=DESCRIPTION_LENGTH)
    _check_mode(mode)
    limit_making("space", actor)
    with transaction.atomic():
        (user,) = lock_users([actor.pk])
        refuse_one_too_many(user)
        space = Space.objects.create(name=name, description=description, mode=mode)
        Membership.objects.create(space=space, user=user, role=Membership.Role.OWNER)
        set_active(actor, space)
        push_added(space, actor.pk)
    return space


@transaction.atomic
def change_space(*, actor: User, space_id: UUID, fields: dict[str, Any]) -> Space:
    """Change name (the owner) or description (moderators too) of a space; what is absent stays.

    Raises SpaceNotFound, NotOwner, NotModerator, Invalid, MessageFiltered.
    """
    membership = lock_membership(actor, space_id)
    if not can_moderate(membership):
        raise NotModerator
    space, before = membership.space, membership.space.name
    rules = space.filter_rules
    if fields.get("name", before) != before:
        space.name = checked_name(fields["name"], field="name", at_most=NAME_LENGTH, rules=rules)
    if space.name != before and not is_owner(membership):
        raise NotOwner
    if "description" in fields:
        description = fields["description"]
        space.description = checked_text(
            description, field="description", at_most=DESCRIPTION_LENGTH, rules=rules
        )
    save_space(space, actor=actor, name_before=before, mode_before=space.mode)
    return space


@transaction.atomic
def change_mode(*, actor: User, space_id: UUID, mode: str) -> Space:
    """Change what the space is for; the owner alone. Raises SpaceNotFound, NotOwner, ModeNotOffered."""
    membership = lock_membership(actor, space_id)
    if not is_owner(membership):
        raise NotOwner
    _check_mode(mode)
    space, before = membership.space, membership.space.mode
    space.mode = mode
    save_space(space, actor=actor, name_before=space.name, mode_before=before)
    return space


@transaction.atomic
def save_space(space: Space, *, actor: User | None, name_before: str, mode_before: str) -> None:
    """Save a changed space, whoever may decide that, and tell its members."""
    space.save(update_fields=["name", "description", "mode", "updated_at"])
    members = members_to_tell(space)
    push_space(space, [user.pk for user in members])
    about = content_about(space, actor)
    if space.name != name_before:
        content = {**about, "name_before": name_before}
        notify(users=members, kind=Kind.RENAMED, content=content, space=space, but=actor)
    if space.mode != mode_before:
        content = {**about, "mode": space.mode}
        notify(users=members, kind=Kind.MODE_CHANGED, content=content, space=space, but=actor)


@transaction.atomic
def delete_space(*, actor: User, space_id: UUID) -> None:
    """Delete a space and all that is in it; the owner alone. Raises SpaceNotFound, NotOwner, LastSpace."""
    membership = lock_membership(actor, space_id)
    if not is_owner(membership):
        raise NotOwner
    lock_users([actor.pk, *_member_ids(membership.space)])
    if not Membership.objects.filter(user=actor).exclude(space=space_id).exists():
        raise LastSpace
    end_space(membership.space, actor=actor)


@transaction.atomic
def end_space(space: Space, *, actor: User | None) -> None:
    """Delete a space, whoever may decide that; nobody is left without one, and all are told."""
    space = lock_space(space.pk)
    users = lock_users(_member_ids(space))
    lock_members(space)
    about = content_about(space, actor)
    space_deleting.send(Space, space=space)
    space_id = space.pk
    push_space_gone(space_id)
    space.delete()
    push_removed(space_id, [user.pk for user in users])
    notify(users=users, kind=Kind.DELETED, content=about, but=actor)
    give_a_space(users)
    if actor is not None:  # what the caller holds is stale now
        actor.refresh_from_db(fields=["active_space"])


@transaction.atomic
def activate_space(*, actor: User, space_id: UUID) -> Space:
    """Let the actor's pages show this space; raises SpaceNotFound."""
    lock_users([actor.pk])
    space = Space.objects.visible_to(actor).filter(pk=space_id).first()
    if space is None:
        raise SpaceNotFound
    set_active(actor, space)
    return space


def active_space_of(user: User) -> Space | None:
    """Return the space that the user's pages show, another one if they are in that no more, or None.

    Who has none at all has just signed up.
    """
    if user.active_space_id is not None:
        active = Space.objects.visible_to(user).filter(pk=user.active_space_id).first()
        if active is not None:
            return active
    with transaction.atomic():
        lock_users([user.pk])
        space = Space.objects.visible_to(user).order_by("-memberships__created_at").first()
        set_active(user, space)
    return space


def spaces_of(user: User) -> list[Membership]:
    """Return where the user is a member, with the spaces, by name."""
    return list(Membership.objects.filter(user=user).select_related("space").order_by("space__name", "id"))


# For the other services of this app; the caller holds the users' locks -----


def set_active(user: User, space: Space | None) -> None:
    """Write which space the user's pages show."""
    if user.active_space_id != (space.pk if space else None):
        User.objects.filter(pk=user.pk).update(active_space=space)
        user.active_space = space


def refuse_one_too_many(user: User) -> None:
    """Raise TooManySpaces for who is in as many as one can be."""
    if Membership.objects.filter(user=user).count() >= settings.SPACES_PER_USER:
        raise TooManySpaces


def give_a_space(users: Iterable[User]) -> None:
    """Let each of these users, who have just lost one, have an active space: another one, or a new one."""
    users = list(users)
    memberships = Membership.objects.filter(user__in=users).order_by("created_at", "id")
    spaces = dict(memberships.values_list("user_id", "space_id"))
    homeless = [user for user in users if user.pk not in spaces]
    for user, space in _own_spaces(homeless):
        push_added(space, user.pk)
        spaces[user.pk] = space.pk
    still_there = _active_and_member(users)
    moved = [user for user in users if user.pk not in still_there]
    for user in moved:
        user.active_space_id = spaces[user.pk]
    User.objects.bulk_update(moved, ["active_space"], batch_size=500)


def _own_spaces(users: list[User]) -> list[tuple[User, Space]]:
    made = [(user, Space(name=_own_name(user))) for user in users]
    Space.objects.bulk_create([space for _user, space in made], batch_size=500)
    Membership.objects.bulk_create(
        [Membership(space=space, user=user, role=Membership.Role.OWNER) for user, space in made],
        batch_size=500,
    )
    return made


def _own_name(user: User) -> str:
    with translation.override(user.language or settings.LANGUAGE_CODE):
        return str(_("Space of %(name)s") % {"name": user.called})[:NAME_LENGTH]


def _active_and_member(users: list[User]) -> set[UUID]:
    active = Membership.objects.filter(user__in=users, user__active_space=F("space"))
    return set(active.values_list("user_id", flat=True))


def _member_ids(space: Space) -> list[UUID]:
    return list(space.memberships.values_list("user_id", flat=True))


def _check_mode(mode: str) -> None:
    if mode not in modes_offered():
        raise ModeNotOffered
