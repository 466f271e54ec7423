"""A host's capacity as its certification has it, and as it would be."""

from collections.abc import Mapping
from dataclasses import dataclass

from vmfex.checks.inventory.parts import Capacity
from vmfex.checks.result.certification import Certification
from vmfex.checks.result.verdict import Verdict
from vmfex.checks.what_if.change import Change
from vmfex.reports.comparison.compare import RuleChange, Trend, compare


@dataclass(frozen=True, slots=True)
class HostCapacity:
    """`now` is the host as it was read; `then` what would be found of it when `change` is made,
    None where nothing is to be changed."""

    label: str
    now: Certification
    change: Change
    then: Certification | None = None

    @property
    def before(self) -> Mapping[str, Capacity]:
        """By topology; empty where the record has none."""
        return {each.topology: each for each in self.now.capacity}

    @property
    def after(self) -> Mapping[str, Capacity]:
        """The same, with the change where there is one."""
        return {each.topology: each for each in (self.then or self.now).capacity}

    @property
    def known(self) -> bool:
        """Whether a number is known for every topology."""
        return bool(self.after) and all(each.room is not None for each in self.after.values())

    @property
    def changes(self) -> tuple[RuleChange, ...]:
        """The rules whose verdict, or whose verdict on some subject, is another then."""
        if self.then is None:
            return ()
        found = compare(self.now, self.then).changes
        return tuple(c for c in found if c.trend is not Trend.NEITHER or c.old is not c.new)

    def turns(self, verdict: Verdict) -> tuple[str, ...]:
        """The ids of rules that decide and have this verdict then, and have not now."""
        found = (c for c in self.changes if c.decides and c.new is verdict is not c.old)
        return tuple(change.rule.id for change in found)
