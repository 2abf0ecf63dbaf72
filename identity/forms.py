"""The forms of login and profile."""

from datetime import datetime, timedelta
from typing import Any, ClassVar

from allauth.core.internal.cryptokit import compare_user_code
from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.encoding import punycode
from django.utils.translation import gettext_lazy as _

from identity.models import DISPLAY_NAME_LENGTH, TOKEN_NAME_LENGTH, ApiToken, User
from nonza.names import clean


class EmailForm(forms.Form):
    """Whom to send a code."""

    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": _("Type your e-mail."),
            "invalid": _("This is not an e-mail. Check it for typing errors."),
        },
    )

    def clean_email(self) -> str:
        """Return the address in the letters that mail servers use: no other address looks or folds alike."""
        name, _at, domain = str(self.cleaned_data["email"]).rpartition("@")
        try:
            address = f"{name}@{punycode(domain)}"
        except UnicodeError:
            address = ""
        if not address or not address.isascii():
            raise forms.ValidationError(self.fields["email"].error_messages["invalid"], code="invalid")
        return address


class LoginCodeForm(forms.Form):
    """The code that was sent."""

    code = forms.CharField(max_length=32, error_messages={"required": _("Type the code.")})

    def __init__(self, *arguments: Any, expected: str, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._expected = expected

    def clean_code(self) -> str:
        """Compare, whatever the case and the dashes."""
        code = str(self.cleaned_data["code"])
        if not compare_user_code(actual=code, expected=self._expected):
            raise forms.ValidationError(_("This is another code. Look again, or ask for a new one."))
        return code


class ProfileForm(forms.Form):
    """What one says of oneself."""

    display_name = forms.CharField(
        max_length=DISPLAY_NAME_LENGTH,
        error_messages={
            "required": _("Say what others should call you."),
            "max_length": _("This name is too long."),
        },
    )
    language = forms.ChoiceField(
        required=False, choices=[("", _("as the browser asks")), *settings.LANGUAGES]
    )
    theme = forms.ChoiceField(choices=User.Theme.choices)

    def clean_display_name(self) -> str:
        """Return the name as others will see it."""
        name = clean(self.cleaned_data["display_name"])
        if not name:
            raise forms.ValidationError(_("Say what others should call you."), code="required")
        return name


class PictureForm(forms.Form):
    """A new picture."""

    avatar = forms.FileField(allow_empty_file=True, error_messages={"required": _("Choose a picture first.")})


class TokenForm(forms.Form):
    """A new API token."""

    DAYS: ClassVar = [("30", _("30 days")), ("90", _("90 days")), ("365", _("a year")), ("", _("for ever"))]

    name = forms.CharField(
        max_length=TOKEN_NAME_LENGTH,
        error_messages={"required": _("Say what it is for."), "max_length": _("This name is too long.")},
    )
    scopes = forms.MultipleChoiceField(
        choices=ApiToken.Scope.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose what it may do.")},
    )
    days = forms.ChoiceField(required=False, choices=DAYS)

    def clean_name(self) -> str:
        """Return the name as the list will show it."""
        name = clean(self.cleaned_data["name"])
        if not name:
            raise forms.ValidationError(_("Say what it is for."), code="required")
        return name

    def expires_at(self) -> datetime | None:
        """Return the moment that was chosen."""
        days = self.cleaned_data["days"]
        return timezone.now() + timedelta(days=int(days)) if days else None
