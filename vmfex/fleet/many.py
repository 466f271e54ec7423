"""How a run over several hosts goes, beside what is asked of each of them."""

from dataclasses import dataclass

# hosts that are collected; an sshd, as on a jump host, refuses some of more than 10 at a time
AT_ONCE = 8
MOST_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Many:
    """`parallel` hosts are collected at a time; `resume` goes on with the run that was interrupted
    in the same folder."""

    parallel: int = AT_ONCE
    resume: bool = False


ONE_RUN = Many()
