"""The doctor at the product as it really runs: nothing is wrong, and then something is."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import parts
from tests.e2e.conftest import ROOT, running

pytestmark = pytest.mark.integration


def examine(state: Path) -> tuple[int, dict[str, Any]]:
    """`make doctor` in another terminal: it knows the folder, and nothing else."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NONZA_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "nonza.run", "--state", str(state), "manage", "doctor", "--json"]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env={**kept, "NONZA_ENV_FILE": os.devnull},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode in {0, 1, 2}, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_running_product_is_well_and_a_stopped_one_is_not(tmp_path: Path) -> None:
    parts.livekit()
    with running(tmp_path):
        status, told = examine(tmp_path)
        assert (status, told["verdict"]) == (0, "fine"), told
        codes = {finding["code"] for finding in told["findings"]}
        expected = {"worker", "beat", "livekit", "webhook", "media.signal", "media.udp", "media.tcp", "web"}
        assert codes >= expected | {"web.sockets", "database", "database.migrations", "clock", "disk"}
    assert not (tmp_path / "running.env").exists()
    status, told = examine(tmp_path)
    assert (status, told["verdict"]) == (1, "broken")
    broken = {finding["check"] for finding in told["findings"] if finding["verdict"] == "broken"}
    assert {"redis", "web", "worker", "beat", "livekit", "webhook", "media"} <= broken
    assert all(finding["cure"] for finding in told["findings"] if finding["verdict"] != "fine")
