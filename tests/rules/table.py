"""What a row of the violation matrix is made of: a host, changed a little, and what is expected.

Expectations are worked out from the guide's rules, never copied from what the program says.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from tests.support.construct import RawTree, construct, make
from tests.support.construct.spec import Blade
from tests.support.judging import Judgement, judge_raw
from vmfex.checks.model.plan import Plan
from vmfex.checks.result.verdict import Verdict

Change = Callable[[RawTree], None]
Consequences = Mapping[str, tuple[Verdict, str]]

COMPLIANT, VIOLATED = Verdict.COMPLIANT, Verdict.VIOLATED
NOT_APPLICABLE, UNDETERMINED = Verdict.NOT_APPLICABLE, Verdict.UNDETERMINED

_made: dict[str, RawTree] = {}
_judged: dict[int, tuple["Host", Judgement]] = {}


@dataclass(frozen=True)
class Host:
    """A committed host (by name) or a described one, with changes to its evidence, and a plan."""

    base: str | Blade
    changes: tuple[Change, ...] = ()
    plan: Plan = field(default_factory=Plan)

    def but(self, *changes: Change, plan: Plan | None = None) -> "Host":
        """This host, changed further."""
        return replace(self, changes=(*self.changes, *changes), plan=plan or self.plan)

    def raw(self) -> RawTree:
        """The evidence, made anew for each caller."""
        name = self.base if isinstance(self.base, str) else repr(self.base)
        if name not in _made:
            _made[name] = make(name) if isinstance(self.base, str) else construct(self.base)
        tree = RawTree(dict(_made[name].files), dict(_made[name].links))
        for change in self.changes:
            change(tree)
        return tree

    def judged(self) -> Judgement:
        """Every rule on it; judged once for each Host that a row names."""
        if id(self) not in _judged:
            _judged[id(self)] = (self, judge_raw(self.raw(), self.plan))
        return _judged[id(self)][1]


def verdict(host: Host, rule: str) -> str:
    """What a rule comes to on a host."""
    return host.judged().verdicts[rule]


REFERENCE = Host("reference")
PRIVATE = Host("rhel61-private-ucs20")
PRIVATE_21 = Host("rhel61-private-ucs21")
IDLE = Host("rhel79-idle")
NO_VIC = Host("no-vic")


@dataclass(frozen=True)
class Violation:
    """`host` differs from `base` by the smallest change that violates the rule. Of all other rules
    only the consequences change verdict: each with what it becomes, and why."""

    rule: str
    what: str
    host: Host
    base: Host = REFERENCE
    consequences: Consequences = field(default_factory=dict)


@dataclass(frozen=True)
class Absence:
    """A host without the rule's subject; None where every host has it. `why` says so in words."""

    rule: str
    why: str
    host: Host | None = None


@dataclass(frozen=True)
class Gap:
    """A host of which the rule's evidence could not be read."""

    rule: str
    what: str
    host: Host
