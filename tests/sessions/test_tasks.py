"""The doorbells of beat: each rings its work, and ringing twice at once does it once."""

import pytest

from sessions import tasks


@pytest.mark.parametrize(
    ("task", "work"),
    [
        (tasks.reconcile, "reconciliation.reconcile_all"),
        (tasks.end_finished_sessions, "cleanup.end_finished"),
        (tasks.purge, "cleanup.purge_old"),
    ],
)
def test_periodic_work_is_done_once_for_two_beats(
    monkeypatch: pytest.MonkeyPatch, task: tasks.Task, work: str
) -> None:
    runs = []
    monkeypatch.setattr(f"sessions.services.{work}", runs.append)
    task.delay()
    task.delay()
    assert len(runs) == 1
    runs[0]()  # what it calls to keep others away
