"""What follows from a login."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from identity.models import User
from identity.services.guests import tell_of_guest_who_logged_in


@receiver(user_logged_in)
def keep_seats(request: HttpRequest, user: User, **_news: Any) -> None:
    """Who was a guest in this browser is the same person as a user."""
    tell_of_guest_who_logged_in(user=user, cookies=request.COOKIES)
