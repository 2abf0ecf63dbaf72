"""Half an hour of two hundred sockets with churn: nothing grows."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.soak
def test_nothing_grows_in_half_an_hour() -> None:
    status = subprocess.run([sys.executable, "-m", "benchmarks.soak"], cwd=ROOT, check=False).returncode
    assert status == 0
