"""What follows from a login, and from a second factor."""

from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.signals import authenticator_added
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from identity.models import User
from identity.services.guests import tell_of_guest_who_logged_in


@receiver(user_logged_in)
def keep_seats(request: HttpRequest, user: User, **_news: Any) -> None:
    """Who was a guest in this browser is the same person as a user."""
    tell_of_guest_who_logged_in(user=user, cookies=request.COOKIES)


@receiver(authenticator_added)
def trust_new_factor(request: HttpRequest, user: User, **_news: Any) -> None:
    """Whoever has just shown a code of the new factor need not show another one to see the recovery codes."""
    record_authentication(request, user, method="mfa", reauthenticated=True)
