"""The forms of the front page and of a space's sessions."""

import re
import secrets
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from identity.models import DISPLAY_NAME_LENGTH
from nonza.names import clean
from sessions.models import (
    DESCRIPTION_LENGTH,
    MAX_PARTICIPANTS,
    SLUG_ALPHABET,
    SLUG_GROUP,
    SLUG_GROUPS,
    TITLE_LENGTH,
    Session,
)

_LIFETIMES = [(1, _("a day")), (7, _("7 days")), (30, _("30 days"))]
_SYMBOLS = SLUG_GROUP * SLUG_GROUPS


def new_idempotency_key() -> str:
    """Return the key that makes a form sent twice one request."""
    return secrets.token_urlsafe(24)


class StartForm(forms.Form):
    """A name is all it takes to start a session."""

    display_name = forms.CharField(
        max_length=DISPLAY_NAME_LENGTH,
        error_messages={
            "required": _("Say what others should call you."),
            "max_length": _("This name is too long."),
        },
    )
    idempotency_key = forms.CharField(
        max_length=128, required=False, widget=forms.HiddenInput, initial=new_idempotency_key
    )

    def clean_display_name(self) -> str:
        """Return the name as others will see it."""
        name = clean(self.cleaned_data["display_name"])
        if not name:
            raise forms.ValidationError(_("Say what others should call you."), code="required")
        return name


class SessionForm(forms.Form):
    """A new session of a space: what its maker may say of it."""

    title = forms.CharField(
        max_length=TITLE_LENGTH,
        required=False,
        error_messages={"max_length": _("This title is too long.")},
    )
    description = forms.CharField(
        max_length=DESCRIPTION_LENGTH,
        required=False,
        widget=forms.Textarea,
        error_messages={"max_length": _("This description is too long.")},
    )
    access = forms.ChoiceField(
        choices=[(access.value, access.label) for access in (Session.Access.OPEN, Session.Access.MEMBERS)],
        initial=Session.Access.OPEN,
    )
    max_participants = forms.IntegerField(min_value=1, max_value=MAX_PARTICIPANTS, required=False)
    lasts_days = forms.TypedChoiceField(
        choices=[("", _("until it has been empty for a day")), *_LIFETIMES], coerce=int, empty_value=None,
        required=False,
    )  # fmt: skip
    idempotency_key = forms.CharField(
        max_length=128, required=False, widget=forms.HiddenInput, initial=new_idempotency_key
    )

    def fields_of_session(self) -> dict[str, Any]:
        """Return what was said, as `create_session` takes it."""
        said = self.cleaned_data
        fields = {
            "title": clean(said["title"]),
            "description": clean(said["description"]),
            "access": said["access"],
            "max_participants": said["max_participants"],
            "expires_at": timezone.now() + timedelta(days=said["lasts_days"]) if said["lasts_days"] else None,
        }
        return {name: value for name, value in fields.items() if value}


class CodeForm(forms.Form):
    """A code, or the link that holds it."""

    code = forms.CharField(
        max_length=2000, error_messages={"required": _("A code has three groups of four letters.")}
    )

    def clean_code(self) -> str:
        """Return the code as xxxx-xxxx-xxxx, from a code or a link in any spelling."""
        text = str(self.cleaned_data["code"]).strip()
        path = re.split(r"[?#]", text)[0]
        last = [part for part in path.split("/") if part][-1:] or [""]
        symbols = re.sub(r"[\s-]", "", last[0].lower())
        if len(symbols) != _SYMBOLS or any(symbol not in SLUG_ALPHABET for symbol in symbols):
            raise forms.ValidationError(_("A code has three groups of four letters."), code="invalid")
        groups = [symbols[start : start + SLUG_GROUP] for start in range(0, _SYMBOLS, SLUG_GROUP)]
        return "-".join(groups)


def with_problems(form: forms.Form, errors: list[dict[str, Any]], otherwise: str) -> forms.Form:
    """Put a service's refusal into the form, at its field or above all of them."""
    for error in errors:
        field = error["pointer"].lstrip("/")
        form.add_error(field if field in form.fields else None, str(error["detail"]))
    if not errors:
        form.add_error(None, otherwise)
    return form
