"""Shared components in Django templates."""

import pytest
from django import forms
from django.template import Context, Template, TemplateDoesNotExist


class NameForm(forms.Form):
    display_name = forms.CharField()


def render(source: str, **context: object) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


def test_icon_is_drawn_for_the_eye_alone() -> None:
    drawn = render('{% icon "arrow-right" 16 %}')
    assert 'aria-hidden="true"' in drawn
    assert 'stroke-width="2"' in drawn
    assert "<path" in drawn


def test_icon_that_was_not_fetched_is_a_fault() -> None:
    with pytest.raises(TemplateDoesNotExist):
        render('{% icon "no-such-icon" %}')


@pytest.mark.parametrize(
    ("source", "start"),
    [
        ('{% button "Join" kind="primary" %}', '<button type="button" class="nz-button nz-button-primary">'),
        ('{% button "Join" href="/" %}', '<a href="/" class="nz-button">'),
        ('{% button "Join" disabled=True %}', '<button type="button" class="nz-button" disabled>'),
        (
            '{% button "Join" name="a" value="b" %}',
            '<button type="button" class="nz-button" name="a" value="b">',
        ),
    ],
)
def test_button_is_what_its_options_say(source: str, start: str) -> None:
    drawn = render(source)
    assert drawn.startswith(start)
    assert "Join" in drawn


def test_words_of_people_are_escaped_everywhere() -> None:
    evil = "<script>alert(1)</script>"
    sources = [
        "{% button words %}",
        "{% avatar words 3 %}",
        "{% toast words %}",
        "{% card %}{{ words }}{% endcard %}",
        '{% modal title=words dialog_id="d" %}{{ words }}{% endmodal %}',
    ]
    for source in sources:
        assert "<script>" not in render(source, words=evil), source


def test_field_names_its_error() -> None:
    form = NameForm({"display_name": ""})
    drawn = render('{% text_field form.display_name "Your name" %}', form=form)
    assert 'aria-invalid="true"' in drawn
    assert "This field is required." in drawn
    described = drawn.split('aria-describedby="')[1].split('"')[0]
    assert f'id="{described.split()[-1]}"' in drawn


@pytest.mark.parametrize(
    ("name", "letters"), [("Marta Silva", "MS"), ("Dana", "D"), ("Яна де Серова", "ЯС"), ("", "")]
)
def test_avatar_has_the_initials_of_the_first_and_last_word(name: str, letters: str) -> None:
    drawn = render("{% avatar name 4 %}", name=name)
    assert f">{letters}<" in "".join(drawn.split())
    assert "nz-person-4" in drawn


def test_menu_leads_where_its_entries_say() -> None:
    entries = [
        {"label": "Profile", "href": "/profile/"},
        {"label": "Delete", "name": "a", "value": "b", "danger": True},
    ]
    drawn = render('{% menu "More" entries "menu-1" %}', entries=entries)
    assert 'href="/profile/"' in drawn
    assert "Delete" in drawn
    assert 'id="menu-1"' in drawn
