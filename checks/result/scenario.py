"""A scenario of a rule, and what it found on a host."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from vmfex.checks.result.verdict import Finding

Kind = Literal["given", "then"]
Table = tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Step:
    """A step as it is written, an And or a But of the kind of the step before it."""

    kind: Kind
    keyword: str
    text: str
    table: Table | None = None

    @property
    def title(self) -> str:
        return f"{self.keyword} {self.text}"


@dataclass(frozen=True, slots=True)
class Scenario:
    """`alone` when the rule has no other."""

    rule_id: str
    name: str
    alone: bool
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Ran:
    """A scenario on a host as the record keeps it: how many of its steps ran (0 where the program
    broke), and how many findings the last of them gave."""

    name: str
    steps: tuple[Step, ...]
    steps_run: int
    findings: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What a scenario found on a host, or the error that came instead. The last step that ran gave
    it. `times` are when each step that ran began, and when the last one ended (Unix time)."""

    scenario: Scenario
    findings: Sequence[Finding]
    error: BaseException | None
    times: Sequence[float]

    @property
    def steps_run(self) -> int:
        return len(self.times) - 1
