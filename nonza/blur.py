"""The model that tells a person from the background: a file that the operator brings along."""

import hashlib
import logging
from collections.abc import Callable
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, cast

from csp.constants import WASM_UNSAFE_EVAL
from csp.decorators import csp_update
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

logger = logging.getLogger(__name__)


def model_address() -> str | None:
    """Return the path at which browsers get the model; None if there is none."""
    path: Path | None = settings.BLUR_MODEL
    if path is None:
        return None
    try:
        file = path.stat()
        return reverse("blur-model", args=[_digest(path, file.st_size, file.st_mtime_ns)])
    except OSError as fault:
        logger.warning("The blur model cannot be read, so blur is not offered: %s", fault)
        return None


def allow_blur(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a page run blur, which is WebAssembly; a strict policy forbids that everywhere else."""
    allowing = csp_update({"script-src": [WASM_UNSAFE_EVAL]})(view)

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        chosen = view if model_address() is None else allowing
        return cast("HttpResponse", chosen(request, *args, **options))

    return answer


@require_safe
def blur_model(request: HttpRequest, digest: str) -> HttpResponse:
    """Serve the model. Another file gets another address, so this one may be kept for good."""
    del digest
    path: Path | None = settings.BLUR_MODEL
    if path is None or model_address() != request.path:
        raise Http404
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return HttpResponse(path.read_bytes(), content_type="application/octet-stream", headers=headers)


@lru_cache(maxsize=4)
def _digest(path: Path, size: int, changed: int) -> str:
    """Return a digest of the content; size and time of change say when to read it again."""
    del size, changed
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]
