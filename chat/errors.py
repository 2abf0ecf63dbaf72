"""Refusals of `chat`."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from nonza.errors import NonzaError


class MessageNotFound(NonzaError):
    """Unknown, of another channel, or deleted: one and the same answer."""

    code = "message_not_found"
    status = HTTPStatus.NOT_FOUND
    title = _("There is no such message.")


class NotAuthor(NonzaError):
    code = "not_author"
    status = HTTPStatus.FORBIDDEN
    title = _("Somebody else wrote this.")


class EditTooLate(NonzaError):
    code = "edit_too_late"
    status = HTTPStatus.FORBIDDEN
    title = _("A message can be changed for 24 hours. Delete it, or write a new one.")


class ChannelWithoutMessages(NonzaError):
    code = "channel_without_messages"
    status = HTTPStatus.CONFLICT
    title = _("This channel is for talking. Write in a text channel.")


class ChatClosed(NonzaError):
    """A session's chat, for who is not admitted, or who would write after its end."""

    code = "chat_closed"
    status = HTTPStatus.FORBIDDEN
    title = _("The chat is for people who are in the session.")


class ChatUnavailable(NonzaError):
    code = "chat_unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = _("Nobody can write at the moment. Try again soon.")


class TooManyPins(NonzaError):
    code = "too_many_pins"
    status = HTTPStatus.CONFLICT
    title = _("The channel has as many pinned messages as it can have. Unpin one first.")


class TooManyReactions(NonzaError):
    code = "too_many_reactions"
    status = HTTPStatus.CONFLICT
    title = _("The message has as many different reactions as it can have. Take one of them.")


class ReportNotFound(NonzaError):
    code = "report_not_found"
    status = HTTPStatus.NOT_FOUND
    title = _("There is no such report.")


class AttachmentNotFound(NonzaError):
    """Unknown, of another channel, somebody else's, or sent already: one and the same answer."""

    code = "attachment_not_found"
    status = HTTPStatus.NOT_FOUND
    title = _("There is no such file.")


class AttachmentTooLarge(NonzaError):
    code = "attachment_too_large"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    title = _("The file is too large.")


class AttachmentType(NonzaError):
    code = "attachment_type"
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    title = _("Files of this kind are not taken here.")


class TooManyAttachments(NonzaError):
    code = "too_many_attachments"
    status = HTTPStatus.CONFLICT
    title = _("A message holds ten files at most.")
