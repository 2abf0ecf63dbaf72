"""LiveKit's webhook."""

from http import HTTPStatus

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from nonza.errors import MethodNotAllowed, NonzaError, TooLarge, problem_page
from sessions.livekit import WEBHOOK_BYTES
from sessions.services.webhooks import take_webhook


@csrf_exempt
def livekit_webhook(request: HttpRequest) -> HttpResponse:
    """Take LiveKit's news: 204 when handled (or handled before), 401 when forged, 5xx to be told again."""
    try:
        if request.method != "POST":
            raise MethodNotAllowed
        body = request.read(WEBHOOK_BYTES + 1)
        if len(body) > WEBHOOK_BYTES:
            raise TooLarge
        take_webhook(body=body, authorization=request.headers.get("Authorization", ""))
    except NonzaError as refusal:
        return problem_page(refusal)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
