"""The catalogues: complete, and kept by a command that needs no gettext."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from nonza.management.commands import messages

SOURCE = 'from django.utils.translation import gettext as _\n\nWORDS = _("A door")\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project with one word to translate."""
    (tmp_path / "door.py").write_text(SOURCE)
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    return tmp_path


def russian(project: Path) -> Path:
    return project / "locale" / "ru" / "LC_MESSAGES" / "django.po"


def test_catalogues_of_the_project_are_complete() -> None:
    call_command("messages", "--check")


def test_new_word_is_collected_and_asked_for(project: Path) -> None:
    with pytest.raises(CommandError):
        call_command("messages", "--check")
    assert not russian(project).exists()
    call_command("messages")
    assert 'msgid "A door"' in russian(project).read_text()
    with pytest.raises(CommandError):
        call_command("messages", "--check")


def test_translation_is_kept(project: Path) -> None:
    call_command("messages")
    path = russian(project)
    path.write_text(path.read_text().replace('msgid "A door"\nmsgstr ""', 'msgid "A door"\nmsgstr "Дверь"'))
    (project / "more.html").write_text('{% load i18n %}{% translate "A window" %}')
    call_command("messages")
    text = path.read_text()
    assert 'msgstr "Дверь"' in text
    assert 'msgid "A window"' in text
