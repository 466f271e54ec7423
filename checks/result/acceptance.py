"""What named people say of findings: waivers, statements and objections.

A waiver turns violated into waived. A statement speaks for what no probe can see: undetermined
becomes waived too, since somebody's word is not a measurement. An objection says that a result is
wrong, and changes nothing.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from vmfex.checks.model.glob import matches
from vmfex.checks.result.reading import in_days
from vmfex.checks.result.rule import Rule, Severity
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.checks.text import shown

SOON = timedelta(days=30)  # before its end, a waiver is warned of
STATEABLE = ("HDV-05",)  # what a host does not show of its guests


class Kind(StrEnum):
    WAIVER = "waiver"
    STATEMENT = "statement"
    OBJECTION = "objection"


ACCEPTS = {Kind.WAIVER: Verdict.VIOLATED, Kind.STATEMENT: Verdict.UNDETERMINED}


@dataclass(frozen=True, slots=True)
class Acceptance:
    """`host` and `subject` are shell-style patterns. `text` is the justification, the statement or
    the reason; `by` who says it, `owner` who has to mend it, `at` when it was said, `expires` an
    instant with its zone. `file` and `digest` are the evidence that a statement rests on.
    `risk_accepted` is needed for a blocker."""

    kind: Kind
    rule: str
    text: str
    by: str
    host: str = "*"
    subject: str = "*"
    owner: str = ""
    at: str = ""
    expires: datetime | None = None
    risk_accepted: bool = False
    file: str = ""
    digest: str = ""

    def covers(self, rule_id: str, finding: Finding, host: str) -> bool:
        here = matches(host, self.host) and matches(finding.subject, self.subject)
        return rule_id == self.rule and here

    def said(self, now: datetime) -> bool:
        """Whether it had been said by then: nobody can state now what he will have seen."""
        return not self.at or datetime.fromisoformat(self.at) <= now

    def holds(self, now: datetime) -> bool:
        return self.said(now) and (self.expires is None or now < self.expires)

    @property
    def label(self) -> str:
        until = f" until {self.expires.isoformat()}" if self.expires else ""
        return f"{self.kind} of {self.by}{until}"


@dataclass(slots=True)
class Acceptances:
    """Those that a user gives, which of them were of use for this host, which speak of a finding,
    and the verdicts of what each covers; `now` is the moment that decides what has expired."""

    given: Sequence[Acceptance]
    host: str
    now: datetime
    used: set[int] = field(default_factory=set)
    matched: set[int] = field(default_factory=set)
    seen: dict[int, set[Verdict]] = field(default_factory=dict)

    def applied(self, rule: Rule, finding: Finding) -> Finding:
        """The finding as these people have it. One that has expired is named too, and changes
        nothing."""
        if not self.given:
            return finding
        covering = [i for i, a in enumerate(self.given) if a.covers(rule.id, finding, self.host)]
        for index in covering:
            self.seen.setdefault(index, set()).add(finding.verdict)
        objections = [i for i in covering if self.given[i].kind is Kind.OBJECTION]
        accepting = [i for i in covering if ACCEPTS.get(self.given[i].kind) is finding.verdict]
        self.matched.update(objections, accepting)
        if accepting:
            index = min(accepting, key=lambda i: not self.given[i].holds(self.now))
            self.used.add(index)
            accepts = self._accepts(self.given[index], rule)
            verdict = Verdict.WAIVED if accepts else finding.verdict
            return replace(finding, verdict=verdict, accepted=index)
        self.used.update(objections)
        return replace(finding, accepted=objections[0]) if objections else finding

    def _accepts(self, acceptance: Acceptance, rule: Rule) -> bool:
        risk = rule.severity is not Severity.BLOCKER or acceptance.risk_accepted
        return acceptance.holds(self.now) and risk

    def notes(self) -> list[str]:
        """What every report has to say of them: what ended, ends soon, or was of no use."""
        found = []
        for index, each in enumerate(self.given):
            if not matches(self.host, each.host):
                continue
            what = f"the {each.label} on {each.rule}"
            if index not in self.matched:
                verdicts = " and ".join(sorted(self.seen.get(index, ())))
                why = f"what it matches is {verdicts}" if verdicts else "nothing matches it"
                found.append(f"{what} is not needed: {why}")
            elif each.kind is Kind.OBJECTION:
                found += [f"{what} is of what is accepted: {each.text}"] * (index not in self.used)
            elif index not in self.used:
                found.append(f"{what} is not needed: another speaks of what it matches")
            elif not each.said(self.now):
                found.append(f"{what} is of {each.at}, which is to come: it does not count yet")
            elif not each.holds(self.now):
                found.append(f"{what} has expired and counts no more")
            elif each.expires and each.expires - self.now < SOON:
                left = in_days((each.expires - self.now).total_seconds())
                found.append(f"{what} ends in {left}")
        return found


def of_no_host(given: Sequence[Acceptance], hosts: Collection[str]) -> str:
    """A sentence about those whose pattern fits none of a run's hosts, misspelt perhaps; empty if
    each fits one."""
    strange = [a for a in given if not any(matches(host, a.host) for host in hosts)]
    if not strange:
        return ""
    first = f"the {strange[0].label} on {strange[0].rule}, for {shown(strange[0].host)}"
    if len(strange) == 1:
        return f"{first}, fits no host of this run"
    return f"{len(strange)} waivers, statements or objections fit no host of this run: {first}, ..."


def fault_of(acceptance: Acceptance, rule: Rule | None) -> str:
    """Why it cannot be used with this rule set; empty if it can."""
    if rule is None:
        return f"there is no rule {acceptance.rule}"
    if acceptance.kind is Kind.STATEMENT and rule.id not in STATEABLE:
        known = ", ".join(STATEABLE)
        return f"{rule.id} is read from evidence: only {known} can be stated"
    needs_risk = acceptance.kind is Kind.WAIVER and rule.severity is Severity.BLOCKER
    if needs_risk and not acceptance.risk_accepted:
        return f"{rule.id} is a blocker: its waiver needs risk_accepted: true"
    return ""
