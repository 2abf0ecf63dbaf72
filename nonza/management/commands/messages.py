"""`manage.py messages` brings the catalogues in locale/ up to the words in code and templates."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import templatize

from nonza.env import ROOT

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# Without dates and addresses: they would change with every run, or say nothing.
HEADER = """# Words of Nonza's server-made pages and answers: {language}.
msgid ""
msgstr ""
"Language: {language}\\n"
"Plural-Forms: {plural_forms}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""
SKIPPED = {"tests", "frontend", "node_modules", "static"}


class Command(BaseCommand):
    """Collects what is to be translated; translations that exist are kept."""

    help = "Bring locale/*/LC_MESSAGES/django.po up to the words in code and templates (no gettext needed)."

    def add_arguments(self, parser: CommandParser) -> None:
        """Define --check."""
        parser.add_argument("--check", action="store_true", help="change nothing, fail if something is amiss")

    def handle(self, *, check: bool, **options: Any) -> None:
        """Update, or check, the catalogue of each language."""
        del options
        template = _collect(ROOT)
        amiss: list[str] = []
        for language, _name in settings.LANGUAGES:
            path = ROOT / "locale" / language / "LC_MESSAGES" / "django.po"
            before = path.read_bytes() if path.exists() else b""
            catalog = read_po(BytesIO(before), locale=language)
            catalog.update(template, no_fuzzy_matching=True)
            after = _as_bytes(catalog, language)
            if check:
                amiss += _gaps(language, catalog, stale=before != after)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(after)
                amiss += _gaps(language, catalog, stale=False)
        for line in amiss:
            self.stderr.write(line)
        if check and amiss:
            raise CommandError("Run `manage.py messages` and translate what is new.")


def _collect(root: Path) -> Catalog:
    catalog = Catalog(project="Nonza", charset="utf-8")
    for path in sorted(_sources(root)):
        text = path.read_text()
        source = text if path.suffix == ".py" else _as_python(text)
        found = extract("python", BytesIO(source.encode()), keywords=KEYWORDS)
        for _line, message, _comments, context in found:
            # Line numbers would change with every edit.
            catalog.add(message, locations=[(str(path.relative_to(root)), 0)], context=context)
    return catalog


def _as_python(html: str) -> str:
    """Turn a template into calls of gettext; its indentation would mean something to Python."""
    return "\n".join(line.lstrip() for line in templatize(html).splitlines())


def _sources(root: Path) -> Iterator[Path]:
    for pattern in ("*.py", "*.html", "templates/**/*.txt"):
        for path in root.rglob(pattern):
            parts = path.relative_to(root).parts
            if not SKIPPED & set(parts) and not parts[0].startswith("."):
                yield path


def _gaps(language: str, catalog: Catalog, *, stale: bool) -> list[str]:
    gaps = [f"{language}: the catalogue is not up to date"] if stale else []
    if language != settings.LANGUAGE_CODE:
        missing = [message.id for message in catalog if message.id and not _is_whole(message.string)]
        gaps += [f"{language}: not translated: {words!r}" for words in missing]
    return gaps


def _is_whole(translation: str | list[str] | tuple[str, ...] | None) -> bool:
    return all(translation) if isinstance(translation, list | tuple) else bool(translation)


def _as_bytes(catalog: Catalog, language: str) -> bytes:
    out = BytesIO()
    out.write(HEADER.format(language=language, plural_forms=catalog.plural_forms).encode())
    write_po(
        out,
        catalog,
        width=100,
        omit_header=True,
        sort_output=True,
        ignore_obsolete=True,
        include_lineno=False,
    )
    return out.getvalue()
