"""Files of text channels, served so that a browser runs nothing of them."""

import logging
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from chat.errors import AttachmentNotFound
from chat.models import Attachment
from chat.services.attachments import served_to
from identity.models import User
from nonza.errors import unavailable

logger = logging.getLogger(__name__)

YEAR = 365 * 24 * 3600
HEADERS = {
    # An address always holds the same; who may read it no more has seen it already.
    "Cache-Control": f"private, max-age={YEAR}, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@require_safe
def attachment(request: HttpRequest, attachment_id: UUID, name: str) -> HttpResponseBase:
    """Serve a file to be kept; to who may not read it, it does not exist."""
    found = _served(request, attachment_id)
    if name != found.name:  # a link must not call it by another name
        raise Http404
    return _response(request, found.file, found.content_type, as_attachment=True, filename=found.name)


@require_safe
def preview(request: HttpRequest, attachment_id: UUID) -> HttpResponseBase:
    """Serve the small picture of a picture."""
    found = _served(request, attachment_id)
    if not found.preview:
        raise Http404
    return _response(request, found.preview, f"image/{found.preview.rpartition('.')[2]}")


def _served(request: HttpRequest, attachment_id: UUID) -> Attachment:
    if not isinstance(request.user, User):
        raise Http404
    try:
        return served_to(user=request.user, attachment_id=attachment_id)
    except AttachmentNotFound as refusal:
        raise Http404 from refusal


def _response(request: HttpRequest, name: str, content_type: str, **options: Any) -> HttpResponseBase:
    try:
        content = default_storage.open(name)
    except FileNotFoundError:
        raise Http404 from None
    except OSError as error:
        logger.error("The storage gives no file: %s", error)  # noqa: TRY400 -- the disk's fault, not the code's
        return unavailable(request)
    response = FileResponse(content, content_type=content_type, status=HTTPStatus.OK, **options)
    for header, value in HEADERS.items():
        response.headers[header] = value
    return response
