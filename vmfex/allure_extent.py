"""`--allure`: which of Allure's results a run writes. They cost more than reading and judging."""

from collections.abc import Sequence
from enum import StrEnum
from typing import TYPE_CHECKING

from vmfex.checks.result.verdict import Verdict

if TYPE_CHECKING:
    from vmfex.checks.result.scenario import Judged

GOOD = (Verdict.COMPLIANT, Verdict.NOT_APPLICABLE)


class Allure(StrEnum):
    """All of them; those in which something is violated, undetermined or waived; or none. What is
    left out can be made of the records later (`vmfex report allure`)."""

    ALL = "all"
    NOT_COMPLIANT = "not-compliant"
    NONE = "none"


def shown(judged: "Sequence[Judged]", extent: Allure) -> "Sequence[Judged]":
    """Those that Allure is to have results of."""
    if extent is Allure.ALL:
        return judged
    return [*filter(_tells, judged)] if extent is Allure.NOT_COMPLIANT else []


def _tells(judged: "Judged") -> bool:
    return judged.error is not None or any(f.verdict not in GOOD for f in judged.findings)
