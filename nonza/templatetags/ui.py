"""Template tags for the shared components, of the same look as those in frontend/src/ui."""

from typing import Any

from django import template
from django.forms import BoundField
from django.template.loader import get_template, render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from nonza.names import initials

register = template.Library()

SMALL_ICON = 16
FULL_SIZE = 32


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
    icon_after, type, name, value, busy_words, disabled, popovertarget, opens (id of a dialog).
    """
    return {"words": words, "type": "button", "kind": "default", "size": "md", **options}


@register.inclusion_tag("ui/field.html")
def text_field(field: BoundField, label: str, **options: Any) -> dict[str, Any]:
    """Draw a line of text with label, hint and errors of a bound form field.

    Options: type, hint, label_hidden, size (md, lg), placeholder, autocomplete, maxlength, required.
    """
    return {"field": field, "label": label, "size": "md", **options}


@register.inclusion_tag("ui/avatar.html")
def avatar(name: str, color: int, size: int = FULL_SIZE, picture_url: str = "") -> dict[str, Any]:
    """Draw a person's picture, or initials on the person's pastel (1 to 10)."""
    return {"initials": initials(name), "color": color, "size": size, "picture_url": picture_url}


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
