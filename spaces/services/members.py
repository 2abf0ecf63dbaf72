"""Members: who is one, their roles, leaving, being removed, and handing the space over."""

from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from identity.models import User
from identity.rules import Actor
from identity.services.tickets import redeem_tickets
from nonza.errors import CredentialRequired, Invalid, NonzaError
from nonza.names import clean
from spaces.errors import MemberNotFound, NotModerator, NotOwner, OwnerMustStay, SpaceNotFound
from spaces.models import Invitation, Membership, Notification, Space
from spaces.rules import can_moderate, can_remove, is_owner
from spaces.services.locks import lock_membership, lock_space, lock_users
from spaces.services.notifications import content_about, notify
from spaces.services.pushes import (
    push_added,
    push_member,
    push_member_gone,
    push_own_space,
    push_removed,
    push_silence,
)
from spaces.services.spaces import give_a_space
from spaces.signals import membership_changed, membership_ended

Role, Kind = Membership.Role, Notification.Kind
GRANTED = {Role.MODERATOR, Role.MEMBER}


def membership_of(*, actor: User, space_id: UUID) -> Membership:
    """Return the actor's membership in a space, with the space; raises SpaceNotFound to a stranger."""
    found = Membership.objects.select_related("space").filter(space=space_id, user=actor).first()
    if found is None:
        raise SpaceNotFound
    found.user = actor
    return found


def members_of_tickets(shown: list[tuple[str, str, UUID]]) -> list[Membership | NonzaError]:
    """Return for each ticket, shown at a path, its holder's membership in a space, or why there is none.

    Two queries for all of them.
    """
    holders = redeem_tickets([(ticket, path) for ticket, path, _space_id in shown])
    users = [holder.user if isinstance(holder, Actor) else None for holder in holders]
    memberships = Membership.objects.filter(
        space__in={space_id for _ticket, _path, space_id in shown}, user__in=[user for user in users if user]
    )
    pairs = {(membership.space_id, membership.user_id): membership for membership in memberships}
    found: list[Membership | NonzaError] = []
    for holder, user, (_ticket, _path, space_id) in zip(holders, users, shown, strict=True):
        if user is None:
            found.append(holder if isinstance(holder, NonzaError) else CredentialRequired())
            continue
        membership = pairs.get((space_id, user.pk))
        if membership is not None:
            membership.user = user
        found.append(membership or SpaceNotFound())
    return found


def are_members(asked: list[tuple[UUID, str]]) -> list[bool]:
    """Say of each membership whether it holds, and its user may log in and has not logged out since.

    The second of each pair is the user's stamp of then; one query for all of them.
    """
    found = Membership.objects.filter(pk__in=[pk for pk, _stamp in asked], user__is_active=True)
    holding = set(found.values_list("pk", "user__login_stamp"))
    return [pair in holding for pair in asked]


def members_of(space: Space, query: str = "") -> QuerySet[Membership]:
    """Return the members, the first who came first, with their users; of a name, if one is looked for."""
    members = Membership.objects.filter(space=space).select_related("user").order_by("created_at", "id")
    wanted = clean(query)
    if not wanted:
        return members
    # SQLite folds only ASCII: a Russian name is looked for as it was typed, in small letters and as a name.
    likenesses = {wanted, wanted.lower(), wanted.title()}
    matches = Q(user__display_name__icontains=wanted)
    for likeness in likenesses:
        matches |= Q(user__display_name__contains=likeness)
    return members.filter(matches)


@transaction.atomic
def change_role(*, actor: User, space_id: UUID, member_id: UUID, role: str) -> Membership:
    """Make a member a moderator, or a moderator a member; the owner alone.

    Raises SpaceNotFound, NotOwner, MemberNotFound, OwnerMustStay, Invalid.
    """
    membership = lock_membership(actor, space_id)
    if not is_owner(membership):
        raise NotOwner
    if role not in GRANTED:
        raise Invalid.field("role", "invalid_choice", _("An owner is made by handing over."))
    member = _member(membership.space, member_id)
    if is_owner(member):
        raise OwnerMustStay
    if member.role != role:
        set_role(member, role, actor=actor)
    return member


def remove_member(*, actor: User, space_id: UUID, member_id: UUID) -> None:
    """Remove somebody: the owner anybody, a moderator who is only a member; oneself is leaving.

    Raises SpaceNotFound, MemberNotFound, NotOwner, NotModerator, OwnerMustStay.
    """
    with transaction.atomic():
        membership = lock_membership(actor, space_id)
        member = membership if membership.pk == member_id else _member_for(membership, member_id)
        if is_owner(member) and member.pk == membership.pk:
            raise OwnerMustStay
        if member.pk != membership.pk and not can_remove(membership, member):
            raise NotOwner
        end_membership(member, actor=actor)
    if member.user_id == actor.pk:
        actor.refresh_from_db(fields=["active_space"])


def leave_space(*, actor: User, space_id: UUID) -> None:
    """Leave a space; its owner hands it over first. Raises SpaceNotFound, OwnerMustStay."""
    with transaction.atomic():
        membership = lock_membership(actor, space_id)
        if is_owner(membership):
            raise OwnerMustStay
        end_membership(membership, actor=actor)
    actor.refresh_from_db(fields=["active_space"])


@transaction.atomic
def hand_over(*, actor: User, space_id: UUID, member_id: UUID) -> Membership:
    """Make another member the owner; the actor stays as a moderator. Return the new owner.

    Raises SpaceNotFound, NotOwner, MemberNotFound.
    """
    membership = lock_membership(actor, space_id)
    if not is_owner(membership):
        raise NotOwner
    member = _member(membership.space, member_id)
    if member.pk != membership.pk:
        make_owner(member, actor=actor)
    return member


@transaction.atomic
def mute_space(*, actor: User, space_id: UUID, muted: bool) -> Membership:
    """Say whether the actor wants no news of calls from a space; raises SpaceNotFound."""
    membership = membership_of(actor=actor, space_id=space_id)
    if membership.muted != muted:
        membership.muted = muted
        membership.save(update_fields=["muted", "updated_at"])
        push_own_space(membership.space, actor.pk)
    return membership


def note_seen(membership_ids: list[UUID]) -> list[None]:
    """Note that these members have just been here."""
    Membership.objects.filter(pk__in=membership_ids).update(last_seen_at=timezone.now())
    return [None] * len(membership_ids)


@transaction.atomic
def silence(user: User, code: int) -> None:
    """Close all sockets of somebody whose logins have ended, on commit."""
    push_silence(user.pk, Membership.objects.filter(user=user).values_list("pk", flat=True), code)


@transaction.atomic
def show_anew(user: User) -> None:
    """Show everybody who has one of a user's spaces open what the user is called and looks like now."""
    for membership in Membership.objects.filter(user=user).select_related("space"):
        membership.user = user
        push_member("changed", membership)


# Whoever may decide it; the admin calls these ------------------------------


@transaction.atomic
def add_member(member: Membership, *, actor: User | None) -> None:
    """Save a new membership, and tell everybody whom it concerns."""
    lock_space(member.space_id)
    member.save()
    push_member("added", member)
    push_added(member.space, member.user_id)
    content = content_about(member.space, actor)
    notify(users=[member.user], kind=Kind.ADDED, content=content, space=member.space, but=actor)


@transaction.atomic
def make_owner(member: Membership, *, actor: User | None) -> None:
    """Make this member the owner; who was it before is a moderator now."""
    space = lock_space(member.space_id)
    former = space.memberships.select_related("user").filter(role=Role.OWNER).first()
    if former is not None and former.pk != member.pk:
        former.space = space
        set_role(former, Role.MODERATOR, actor=actor)
    set_role(member, Role.OWNER, actor=actor)


@transaction.atomic
def set_role(member: Membership, role: str, *, actor: User | None) -> None:
    """Give a member another role, and say so."""
    member.role = role
    member.save(update_fields=["role", "updated_at"])
    membership_changed.send(Membership, membership=member)
    push_member("changed", member)
    push_own_space(member.space, member.user_id)
    content = content_about(member.space, actor, role=role)
    notify(users=[member.user], kind=Kind.ROLE_CHANGED, content=content, space=member.space, but=actor)


@transaction.atomic
def end_membership(member: Membership, *, actor: User | None) -> None:
    """End a membership: the person hears nothing more of the space, and has another one."""
    space, user = member.space, member.user
    lock_space(space.pk)
    lock_users([user.pk])
    push_member_gone(member)
    if not Membership.objects.filter(pk=member.pk).delete()[0]:
        return  # somebody else was faster
    if actor is None or actor.pk != user.pk:  # else they would let themselves in again
        _revoke_links_of(user, space)
    membership_ended.send(Membership, user=user, space=space)
    push_removed(space.pk, [user.pk])
    content = content_about(space, actor)
    notify(users=[user], kind=Kind.REMOVED, content=content, but=actor)
    give_a_space([user])


def _revoke_links_of(user: User, space: Space) -> None:
    now = timezone.now()
    theirs = Invitation.objects.filter(space=space, created_by=user, revoked_at=None)
    theirs.update(revoked_at=now, updated_at=now)


def _member_for(membership: Membership, member_id: UUID) -> Membership:
    """Return the member whom this one wants to remove; raises NotModerator before it tells who is there."""
    if not can_moderate(membership):
        raise NotModerator
    return _member(membership.space, member_id)


def _member(space: Space, member_id: UUID) -> Membership:
    member = Membership.objects.select_related("user").filter(space=space, pk=member_id).first()
    if member is None:
        raise MemberNotFound
    member.space = space
    return member
