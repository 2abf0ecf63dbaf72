"""Nonza's web server with a random source that begins with the same code again and again."""

import threading

from nonza.wsgi import application
from sessions.models import new_slug
from sessions.services import sessions

SAME = 3  # of each thread's draws


class _Drawn(threading.local):
    count = 0


_drawn = _Drawn()


def _rigged() -> str:
    _drawn.count += 1
    return "aaaa-bbbb-cccc" if _drawn.count <= SAME else new_slug()


sessions.new_slug = _rigged

__all__ = ["application"]
