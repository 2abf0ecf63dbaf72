"""The forms of login and profile."""

from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from django import forms
from django.utils.translation import gettext_lazy as _


class EmailForm(forms.Form):
    """Whom to send a code."""

    email = forms.EmailField(
        max_length=254,
        error_messages={
            "required": _("Type your e-mail."),
            "invalid": _("This is not an e-mail. Check it for typing errors."),
        },
    )


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
