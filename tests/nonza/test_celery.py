"""The worker lives through what its broker does."""

import pytest
from kombu.transport import redis as broker

from nonza.celery import PatientQoS


def test_broker_that_is_away_while_a_task_runs_does_not_end_the_worker(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def closed(*_arguments: object) -> None:
        raise AttributeError("'NoneType' object has no attribute 'hostname'")

    monkeypatch.setattr(broker.QoS, "restore_unacked_once", closed)
    assert broker.Channel.QoS is PatientQoS
    PatientQoS.restore_unacked_once(object.__new__(PatientQoS))
    assert "visibility timeout" in caplog.text
