"""Refusals of `identity`."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from nonza.errors import NonzaError


class TicketInvalid(NonzaError):
    code = "ticket_invalid"
    status = HTTPStatus.UNAUTHORIZED
    title = _("This ticket was used, is too old, or is for another socket.")


class MailNotSent(NonzaError):
    code = "mail_not_sent"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = _("The letter could not be sent. Try again in a moment.")


class TokenScopeMissing(NonzaError):
    code = "token_scope"
    status = HTTPStatus.FORBIDDEN
    title = _("This API token may not do that.")


class TokenNotFound(NonzaError):
    code = "token_not_found"
    status = HTTPStatus.NOT_FOUND
    title = _("There is no such API token.")


class TooManyTokens(NonzaError):
    code = "too_many_tokens"
    status = HTTPStatus.CONFLICT
    title = _("You have 20 API tokens. Revoke one first.")


class PictureUnreadable(NonzaError):
    code = "picture_unreadable"
    status = HTTPStatus.BAD_REQUEST
    title = _("This is not a picture that can be used. Take a PNG, JPEG, WebP or GIF.")


class PictureTooLarge(NonzaError):
    code = "picture_too_large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    title = _("The picture is too large: at most 2 MiB and 16 million pixels.")
