"""Words that a space does not want to read, in its text channels."""

from uuid import uuid4

from spaces.models import Channel, Space
from tests.chat.wording import messages_url
from tests.helpers import Person, code_of


def test_unwanted_words_are_masked_or_refused(bob: Person, channel: Channel) -> None:
    Space.objects.filter(pk=channel.space_id).update(content_filter="scrap*")
    said = bob.post(messages_url(channel), {"client_id": str(uuid4()), "text": "The scrapyard"}).json()
    assert said["text"] == "The •••••••••"
    edited = bob.patch(messages_url(channel, said["id"]), {"text": "s c r a p"}).json()
    assert edited["text"] == "• • • • •"
    Space.objects.update(content_filter_mode="refuse")
    refusals = (
        bob.post(messages_url(channel), {"client_id": str(uuid4()), "text": "Scrap"}),
        bob.patch(messages_url(channel, said["id"]), {"text": "Scrap"}),
    )
    assert [code_of(refusal) for refusal in refusals] == [(422, "message_filtered")] * 2
