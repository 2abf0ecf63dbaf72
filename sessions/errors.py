"""Refusals of `sessions`."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from nonza.errors import NonzaError


class SessionNotFound(NonzaError):
    """Unknown, private, deleted, or over: a stranger gets one and the same answer."""

    code = "session_not_found"
    status = HTTPStatus.NOT_FOUND
    title = _("There is no session with this code. Check the link.")


class SessionEnded(NonzaError):
    code = "session_ended"
    status = HTTPStatus.GONE
    title = _("The session has ended.")


class SessionExpired(NonzaError):
    code = "session_expired"
    status = HTTPStatus.GONE
    title = _("The session’s time is over.")


class SessionFull(NonzaError):
    code = "session_full"
    status = HTTPStatus.CONFLICT
    title = _("Every seat is taken.")


class SessionLocked(NonzaError):
    code = "session_locked"
    status = HTTPStatus.CONFLICT
    title = _("The session is locked. Ask the host to open it.")


class ParticipantNotFound(NonzaError):
    code = "participant_not_found"
    status = HTTPStatus.NOT_FOUND
    title = _("Nobody of that kind is in this session.")


class ParticipantRemoved(NonzaError):
    code = "participant_removed"
    status = HTTPStatus.FORBIDDEN
    title = _("You were removed from the session.")


class ParticipantBanned(NonzaError):
    code = "participant_banned"
    status = HTTPStatus.FORBIDDEN
    title = _("You were banned from the session.")


class NotAdmitted(NonzaError):
    code = "not_admitted"
    status = HTTPStatus.FORBIDDEN
    title = _("You are not in this session yet.")


class MembersOnly(NonzaError):
    code = "members_only"
    status = HTTPStatus.FORBIDDEN
    title = _("Only members of the space can be in this session.")


class ChannelWithoutCalls(NonzaError):
    code = "channel_without_calls"
    status = HTTPStatus.CONFLICT
    title = _("This channel is for writing; there is no call in it.")


class AccessNotOffered(NonzaError):
    code = "access_not_offered"
    status = HTTPStatus.BAD_REQUEST
    title = _("This session cannot let people in that way.")


class AnonymousSessionsOff(NonzaError):
    code = "anonymous_sessions_off"
    status = HTTPStatus.FORBIDDEN
    title = _("Only people with an account can start a session here.")


class MediaUnavailable(NonzaError):
    code = "media_unavailable"
    status = HTTPStatus.SERVICE_UNAVAILABLE
    title = _("Calls are not available now.")


class LiveKitUnavailable(Exception):
    """LiveKit did not answer in time, or not as it should."""


class WebhookForged(NonzaError):
    code = "webhook_forged"
    status = HTTPStatus.UNAUTHORIZED
    title = _("This call is not signed by the media server.")
