"""What holds for the project as a whole."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from chat.models import LogEvent
from nonza.env import ROOT
from nonza.realtime import sockets
from nonza.routing import patterns as websocket_urlpatterns

APPS = ("nonza", "identity", "spaces", "sessions", "chat")
LINES_AT_MOST = 500
EVENTS = (ROOT / "docs" / "events.md").read_text()


def modules(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


def test_files_are_found() -> None:
    assert len(modules(*APPS, "tests")) > 60


@pytest.mark.parametrize("path", modules(*APPS, "tests"), ids=lambda path: str(path.relative_to(ROOT)))
def test_file_is_short_enough_to_be_read(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LINES_AT_MOST


@pytest.mark.parametrize("path", modules(*APPS), ids=lambda path: str(path.relative_to(ROOT)))
def test_module_opens_with_a_sentence(path: Path) -> None:
    text = path.read_text()
    if text and "migrations" not in path.parts:
        assert ast.get_docstring(ast.parse(text)), path


def test_no_package_hides_below_tests() -> None:
    """An `__init__.py` there would make `sessions` mean the folder of tests."""
    assert not list((ROOT / "tests").rglob("__init__.py"))


def test_migrations_are_complete(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_identifiers_come_from_the_systems_random_source() -> None:
    for path in modules(*APPS):
        assert not re.search(r"^\s*(import|from) random\b", path.read_text(), re.MULTILINE), path


def test_every_event_that_is_pushed_is_documented() -> None:
    documented = [
        re.findall(r"^\| `([a-z_.]+)` \|", socket, re.MULTILINE) for socket in EVENTS.split("\n## ")
    ]
    for names in documented:
        assert len(names) == len(set(names))
    assert set().union(*documented) == {*pushed_events(), *LogEvent.Kind.values}


def test_every_close_is_documented() -> None:
    closes = re.findall(r"^\| (4\d\d\d) \|", EVENTS, re.MULTILINE)
    known = {sockets.SIGN_IN, sockets.NOT_ALLOWED, sockets.TOO_SLOW, sockets.COME_BACK}
    assert {int(code) for code in closes} == known


def test_every_socket_is_documented() -> None:
    for pattern in websocket_urlpatterns:
        route = re.sub(r"<\w+:(\w+)>", r"{\1}", str(pattern.pattern))
        assert f"`/{route.lstrip('^/')}`" in EVENTS


def test_every_frame_that_is_heard_is_documented() -> None:
    source = (ROOT / "nonza" / "realtime" / "sockets.py").read_text()
    heard = set(re.findall(r'\.get\("type"\) != "(\w+)"', source))
    assert heard == set(re.findall(r'^\| `\{"type": "(\w+)"', EVENTS, re.MULTILINE)) != set()


def pushed_events() -> Iterator[str]:
    """The names in calls of `broadcast_on_commit(group, name, …)` and `frame_of(name, …)`.

    A name made of a part and a variable (`participant.{verb}`) stands for what its function is called with.
    """
    trees = [ast.parse(path.read_text()) for path in modules(*APPS)]
    for name in (argument for tree in trees for argument in arguments(tree)):
        if isinstance(name, ast.Constant):
            yield str(name.value)
        elif isinstance(name, ast.JoinedStr):
            prefix = str(name.values[0].value)  # type: ignore[attr-defined]
            for verb in (found for tree in trees for found in verbs(tree, f"push_{prefix.rstrip('.')}")):
                yield prefix + verb


def arguments(tree: ast.AST) -> Iterator[ast.expr]:
    for call in calls(tree):
        if called(call) in {"broadcast_on_commit", "_push"}:  # `_push` is a module’s own way to it
            yield call.args[1]
        if called(call) == "broadcast_passing_on_commit":
            yield call.args[2]
        if called(call) == "broadcast_logged_on_commit":
            yield call.args[3]
        if called(call) == "frame_of":
            yield call.args[0]


def verbs(tree: ast.AST, function: str) -> Iterator[str]:
    for call in calls(tree):
        if called(call) == function:
            assert isinstance(call.args[0], ast.Constant), (
                "the verb of an event is written where it is pushed"
            )
            yield str(call.args[0].value)


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def called(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))
