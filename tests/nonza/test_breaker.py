"""A server that does not answer is left alone for a while."""

import pytest

from nonza.breaker import Breaker


def test_one_failure_may_be_an_accident() -> None:
    breaker = Breaker(seconds=3)
    breaker.note_silence()
    assert breaker.may_try()
    breaker.note_answer()
    breaker.note_silence()
    assert breaker.may_try()


def test_after_two_only_one_tries_in_each_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 0.0
    monkeypatch.setattr("nonza.breaker.time.monotonic", lambda: now)
    breaker = Breaker(seconds=3)
    breaker.note_silence()
    breaker.note_silence()
    assert not breaker.may_try()
    now = 3.1
    assert [breaker.may_try() for _caller in range(3)] == [True, False, False]
    breaker.note_silence()
    assert not breaker.may_try()
    now = 6.2
    assert breaker.may_try()
    breaker.note_answer()
    assert [breaker.may_try() for _caller in range(3)] == [True, True, True]
