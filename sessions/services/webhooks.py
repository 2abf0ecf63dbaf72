"""LiveKit's news: each event handled once, in the order in which it comes."""

from django.db import transaction

from sessions.livekit import EventKind, LiveKitEvent, read_webhook
from sessions.models import WebhookEvent, as_uuid
from sessions.services.connections import connection_joined, connection_left
from sessions.services.diagnosis import is_of_doctor, note_arrival
from sessions.services.rooms import room_is_gone
from sessions.services.shares import share_ended, share_started


def take_webhook(*, body: bytes, authorization: str) -> None:
    """Verify and handle a webhook; raises WebhookForged. The same event again does nothing.

    Its id and its effect commit together: after a crash between them LiveKit's next try finds
    neither.
    """
    event = read_webhook(body, authorization)
    if is_of_doctor(event):
        note_arrival(event)
    elif event.kind in {EventKind.JOINED, EventKind.LEFT, EventKind.ABORTED}:
        _handle_once(event)
    elif event.kind is EventKind.SCREEN_SHARED:  # shares are the same however often they are told
        share_started(identity=event.identity, track=event.track, at=event.at)
    elif event.kind is EventKind.SCREEN_WITHDRAWN:
        share_ended(identity=event.identity, track=event.track, at=event.at)
    elif event.kind is EventKind.ROOM_FINISHED and (session_id := as_uuid(event.room)):
        room_is_gone(session_id)


@transaction.atomic
def _handle_once(event: LiveKitEvent) -> None:
    _row, is_new = WebhookEvent.objects.get_or_create(pk=event.id)
    if not is_new:
        return
    if event.kind is EventKind.JOINED:
        connection_joined(room=event.room, identity=event.identity, sid=event.sid, at=event.at)
    else:
        connection_left(room=event.room, identity=event.identity, sid=event.sid, at=event.at)
