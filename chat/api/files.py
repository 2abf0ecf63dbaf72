"""`channels/{id}/attachments/`: files for a message that is being written."""

from http import HTTPStatus
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from chat import serializers as shapes
from chat.api.base import MemberAPIView, checked
from chat.errors import AttachmentTooLarge
from chat.services import attachments
from nonza.parsers import BoundedMultiPartParser


@extend_schema(tags=["chat"])
class AttachmentsView(MemberAPIView):
    """Files for a message that is being written."""

    parser_classes = [BoundedMultiPartParser]
    upload_refusal = AttachmentTooLarge

    @property
    def upload_limit(self) -> int:
        """How many bytes a file may have."""
        return attachments.bytes_at_most()

    @extend_schema(
        request={"multipart/form-data": shapes.FileSerializer},
        responses={HTTPStatus.CREATED: shapes.AttachmentSerializer},
    )
    def post(self, request: Request, channel_id: UUID) -> Response:
        """Bring a file; name it within a day in `attachments` of a message, or it is deleted."""
        user = self.user()
        # Nothing is read from who may not write there, or has brought too much.
        attachments.expect_upload(actor=user, channel_id=channel_id)
        file = checked(shapes.FileSerializer, request.data)["file"]
        attachment = attachments.upload(actor=user, channel_id=channel_id, file=file)
        return Response(shapes.attachment_as_seen(attachment), status=HTTPStatus.CREATED)
