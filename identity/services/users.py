"""Accounts: made at the first login, closed by an operator."""

from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from identity.models import DISPLAY_NAME_LENGTH, User, new_login_stamp
from identity.signals import user_disabled, user_logged_out_everywhere
from nonza.names import clean
from nonza.realtime import NOT_ALLOWED, SIGN_IN, close_on_commit, user_group


def user_of_email(email: str) -> tuple[User, bool]:
    """Return the account of an e-mail that has just been proved, and whether it is new."""
    known = User.objects.of_email(email)
    if known is not None:
        return known, False
    try:
        with transaction.atomic():
            name = clean(email.partition("@")[0])[:DISPLAY_NAME_LENGTH]
            user = User.objects.create_user(email, display_name=name)
            EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    except IntegrityError:  # made meanwhile, in another tab
        made = User.objects.of_email(email)
        if made is None:
            raise
        return made, False
    return user, True


def log_out_everywhere(*, actor: User) -> None:
    """End all login sessions of a user, this one too, their sockets and calls; API tokens stay."""
    with transaction.atomic():
        actor.login_stamp = new_login_stamp()
        actor.save(update_fields=["login_stamp", "updated_at"])
        user_logged_out_everywhere.send(sender=User, user=actor)
        close_on_commit(user_group(actor.pk), SIGN_IN)


def disable_user(*, user: User) -> None:
    """Close an account: nobody logs in to it, its login sessions, tokens and sockets end at once."""
    with transaction.atomic():
        user.is_active = False
        user.login_stamp = new_login_stamp()
        user.save(update_fields=["is_active", "login_stamp", "updated_at"])
        user_disabled.send(sender=User, user=user)
        close_on_commit(user_group(user.pk), NOT_ALLOWED)


def enable_user(*, user: User) -> None:
    """Open a closed account again; its old login sessions stay ended."""
    user.is_active = True
    user.save(update_fields=["is_active", "updated_at"])
