"""The forms of a space's pages; what they may do is decided by services."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nonza.errors import NonzaError
from nonza.names import clean
from spaces.models import (
    DESCRIPTION_LENGTH,
    MAX_PARTICIPANTS,
    NAME_LENGTH,
    NOTE_LENGTH,
    TOPIC_LENGTH,
    Channel,
    Membership,
    Space,
)

NEVER = "never"
LIFETIMES = {"1": _("a day"), "7": _("7 days"), "30": _("30 days"), NEVER: _("never")}
USES = {"1": "1", "5": "5", "10": "10", "50": "50", NEVER: _("no limit")}


class _NameField(forms.CharField):
    """One line, as it will be shown: trimmed, and without what cannot be seen."""

    def __init__(self, *, sentence: Any, **options: Any) -> None:
        messages = {"required": sentence, "max_length": _("This name is too long.")}
        super().__init__(error_messages=messages, **options)
        self.sentence = sentence

    def clean(self, value: Any) -> str:
        """Return the name; refuse one of which nothing is left."""
        name = clean(str(super().clean(value)))
        if not name and self.required:
            raise forms.ValidationError(self.sentence, code="required")
        return name


class SpaceForm(forms.Form):
    """Name and description of a space; the mode where there is a choice."""

    name = _NameField(max_length=NAME_LENGTH, sentence=_("Give the space a name."))
    description = forms.CharField(
        max_length=DESCRIPTION_LENGTH,
        required=False,
        error_messages={"max_length": _("This description is too long.")},
    )
    mode = forms.ChoiceField(choices=Space.Mode.choices, required=False, widget=forms.RadioSelect)

    def __init__(self, *args: Any, modes: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        if len(modes) > 1:
            self.fields["mode"].choices = [  # type: ignore[attr-defined]
                choice for choice in Space.Mode.choices if choice[0] in modes
            ]
        else:
            del self.fields["mode"]


class FilterForm(forms.Form):
    """Words that nobody shall read in a space, and what becomes of them."""

    content_filter = forms.CharField(required=False)
    content_filter_mode = forms.ChoiceField(choices=Space.FilterMode.choices)


class ChannelForm(forms.Form):
    """What a channel is called, what it is for, and how many may be in it."""

    type = forms.ChoiceField(choices=Channel.Type.choices)
    name = _NameField(max_length=NAME_LENGTH, sentence=_("Give the channel a name."))
    topic = forms.CharField(
        max_length=TOPIC_LENGTH,
        required=False,
        error_messages={"max_length": _("This topic is too long.")},
    )
    max_participants = forms.IntegerField(
        min_value=1,
        max_value=MAX_PARTICIPANTS,
        required=False,
        error_messages={
            "invalid": _("Write a number."),
            "min_value": _("From 1 to %(most)s people.") % {"most": MAX_PARTICIPANTS},
            "max_value": _("From 1 to %(most)s people.") % {"most": MAX_PARTICIPANTS},
        },
    )

    def __init__(self, *args: Any, types: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["type"].choices = [  # type: ignore[attr-defined]
            choice for choice in Channel.Type.choices if choice[0] in types
        ]


class ChannelChangeForm(ChannelForm):
    """The same for a channel that is there: what kind it is stays."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, types=[], **options)
        del self.fields["type"]


class InvitationForm(forms.Form):
    """Who comes in by the link, until when, how often."""

    role = forms.ChoiceField(choices=Membership.Role.choices)
    expires_in = forms.ChoiceField(choices=list(LIFETIMES.items()), initial="7")
    max_uses = forms.ChoiceField(choices=list(USES.items()), initial="10")
    note = forms.CharField(
        max_length=NOTE_LENGTH, required=False, error_messages={"max_length": _("This note is too long.")}
    )

    def __init__(self, *args: Any, roles: list[str], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["role"].choices = [  # type: ignore[attr-defined]
            choice for choice in Membership.Role.choices if choice[0] in roles
        ]
        self.fields["role"].initial = Membership.Role.MEMBER

    def expires_at(self) -> datetime | None:
        """Return the moment from which the link lets nobody in; None: never."""
        days = self.cleaned_data["expires_in"]
        return None if days == NEVER else timezone.now() + timedelta(days=int(days))

    def uses_at_most(self) -> int | None:
        """Return how many people the link lets in; None: any number."""
        uses = self.cleaned_data["max_uses"]
        return None if uses == NEVER else int(uses)


def add_refusal(form: forms.Form, refusal: NonzaError) -> None:
    """Put a service's refusal into the form, at its field or above all of them."""
    for error in refusal.errors:
        field = error["pointer"].lstrip("/")
        form.add_error(field if field in form.fields else None, str(error["detail"]))
    if not refusal.errors:
        form.add_error(None, str(refusal.detail or refusal.title))
