"""Where allauth asks us: who is let in, by which address, and where they go then."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from identity.client_ip import client_ip
from identity.models import DISPLAY_NAME_LENGTH, User
from identity.rules import is_own_page
from nonza.names import clean

WELCOME = "/welcome/"  # the page of `spaces` for whoever is new
INVITATION = "/invite/"


class AccountAdapter(DefaultAccountAdapter):
    """Logins, whatever the way."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return the one address that all limits count by."""
        return client_ip(request)

    def is_safe_url(self, url: str) -> bool:
        """Send people to pages of this site only."""
        return is_own_page(url)

    def add_message(self, *arguments: Any, **options: Any) -> None:
        """Say nothing: each page says itself what has happened."""

    def post_login(self, request: HttpRequest, user: Any, **options: Any) -> HttpResponse:
        """Welcome who is new, unless an invitation leads them into a space anyway."""
        wanted = options["redirect_url"]
        if options["signup"] and not (wanted or "").startswith(INVITATION):
            options["redirect_url"] = f"{WELCOME}?{urlencode({'next': wanted})}" if wanted else WELCOME
        response: HttpResponse = super().post_login(request, user, **options)
        return response


class SocialAccountAdapter(DefaultSocialAccountAdapter):
    """Accounts are joined by (provider, subject), and by e-mail only where Google says it is verified.

    On our side every e-mail was verified when it came in: by a code, by Google, or by an operator.
    """

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: Any) -> User:
        """Fill in a new user; note under which e-mail Google knew this person before."""
        user: User = super().populate_user(request, sociallogin, data)
        user.name = _name(sociallogin)
        user.display_name = user.name[:DISPLAY_NAME_LENGTH] or clean(user.email.partition("@")[0])
        known = SocialAccount.objects.filter(
            provider=sociallogin.account.provider, uid=sociallogin.account.uid
        ).first()
        sociallogin.email_before = known.extra_data.get("email", "") if known else ""
        return user

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Refuse whose e-mail proves nothing; let name and e-mail follow Google's."""
        if not sociallogin.account._state.adding:  # noqa: SLF001 -- allauth's own way to tell
            _follow(sociallogin)
        elif sociallogin.state.get("process") != "connect":
            _refuse_unproved(request, sociallogin)

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """Return whose e-mail it is here, in any case of its letters."""
        email = _verified_email(sociallogin)
        user = User.objects.of_email(email) if email else None
        return (user, email) if user else None

    def get_connect_redirect_url(self, request: HttpRequest, socialaccount: SocialAccount) -> str:
        """Go back to the profile, where one connects."""
        del request, socialaccount
        return reverse("profile")


class MFAAdapter(DefaultMFAAdapter):
    """Second factors."""

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Name the site."""
        return {"id": self.request.get_host().partition(":")[0], "name": "Nonza"}


def _name(sociallogin: SocialLogin) -> str:
    return clean(str(sociallogin.account.extra_data.get("name") or ""))[:150]


def _verified_email(sociallogin: SocialLogin) -> str:
    return next((address.email for address in sociallogin.email_addresses if address.verified), "")


def _refuse_unproved(request: HttpRequest, sociallogin: SocialLogin) -> None:
    """A subject that is new to us comes in by a verified e-mail, and never into another subject's account."""
    refusal = ""
    if not _verified_email(sociallogin):
        refusal = "unverified"
    elif (
        sociallogin.is_existing
        and SocialAccount.objects.filter(
            user=sociallogin.user, provider=sociallogin.account.provider
        ).exists()
    ):
        refusal = "other_account"
    if refusal:
        page = render(request, "socialaccount/refused.html", {"refusal": refusal}, status=403)
        raise ImmediateHttpResponse(page)


def _follow(sociallogin: SocialLogin) -> None:
    """An e-mail that was Google's until now changes with it: the old one may be another person's soon."""
    user: User = sociallogin.user
    user.name = _name(sociallogin) or user.name
    email = _verified_email(sociallogin)
    before = getattr(sociallogin, "email_before", "").lower()
    with transaction.atomic():
        if email and before == user.email.lower() != email.lower() and not _is_taken(email):
            user.email = email
            EmailAddress.objects.filter(user=user).delete()
            EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        user.save(update_fields=["name", "email", "updated_at"])


def _is_taken(email: str) -> bool:
    return User.objects.filter(email__iexact=email).exists()
