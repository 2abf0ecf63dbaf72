"""HTTP and sockets in one process."""

import os

from channels.routing import ProtocolTypeRouter
from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nonza.settings.dev")

http = get_asgi_application()

from nonza.routing import sockets  # noqa: E402 -- models can be imported only after Django is set up

application = ProtocolTypeRouter({"http": http, "websocket": sockets})
