"""The surroundings of the tests, set before Django reads its settings (a pytest plugin, see `addopts`)."""

import atexit
import os
import shutil
import tempfile
import threading
from pathlib import Path

import pytest
from _pytest.outcomes import Skipped

from nonza.run.ports import free_port
from tests import parts

SECRET = "a-secret-for-tests-only-0123456789-0123456789"


def _redis() -> str:
    """A real Redis where there is one, else the stand-in of `make run`."""
    try:
        return parts.redis()
    except Skipped:
        from fakeredis import TcpFakeServer  # noqa: PLC0415 -- only where no Redis is

        server = TcpFakeServer(("127.0.0.1", 0))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"redis://127.0.0.1:{server.server_address[1]}/0"


def _database(folder: Path) -> str:
    """SQLite, or Postgres where the tests are run on it; without one they are all left out."""
    if os.environ.get("NONZA_TEST_DATABASE") == "postgres":
        try:
            return parts.postgres()
        except Skipped as skipped:
            left_out.append(str(skipped.msg))
    return f"sqlite:///{folder / 'db.sqlite3'}"


left_out: list[str] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what lacks the database that it was to run on."""
    for item in items:
        for reason in left_out:
            item.add_marker(pytest.mark.skip(reason=reason))


_folder = Path(tempfile.mkdtemp(prefix="nonza-tests-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)

for _name in [
    name for name in os.environ if name.startswith("NONZA_") and not name.startswith("NONZA_TEST_")
]:
    if _name != "NONZA_LIVEKIT_BIN":
        del os.environ[_name]
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "nonza.settings.test",
    "NONZA_STATE_DIR": str(_folder),
    "NONZA_ENV_FILE": os.devnull,
    "NONZA_REDIS_URL": _redis(),
    "NONZA_DATABASE_URL": _database(_folder),
    "NONZA_LIVEKIT_API_KEY": "nonza-tests",
    "NONZA_LIVEKIT_API_SECRET": SECRET,
    "NONZA_LIVEKIT_URL": "http://127.0.0.1:1",
    "NONZA_CORS_ORIGINS": "https://friend.example",
    # tests/oidc_server.py listens there while a test needs it.
    "NONZA_GOOGLE_URL": f"http://127.0.0.1:{free_port()}",
    "NONZA_GOOGLE_CLIENT_ID": "nonza-tests",
    "NONZA_GOOGLE_CLIENT_SECRET": "a-google-secret",
}
