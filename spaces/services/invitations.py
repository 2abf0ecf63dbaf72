"""Invitations: links that let people in, for a while and so many of them."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from identity.models import User
from nonza.errors import Invalid
from spaces.errors import InvitationNotFound, NotModerator, NotOwner, SpaceNotFound, TooManyInvitations
from spaces.models import NOTE_LENGTH, Invitation, Membership, Notification, Space
from spaces.rules import can_invite, can_moderate
from spaces.services.limits import checked_text, limit_making, refuse_guessing, unknown_invitation
from spaces.services.locks import lock_membership, lock_space, lock_users
from spaces.services.members import membership_of
from spaces.services.notifications import content_about, notify
from spaces.services.pushes import push_added, push_member
from spaces.services.spaces import refuse_one_too_many, set_active


def create_invitation(
    *,
    actor: User,
    space_id: UUID,
    role: str,
    expires_at: datetime | None,
    max_uses: int | None,
    note: str = "",
) -> Invitation:
    """Make a link into a space: of any role by the owner, of plain members by moderators.

    Raises SpaceNotFound, NotModerator, NotOwner, Invalid, TooManyInvitations, RateLimited.
    """
    note = checked_text(note, field="note", at_most=NOTE_LENGTH)
    with transaction.atomic():
        membership = lock_membership(actor, space_id)
        _check(membership, role, expires_at, max_uses)
        limit_making("invitation", actor)
        still_open = Invitation.objects.filter(space=space_id).open(timezone.now())
        if still_open.count() >= settings.INVITATIONS_PER_SPACE:
            raise TooManyInvitations
        return Invitation.objects.create(
            space=membership.space,
            role=role,
            expires_at=expires_at,
            max_uses=max_uses,
            note=note,
            created_by=actor,
        )


def invitations_of(*, actor: User, space_id: UUID) -> QuerySet[Invitation]:
    """Return the invitations of a space, the newest first; raises SpaceNotFound, NotModerator.

    `shown` says whether the link may be seen: whoever sees it can pass it on, and so let in by it.
    """
    membership = membership_of(actor=actor, space_id=space_id)
    if not can_moderate(membership):
        raise NotModerator
    invitations = Invitation.objects.filter(space=membership.space).select_related("created_by", "space")
    theirs = [role for role in Membership.Role.values if can_invite(membership, role)]
    return invitations.annotate(shown=Q(role__in=theirs)).order_by("-created_at", "id")


@transaction.atomic
def revoke_invitation(*, actor: User, space_id: UUID, invitation_id: UUID) -> Invitation:
    """End an invitation; one that makes moderators ends by the owner alone. Once more does nothing.

    Raises SpaceNotFound, NotModerator, NotOwner, InvitationNotFound.
    """
    membership = lock_membership(actor, space_id)
    if not can_moderate(membership):
        raise NotModerator
    invitation = Invitation.objects.filter(space=space_id, pk=invitation_id).first()
    if invitation is None:
        raise InvitationNotFound
    if not can_invite(membership, invitation.role):
        raise NotOwner
    close_invitation(invitation)
    return invitation


def close_invitation(invitation: Invitation) -> None:
    """End an invitation, whoever may decide that."""
    if invitation.revoked_at is None:
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at", "updated_at"])


def preview_invitation(*, token: str, ip: str) -> Invitation:
    """Return an invitation that lets somebody in, with its space and maker, and `members_count`.

    Raises InvitationNotFound, alike for unknown, revoked, expired and used ones; such tries are
    counted (RateLimited).
    """
    refuse_guessing(ip)
    rows = Invitation.objects.open(timezone.now()).select_related("space", "created_by")
    invitation = rows.filter(token=token).first()
    if invitation is None:
        raise unknown_invitation(ip)
    count = Membership.objects.filter(space=invitation.space).count()
    invitation.members_count = count  # type: ignore[attr-defined]
    return invitation


def accept_invitation(*, actor: User, token: str, ip: str) -> Membership:
    """Become a member; who is one already stays what they are, and uses nothing up.

    The space is the actor's active one then. Raises InvitationNotFound, TooManySpaces, RateLimited.
    """
    refuse_guessing(ip)
    invitation = Invitation.objects.select_related("created_by").filter(token=token).first()
    if invitation is None:
        raise unknown_invitation(ip)
    try:
        return _accept(actor, invitation)
    except (InvitationNotFound, SpaceNotFound):
        raise unknown_invitation(ip) from None


@transaction.atomic
def _accept(actor: User, invitation: Invitation) -> Membership:
    space = lock_space(invitation.space_id)
    (user,) = lock_users([actor.pk])
    membership = Membership.objects.filter(space=space, user=user).first()
    if membership is None:
        membership = _let_in(user, space, invitation)
        _tell(membership, invitation)
    membership.space, membership.user = space, actor
    set_active(actor, space)
    return membership


def _let_in(user: User, space: Space, invitation: Invitation) -> Membership:
    """Use the invitation up by one; raises InvitationNotFound if it was revoked or used up meanwhile."""
    refuse_one_too_many(user)
    now = timezone.now()
    usable = Invitation.objects.open(now).filter(pk=invitation.pk)
    if not usable.update(uses=F("uses") + 1, updated_at=now):
        raise InvitationNotFound
    return Membership.objects.create(space=space, user=user, role=invitation.role)


def _tell(membership: Membership, invitation: Invitation) -> None:
    space, user, maker = membership.space, membership.user, invitation.created_by
    push_member("added", membership)
    push_added(space, user.pk)
    if maker is not None and Membership.objects.filter(space=space, user=maker).exists():
        content = content_about(space, user, note=invitation.note)
        kind = Notification.Kind.INVITATION_ACCEPTED
        notify(users=[maker], kind=kind, content=content, space=space, but=user)


def _check(membership: Membership, role: str, expires_at: datetime | None, max_uses: int | None) -> None:
    if not can_moderate(membership):
        raise NotModerator
    if role not in {Membership.Role.MODERATOR, Membership.Role.MEMBER}:
        raise Invalid.field("role", "invalid_choice", _("Nobody is invited as an owner."))
    if not can_invite(membership, role):
        raise NotOwner
    if expires_at is not None and expires_at <= timezone.now():
        raise Invalid.field("expires_at", "past", _("Choose a time that is still to come."))
    if max_uses is not None and max_uses < 1:
        raise Invalid.field("max_uses", "min_value", _("At least one person must be able to use it."))
