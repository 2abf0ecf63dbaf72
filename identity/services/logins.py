"""Login by a code that is sent by e-mail; who is not known yet gets an account by it."""

import logging
from smtplib import SMTPException

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.signals import user_signed_up
from allauth.account.stages import LoginByCodeStage, LoginStageController
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.http import HttpRequest, HttpResponse

from identity.client_ip import client_ip, client_prefix
from identity.errors import MailNotSent
from identity.models import User
from identity.services.users import user_of_email
from nonza.rate_limits import buckets, consume

logger = logging.getLogger(__name__)


class CodeLogin(LoginCodeVerificationProcess):
    """allauth's process, but the same for e-mails that are known and those that are not.

    An account is made once the code has come back, so nobody can claim an e-mail that is not theirs,
    and nobody learns from the pages who has an account.
    """

    def send_by_email(self, email: str, *, skip_enumeration_mails: bool = False) -> None:
        """Send a new code; raises MailNotSent."""
        del skip_enumeration_mails
        content = {"request": self.request, "code": self.generate_code()}
        try:
            get_adapter().send_mail("account/email/login_code", email, content)
        except (SMTPException, OSError) as error:
            logger.warning("no code could be sent: %s", error)
            raise MailNotSent from error

    def finish(self, redirect_url: str | None) -> HttpResponse:
        """Log in, having made an account if there was none."""
        email = self.state["email"]
        user, is_new = user_of_email(email)
        if is_new:
            user_signed_up.send(sender=User, request=self.request, user=user)
        record_authentication(self.request, user, method="code", email=email)
        login = Login(user=user, redirect_url=redirect_url, email=email, signup=is_new)
        response: HttpResponse = perform_login(self.request, login)
        return response

    @classmethod
    def resume(cls, stage: LoginByCodeStage) -> "CodeLogin | None":
        """Return the process that this browser has begun, if it is not too old."""
        process: CodeLogin | None = cls(stage=stage).abort_if_invalid()
        return process


def send_login_code(*, request: HttpRequest, email: str) -> None:
    """Send a code to an e-mail, good for this browser; raises RateLimited or MailNotSent."""
    rates = settings.RATES["login_code"]
    consume(
        *buckets(f"login_code:ip:{client_prefix(client_ip(request))}", rates),
        *buckets(f"login_code:email:{email.lower()}", rates),
    )
    login = Login(user=None, email=email)
    login.state["stages"] = {"current": LoginByCodeStage.key}
    stage = LoginByCodeStage(LoginStageController(request, login), request, login)
    stage.state.update(CodeLogin.initial_state(user=None, email=email), initiated_by_user=True)
    process = CodeLogin(stage=stage)
    process.send()
    process.persist()


def purge_login_sessions() -> None:
    """Delete login sessions that are over; Django itself never does."""
    SessionStore.clear_expired()
