"""How often and how much of it."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _

from identity.models import User
from identity.services.guessing import count_guess, guesses
from nonza.content_filter import Rules, filtered
from nonza.errors import Invalid, RateLimited
from nonza.names import clean
from nonza.rate_limits import buckets, consume, looked_at
from spaces.errors import InvitationNotFound


def limit_user(user: User) -> None:
    """Count a request of a user, of whatever kind; raises RateLimited."""
    consume(*buckets(f"user:{user.pk}", settings.RATES["user"]))


def limit_making(what: str, user: User) -> None:
    """Count a new `space`, `invitation` or `channel` of a user; raises RateLimited."""
    consume(*buckets(f"create_{what}:{user.pk}", settings.RATES[f"create_{what}"]))


def refuse_guessing(ip: str) -> None:
    """Refuse an address that has asked for too many unknown codes or links, whatever it asks for now."""
    consume(*looked_at(guesses(ip)))


def unknown_invitation(ip: str) -> InvitationNotFound | RateLimited:
    """Count a link that opens nothing and return the refusal to raise."""
    try:
        count_guess(ip)
    except RateLimited as limited:
        return limited
    return InvitationNotFound()


def checked_name(value: str, *, field: str, at_most: int, rules: Iterable[Rules] = ()) -> str:
    """Return the name cleaned and filtered.

    Raises Invalid where nothing or too much is left of it, MessageFiltered.
    """
    name = clean(value)
    if not name:
        raise Invalid.field(field, "blank", _("This field may not be blank."))
    return checked_text(name, field=field, at_most=at_most, rules=rules)


def checked_text(value: str, *, field: str, at_most: int, rules: Iterable[Rules] = ()) -> str:
    """Return the text cleaned and filtered; raises Invalid where it is too long, MessageFiltered."""
    text = clean(value)
    if len(text) > at_most:
        raise Invalid.field(
            field,
            "max_length",
            _("Ensure this field has no more than {max_length} characters.").format(max_length=at_most),
        )
    return filtered(text, *rules)
