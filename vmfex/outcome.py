"""How a verdict speaks in pytest's terms: compliant passes, the others raise."""

from collections.abc import Sequence

import pytest

from checks.verdict import Finding, Verdict, worst


class Violated(AssertionError):
    """Read, and not as the rule wants it: pytest's and Allure's *failed*."""


class Undetermined(Exception):
    """Not readable: pytest's *failed*, Allure's *broken*, never green."""


def speak(findings: Sequence[Finding]) -> None:
    """Raises what the findings' worst verdict means; returns when all is compliant."""
    verdict = worst(finding.verdict for finding in findings)
    said = [
        f"{f.subject}: {f.observed}; wanted: {f.wanted}" for f in findings if f.verdict is verdict
    ]
    message = f"{verdict.upper()}: " + "\n".join(said)
    if verdict is Verdict.VIOLATED:
        raise Violated(message)
    if verdict is Verdict.UNDETERMINED:
        raise Undetermined(message)
    if verdict is Verdict.NOT_APPLICABLE:
        pytest.skip(message)
    if verdict is Verdict.WAIVED:
        pytest.xfail(message)
