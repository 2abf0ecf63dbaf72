"""Bodies: JSON of a bounded size and depth."""

from io import BytesIO
from typing import IO, Any

from django.conf import settings
from rest_framework.parsers import JSONParser, MultiPartParser

from nonza.errors import Malformed, TooLarge

FORM_AROUND_A_FILE = 16 * 1024


class BoundedJSONParser(JSONParser):
    """DRF's parser reads past DATA_UPLOAD_MAX_MEMORY_SIZE; this one does not, nor past a smaller `most`."""

    most: int | None = None  # bytes

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return the parsed body; raises TooLarge or Malformed."""
        length = parser_context["request"].META.get("CONTENT_LENGTH") or 0
        most = self.most or settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if int(length) > most:
            raise TooLarge
        # A chunked body has no length to look at.
        content = stream.read(most + 1)
        if len(content) > most:
            raise TooLarge
        try:
            body = super().parse(BytesIO(content), media_type, parser_context)
        except RecursionError as error:
            raise Malformed from error
        if not isinstance(body, dict):
            raise Malformed
        return body


class BoundedMultiPartParser(MultiPartParser):
    """Refuses what is larger than the view's `upload_limit` (bytes) before it is read.

    The view may name its refusal in `upload_refusal`.
    """

    def parse(self, stream: IO[Any], media_type: str | None = None, parser_context: Any = None) -> Any:
        """Return fields and files; raises TooLarge."""
        length = parser_context["request"].META.get("CONTENT_LENGTH") or 0
        view = parser_context["view"]
        if int(length) > view.upload_limit + FORM_AROUND_A_FILE:
            raise getattr(view, "upload_refusal", TooLarge)
        return super().parse(stream, media_type, parser_context)
