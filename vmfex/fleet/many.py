"""How a run over several hosts goes, beside what is asked of each of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vmfex.fleet.settings import Entry

# hosts that are collected; an sshd, as on a jump host, refuses some of more than 10 at a time
AT_ONCE = 8
MOST_AT_ONCE = 256


@dataclass(frozen=True, slots=True)
class Many:
    """`parallel` hosts are collected at a time; `resume` goes on with the run that was interrupted
    in the same folder. `scheduler` is the address of a Dask scheduler whose workers judge, None
    where this machine does. `entries` are the hosts of an inventory, `said` what the environment
    had for their UCS Managers."""

    parallel: int = AT_ONCE
    resume: bool = False
    scheduler: str | None = None
    entries: "tuple[Entry, ...]" = ()
    said: Mapping[str, str] = field(default_factory=dict, repr=False)


ONE_RUN = Many()
