"""What a doctor's check finds."""

from collections.abc import Callable, Iterable

from nonza.doctor.registry import Finding


def told(check: Callable[[], Iterable[Finding]]) -> dict[str, str]:
    """The codes of what a check finds, and their verdicts; whoever finds a fault says what to do."""
    findings = list(check())
    assert all(bool(finding.cure) is (finding.verdict != "fine") for finding in findings), findings
    return {finding.code: str(finding.verdict) for finding in findings}
