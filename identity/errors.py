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
