"""`--fail-on`: from which decision on a run ends with a status that fails a CI job."""

from collections.abc import Collection
from enum import StrEnum

from vmfex.checks.result.certification import Decision
from vmfex.exit_status import Exit


class FailOn(StrEnum):
    """The strictest first. Each fails for what it names and for whatever is worse."""

    WAIVED = "waived"
    INCOMPLETE = "incomplete"
    VIOLATED = "violated"
    NEVER = "never"


TABLE = """\
\b
--fail-on, from which decision on the exit status is not 0:
  waived      CERTIFIED WITH WAIVERS (exit status 1) and all below
  incomplete  INCOMPLETE (6) and NOT CERTIFIED (1): the default
  violated    NOT CERTIFIED alone; INCOMPLETE ends with 0
  never       none
It changes no report and no verdict, and no status but 0, 1 and 6.
"""


def gated(status: Exit, decisions: Collection[Decision | None], fail_on: FailOn) -> Exit:
    """What a run with this status, and these decisions on its hosts, ends with."""
    if status is Exit.CERTIFIED and fail_on is FailOn.WAIVED:
        waived = Decision.CERTIFIED_WITH_WAIVERS in decisions
        return Exit.NOT_CERTIFIED if waived else status
    let_through = {
        FailOn.VIOLATED: (Exit.INCOMPLETE,),
        FailOn.NEVER: (Exit.INCOMPLETE, Exit.NOT_CERTIFIED),
    }
    return Exit.CERTIFIED if status in let_through.get(fail_on, ()) else status


def told(status: Exit, ended: Exit, fail_on: FailOn) -> str:
    """A sentence where the exit status is another than the decision's; else empty."""
    if status is ended:
        return ""
    return f"exit status {ended:d} instead of {status:d}, by --fail-on {fail_on}"
