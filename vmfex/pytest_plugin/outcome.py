"""How a verdict speaks in pytest's terms: compliant passes, the others raise."""

from collections.abc import Sequence

import pytest
from _pytest.outcomes import Failed  # pytest.fail.Exception, as a class that mypy knows

from vmfex.checks.result.verdict import Finding, Verdict, in_words, worst


class Violated(Failed):
    """Read, and not as the rule wants it: pytest's and Allure's *failed*."""

    __module__ = "builtins"  # as pytest's own: its summary shows the message, not a path


class Undetermined(Failed):
    """Not readable: pytest's *failed*, Allure's *broken*, never green."""

    __module__ = "builtins"


SPOKEN = (Violated, Undetermined, pytest.skip.Exception, pytest.xfail.Exception)


def speak(findings: Sequence[Finding]) -> None:
    """Raises what the findings' worst verdict means; returns when all is compliant."""
    verdict, message = worst(finding.verdict for finding in findings), in_words(findings)
    if verdict is Verdict.VIOLATED:
        raise Violated(message, pytrace=False)  # a traceback would show our code, not the host
    if verdict is Verdict.UNDETERMINED:
        raise Undetermined(message, pytrace=False)
    if verdict is Verdict.NOT_APPLICABLE:
        pytest.skip(message)
    if verdict is Verdict.WAIVED:
        pytest.xfail(message)
