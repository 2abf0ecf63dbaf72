"""Pictures of people, served so that a browser takes them for nothing else."""

import re

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from identity.services.avatars import FOLDER

NAME = re.compile(r"[0-9a-f]{32}\.(webp|png)")
YEAR = 365 * 24 * 3600
HEADERS = {
    "Cache-Control": f"private, max-age={YEAR}, immutable",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Content-Disposition": "inline",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


@require_safe
def avatar(request: HttpRequest, name: str) -> HttpResponseBase:
    """Serve a picture; its name cannot be guessed, and a new picture has a new one."""
    del request
    match = NAME.fullmatch(name)
    if match is None:
        raise Http404
    try:
        content = default_storage.open(f"{FOLDER}/{name}")
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, content_type=f"image/{match[1]}")
    for header, value in HEADERS.items():
        response.headers[header] = value
    return response
