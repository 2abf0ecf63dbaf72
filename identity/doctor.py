"""Looks at how people can log in."""

from collections.abc import Iterator
from http import HTTPStatus
from smtplib import SMTPAuthenticationError, SMTPException

import httpx
from django.conf import settings
from django.core.mail import get_connection

from nonza.doctor.registry import Finding, broken, check, fine, warning

GOOGLE = "https://accounts.google.com"
SECONDS = 6


@check("login")
def look_at_logins() -> Iterator[Finding]:
    """Try the mail server, and whether Google can be reached from here."""
    if not settings.ACCOUNTS:
        yield fine("login.off", "Accounts are off: nobody logs in.")
        return
    if settings.LOGIN_CODE_ON_PAGE:
        yield fine("login.code_on_page", "People log in by a code on the page: right for this machine alone.")
    elif settings.EMAIL_LOGIN:
        yield _mail()
    if settings.GOOGLE_LOGIN:
        yield _google()
    if not (settings.EMAIL_LOGIN or settings.GOOGLE_LOGIN):
        yield warning(
            "login.none",
            "Nobody can log in: there is neither a mail server nor Google.",
            "Set NONZA_EMAIL_URL, or NONZA_GOOGLE_CLIENT_ID and NONZA_GOOGLE_CLIENT_SECRET; or switch "
            "accounts off with NONZA_ACCOUNTS=off.",
        )


def _mail() -> Finding:
    try:
        with get_connection(timeout=SECONDS):
            return fine("login.mail", "The mail server takes letters.")
    except SMTPAuthenticationError:
        return broken(
            "login.mail_refused",
            "The mail server does not accept our name and password.",
            "Mend them in NONZA_EMAIL_URL.",
        )
    except (SMTPException, OSError) as error:
        return broken(
            "login.no_mail",
            f"The mail server does not answer ({type(error).__name__}): nobody gets a code.",
            "Mend NONZA_EMAIL_URL, or look at the mail server.",
        )


def _google() -> Finding:
    place = settings.GOOGLE_URL or GOOGLE
    try:
        status = httpx.get(f"{place}/.well-known/openid-configuration", timeout=SECONDS).status_code
    except httpx.HTTPError as error:
        why = type(error).__name__
    else:
        if status == HTTPStatus.OK:
            return fine("login.google", "Google can be reached.")
        why = str(status)
    return broken(
        "login.no_google",
        f"This machine does not reach Google ({why}): nobody logs in with it.",
        f"Let it connect to {place}.",
    )
