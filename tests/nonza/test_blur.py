"""The blur model: offered, served and allowed only where the operator has brought one."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from pytest_django import Settings

from nonza.env import BadEnvironment, read_env


@pytest.fixture
def model(tmp_path: Path, settings: Settings) -> Path:
    path = tmp_path / "person.tflite"
    path.write_bytes(b"a model")
    settings.BLUR_MODEL = path
    return path


def offered(answer: HttpResponse) -> Any:
    found = re.search(
        r'<script id="nonza-config" type="application/json">(.*?)</script>', answer.content.decode()
    )
    assert found
    return json.loads(found[1])["blur_model"]


def scripts(answer: HttpResponse) -> list[str]:
    directives = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    return directives["script-src"].split()


def test_session_page_names_the_model_and_lets_it_run(slug: str, model: Path) -> None:
    page = Client().get(f"/session/{slug}/")
    assert "'wasm-unsafe-eval'" in scripts(page)
    answer = Client().get(offered(page))
    assert answer.content == model.read_bytes()
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Content-Type"] == "application/octet-stream"
    assert "Set-Cookie" not in answer


def test_other_pages_run_no_web_assembly(slug: str, model: Path) -> None:
    for path in ("/", "/nothing/", "/admin/login/", f"/api/v1/sessions/{slug}/"):
        assert "'wasm-unsafe-eval'" not in scripts(Client().get(path)), path


def test_without_a_model_nothing_is_offered_or_allowed(slug: str, settings: Settings) -> None:
    settings.BLUR_MODEL = None
    page = Client().get(f"/session/{slug}/")
    assert offered(page) is None
    assert "'wasm-unsafe-eval'" not in scripts(page)
    assert Client().get("/blur/0123456789abcdef.tflite").status_code == 404


def test_another_model_gets_another_address(slug: str, model: Path) -> None:
    before = offered(Client().get(f"/session/{slug}/"))
    model.write_bytes(b"a better model")
    after = offered(Client().get(f"/session/{slug}/"))
    assert after != before
    assert Client().get(before).status_code == 404
    assert Client().get(after).content == b"a better model"


def test_model_that_is_gone_is_not_offered(slug: str, model: Path) -> None:
    model.unlink()
    page = Client().get(f"/session/{slug}/")
    assert page.status_code == 200
    assert offered(page) is None
    assert "'wasm-unsafe-eval'" not in scripts(page)


def test_path_that_is_no_file_is_named_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(BadEnvironment, match="NONZA_BLUR_MODEL"):
        read_env(blur_model=str(tmp_path / "missing.tflite"))
