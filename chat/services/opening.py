"""What the page of a text channel begins with."""

from typing import Any

from chat.models import TEXT_LENGTH
from chat.serializers import ATTACHMENTS_AT_MOST, MENTIONS_AT_MOST
from chat.services.attachments import bytes_at_most
from chat.services.history import HistoryQuery, page_as_seen, page_of
from spaces.models import Channel, Membership
from spaces.rules import can_moderate
from spaces.serializers import person_as_seen


def opening_of(channel: Channel, membership: Membership) -> dict[str, Any]:
    """Return who looks, what they may do, the limits, and the first page of messages as the API answers it:
    the last ones, or where there is more that is new those around the first new one.
    """
    user = membership.user
    page = page_of(actor=user, channel_id=channel.pk, query=HistoryQuery())
    new = page.first_unread_id
    if new is not None and new not in {message.pk for message in page.messages}:
        page = page_of(actor=user, channel_id=channel.pk, query=HistoryQuery(around=new))
    return {
        "channel_id": str(channel.pk),
        "space_id": str(channel.space_id),
        "me": person_as_seen(user),
        "can_moderate": can_moderate(membership),
        "limits": {
            "text": TEXT_LENGTH,
            "attachments": ATTACHMENTS_AT_MOST,
            "attachment_bytes": bytes_at_most(),
            "mentions": MENTIONS_AT_MOST,
        },
        "page": page_as_seen(user, page),
    }
