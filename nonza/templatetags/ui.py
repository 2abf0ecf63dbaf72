"""Template tags for the shared components, of the same look as those in frontend/src/ui."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import naturaltime
from django.forms import BoundField
from django.template.loader import get_template, render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from nonza.names import initials

register = template.Library()

SMALL_ICON = 16
FULL_SIZE = 32
MINUTES_IN_HOUR = 60
PASTELS = 10


@register.simple_tag
def icon(name: str, size: int = 20, extra: str = "") -> SafeString:
    """Draw an icon of templates/ui/icons (`npm run icons` fetches more); words stand beside it."""
    drawing = mark_safe(get_template(f"ui/icons/{name}.svg").render())  # noqa: S308 -- our own file
    stroke = "2" if size <= SMALL_ICON else "1.75"
    return format_html(
        '<svg class="nz-icon {}" width="{}" height="{}" viewBox="0 0 24 24" fill="none" stroke="currentColor"'
        ' stroke-width="{}" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>',
        extra,
        size,
        size,
        stroke,
        drawing,
    )


@register.inclusion_tag("ui/button.html")
def button(words: str, **options: Any) -> dict[str, Any]:
    """Draw a button, or with `href` a link that looks like one.

    Options: kind (default, primary, quiet, danger, danger-quiet), size (sm, md, lg), wide, icon,
    icon_after, type, name, value, busy_words, disabled, popovertarget, opens (id of a dialog),
    label (what a screen reader says instead of the words).
    """
    return {"words": words, "type": "button", "kind": "default", "size": "md", **options}


@register.inclusion_tag("ui/field.html")
def text_field(field: BoundField, label: str, **options: Any) -> dict[str, Any]:
    """Draw a line of text with label, hint and errors of a bound form field.

    Options: type, hint, label_hidden, size (md, lg), placeholder, autocomplete, maxlength, required.
    """
    return {"field": field, "label": label, "size": "md", **options}


@register.inclusion_tag("ui/field.html")
def number_field(field: BoundField, label: str, **options: Any) -> dict[str, Any]:
    """Draw a field for a whole number. Options: least, most, hint."""
    return {"field": field, "label": label, "size": "md", "type": "number", "inputmode": "numeric", **options}


@register.inclusion_tag("ui/area.html")
def text_area(field: BoundField, label: str, **options: Any) -> dict[str, Any]:
    """Draw several lines of text. Options: hint, rows, maxlength."""
    return {"field": field, "label": label, "rows": 3, **options}


@register.inclusion_tag("ui/select.html")
def select_field(field: BoundField, label: str, **options: Any) -> dict[str, Any]:
    """Draw a choice out of a list. Options: hint, label_hidden, beside (the label, in the same line)."""
    return {"field": field, "label": label, **options}


@register.inclusion_tag("ui/avatar.html")
def avatar(name: str, color: int, size: int = FULL_SIZE, picture_url: str = "") -> dict[str, Any]:
    """Draw a person's picture, or initials on the person's pastel (1 to 10)."""
    return {"initials": initials(name), "color": color, "size": size, "picture_url": picture_url}


@register.inclusion_tag("ui/avatar.html")
def person_avatar(user: Any, size: int = FULL_SIZE) -> dict[str, Any]:
    """Draw a user's picture, or initials on their pastel."""
    return avatar(user.called, user.color, size, user.avatar_url or "")


@register.simple_tag
def when(moment: datetime) -> SafeString:
    """Tell a moment: how long ago within a day, else its date; the browser knows its own zone better."""
    age = abs(timezone.now() - moment)
    words = naturaltime(moment) if age < timedelta(days=1) else date_format(moment, "DATE_FORMAT")
    near = "true" if age < timedelta(days=1) else "false"
    return format_html(
        '<time datetime="{}" data-when data-near="{}">{}</time>', moment.isoformat(), near, words
    )


@register.filter
def space_color(space: Any) -> int:
    """Return the pastel (1 to 10) of a space's mark."""
    return int(space.pk.int % PASTELS) + 1


@register.filter
def lasting(seconds: float) -> str:
    """Say how long something lasts: 38 min, 1 h 04 min."""
    minutes = int(seconds) // 60
    if minutes < MINUTES_IN_HOUR:
        return gettext("%(minutes)d min") % {"minutes": minutes}
    hours, minutes = divmod(minutes, MINUTES_IN_HOUR)
    return gettext("%(hours)d h %(minutes)02d min") % {"hours": hours, "minutes": minutes}


@register.filter
def of_key(mapping: Mapping[Any, Any] | None, key: Any) -> Any:
    """Return what a mapping holds under a key, or under the key's spelling."""
    mapping = mapping or {}
    return mapping.get(key) or mapping.get(str(key))


@register.inclusion_tag("ui/menu.html")
def menu(label: str, entries: list[dict[str, Any]], menu_id: str) -> dict[str, Any]:
    """Draw a button and the menu it opens; entries: label, href or name and value, icon, danger."""
    return {"label": label, "entries": entries, "id": menu_id}


@register.inclusion_tag("ui/toast.html")
def toast(words: str, tone: str = "neutral") -> dict[str, Any]:
    """Draw a toast, for what a form has done."""
    return {"words": words, "tone": tone}


@register.simple_block_tag
def card(content: str, extra: str = "") -> SafeString:
    """Draw a card around what stands between `card` and `endcard`."""
    return mark_safe(render_to_string("ui/card.html", {"content": content, "extra": extra}))  # noqa: S308


@register.simple_block_tag
def modal(content: str, title: str, dialog_id: str) -> SafeString:
    """Draw a dialog around its content; a button with `opens=` the same id opens it."""
    context = {"content": content, "title": title, "id": dialog_id}
    return mark_safe(render_to_string("ui/modal.html", context))  # noqa: S308
