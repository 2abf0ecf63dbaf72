"""Pages for development only."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

PEOPLE = [
    "Amara Obi",
    "Bo Lind",
    "Cem Kaya",
    "Дина Жукова",
    "Eva Moll",
    "Finn Neri",
    "Глеб Орлов",
    "Hana Park",
    "Ida Rey",
    "Яна Серова",
]


class _SampleForm(forms.Form):
    name = forms.CharField(required=False)
    code = forms.CharField(required=False)


@require_safe
def ui_kit(request: HttpRequest) -> HttpResponse:
    """Show every shared component in every state, the templates' beside React's."""
    form = _SampleForm({"name": "", "code": "qmvt-hzke"})
    form.add_error("code", _("A code has three groups of four letters."))
    people = [{"name": name, "color": color} for color, name in enumerate(PEOPLE, start=1)]
    entries = [
        {"label": "Copy the link", "icon": "copy", "href": "#copy"},
        {"label": "Settings", "icon": "settings", "href": "#settings"},
        {"label": "Remove", "icon": "user-minus", "name": "remove", "value": "1", "danger": True},
    ]
    theme = request.GET.get("theme", "system")
    kinds = ["primary", "default", "quiet", "danger", "danger-quiet"]
    context = {
        "form": form,
        "people": people,
        "entries": entries,
        "kinds": kinds,
        "theme": theme if theme in {"light", "dark"} else "system",
    }
    return render(request, "dev/ui.html", context)
