"""Exit statuses, an extension of pytest's: one table for the command, the plugin and the docs."""

from enum import IntEnum

from vmfex.checks.result.certification import Decision


class Exit(IntEnum):
    CERTIFIED = 0
    NOT_CERTIFIED = 1
    INTERRUPTED = 2
    INTERNAL_ERROR = 3
    USAGE = 4
    NO_RULE_RAN = 5
    INCOMPLETE = 6


EXIT_STATUS = {
    Decision.CERTIFIED: Exit.CERTIFIED,
    Decision.CERTIFIED_WITH_WAIVERS: Exit.CERTIFIED,
    Decision.NOT_CERTIFIED: Exit.NOT_CERTIFIED,
    Decision.INCOMPLETE: Exit.INCOMPLETE,
}
WORST_FIRST = (Exit.INTERNAL_ERROR, Exit.NOT_CERTIFIED, Exit.INCOMPLETE, Exit.CERTIFIED)

TABLE = """\
\b
Exit status:
  0  certified, with or without waivers
  1  not certified
  2  interrupted
  3  internal error, or no disk, memory or output to write to
  4  wrong usage: option, host, plan, rule, file or folder
  5  no rule ran
  6  incomplete: nothing is violated, something is undetermined or was not run
With several hosts, that of the worst: 3, then 1, then 6, then 0.
"""
