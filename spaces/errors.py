"""Refusals of `spaces`."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from nonza.errors import NonzaError


class SpaceNotFound(NonzaError):
    """Unknown, deleted, or one that the asker is no member of: one and the same answer."""

    code = "space_not_found"
    status = HTTPStatus.NOT_FOUND
    title = _("There is no such space, or you are not a member of it.")


class MemberNotFound(NonzaError):
    code = "member_not_found"
    status = HTTPStatus.NOT_FOUND
    title = _("There is no such member in this space.")


class ChannelNotFound(NonzaError):
    code = "channel_not_found"
    status = HTTPStatus.NOT_FOUND
    title = _("There is no such channel, or you are not a member of its space.")


class InvitationNotFound(NonzaError):
    """Unknown, revoked, expired or used up: one and the same answer."""

    code = "invitation_not_found"
    status = HTTPStatus.NOT_FOUND
    title = _("This invitation is not valid any more. Ask for a new one.")


class NotOwner(NonzaError):
    code = "not_owner"
    status = HTTPStatus.FORBIDDEN
    title = _("Only the owner of the space may do this.")


class NotModerator(NonzaError):
    code = "not_moderator"
    status = HTTPStatus.FORBIDDEN
    title = _("Only the owner and the moderators of the space may do this.")


class LastSpace(NonzaError):
    code = "last_space"
    status = HTTPStatus.CONFLICT
    title = _("This is your only space. Make another one before you delete it.")


class OwnerMustStay(NonzaError):
    code = "owner_must_stay"
    status = HTTPStatus.CONFLICT
    title = _("The space needs its owner. Hand it over first.")


class ModeNotOffered(NonzaError):
    code = "mode_not_offered"
    status = HTTPStatus.BAD_REQUEST
    title = _("Spaces have no tasks here.")


class ChannelTypeNotOffered(NonzaError):
    code = "channel_type_not_offered"
    status = HTTPStatus.BAD_REQUEST
    title = _("There are no channels of this type here.")


class TooManySpaces(NonzaError):
    code = "too_many_spaces"
    status = HTTPStatus.CONFLICT
    title = _("You are in as many spaces as one person can be. Leave one first.")


class TooManyInvitations(NonzaError):
    code = "too_many_invitations"
    status = HTTPStatus.CONFLICT
    title = _("The space has as many open invitations as it can have. Revoke some first.")


class TooManyChannels(NonzaError):
    code = "too_many_channels"
    status = HTTPStatus.CONFLICT
    title = _("The space has as many channels as it can have. Delete one first.")
