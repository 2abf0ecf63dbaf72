"""The launcher's tests start from an environment that names nothing of Nonza."""

import os

import pytest


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("NONZA_")]:
        monkeypatch.delenv(name)
