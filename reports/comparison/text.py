"""A comparison as text for a terminal: the worse first, the line that sums it up last."""

from collections.abc import Iterator, Mapping, Sequence

from vmfex.checks.result.acceptance import Acceptance
from vmfex.checks.result.certification import Certification
from vmfex.checks.result.verdict import Finding
from vmfex.checks.text import one_line
from vmfex.reports.comparison.compare import AcceptanceChange, Comparison, RuleChange, Trend
from vmfex.reports.comparison.hosts import Compared
from vmfex.reports.text_lines import LOUD, Lines, name, places
from vmfex.reports.times import moment
from vmfex.reports.view import purpose

HEADINGS = {
    Trend.WORSE: "Worse:",
    Trend.BETTER: "Better:",
    Trend.NEITHER: "Read otherwise, and neither worse nor better:",
}
CAME, WENT = "Hosts that came:", "Hosts that went, and are known no more:"
UNKNOWN = "Hosts without a record, then and now:"
COUNTED = {Trend.WORSE: "worse", Trend.BETTER: "better", Trend.NEITHER: "read otherwise"}
PAINT = {Trend.WORSE: "1;31", Trend.BETTER: "1;32", Trend.NEITHER: "1"}
WORDS = {Trend.WORSE: "WORSE", Trend.BETTER: "BETTER", Trend.NEITHER: "NOT WORSE"}


def render(compared: Compared, *, width: int = 80, colour: bool = False) -> str:
    """The whole text. Words longer than `width` are not broken."""
    lines = Lines(width, colour)
    told: list[str] = []
    for comparison in compared.pairs.values():
        told += [*_host(lines, comparison), ""]
    for heading, labels in beside(compared).items():
        if labels:
            told += [heading, *(f"    {name(label)}" for label in labels), ""]
    return "\n".join([*told, *_last(lines, compared)]) + "\n"


def beside(compared: Compared) -> Mapping[str, Sequence[str]]:
    """The hosts that could not be compared, by what is to be said of them."""
    came = [f"{label}: {of.decision}" for label, of in compared.came.items()]
    return {CAME: came, WENT: compared.went, UNKNOWN: compared.unknown}


def _host(lines: Lines, comparison: Comparison) -> Iterator[str]:
    for label, side in (("old:", comparison.old), ("new:", comparison.new)):
        yield from lines.labelled(label, name(_head(side)), 0)
    if comparison.same_rules:
        yield from lines.labelled("rules:", f"the same rule set, {comparison.new.ruleset}", 0)
    else:
        sets = f"! two rule sets: {comparison.old.ruleset}, then {comparison.new.ruleset}"
        yield from (lines.painted(line, LOUD) for line in lines.labelled("rules:", sets, 0))
    for label, ids in (("came:", comparison.came), ("went:", comparison.went)):
        yield from lines.labelled(label, ", ".join(map(one_line, ids)), 0)
    for remark in comparison.remarks:
        yield from lines.labelled("note:", name(remark), 0)
    for trend, heading in HEADINGS.items():
        changes = comparison.of_trend(trend)
        if changes:
            yield ""
            yield lines.painted(heading, PAINT[trend])
        for change in changes:
            yield from _change(lines, change)
    if comparison.acceptances:
        yield ""
        yield "Waivers, statements and objections:"
        for each in comparison.acceptances:
            yield from lines.wrapped(name(_accepted(each)), 4)


def _head(of: Certification) -> str:
    return f"{of.decision}: {of.host}, judged {moment(of.started)} for {purpose(of)}"


def _change(lines: Lines, change: RuleChange) -> Iterator[str]:
    aside = "" if change.decides else " [decides nothing]"
    title = f"{one_line(change.rule.id)}  {_verdicts(change)}  {one_line(change.rule.title)}{aside}"
    yield from lines.wrapped(title, 2)
    for each in change.subjects:
        yield from lines.wrapped(name(each.subject), 6)
        yield from _findings(lines, "was:", each.old)
        yield from _findings(lines, "is:", each.new)


def _verdicts(change: RuleChange) -> str:
    if change.old is None:
        return f"new: {change.new}"
    if change.new is None:
        return f"{change.old} -> not judged"
    return str(change.new) if change.old is change.new else f"{change.old} -> {change.new}"


def _findings(lines: Lines, label: str, findings: Sequence[Finding]) -> Iterator[str]:
    if not findings:
        yield from lines.labelled(label, "not there", 8)
    for finding in findings:
        yield from lines.labelled(label, name(f"{finding.verdict}: {finding.observed}"), 8)
        yield from lines.labelled("from:", places(finding), 8)
        yield from lines.labelled("wanted:", name(finding.wanted), 8)


def _accepted(change: AcceptanceChange) -> str:
    if change.old and change.new:
        return f"changed: {_who(change.old)}; now: {_who(change.new)}"
    if change.new:
        return f"came: {_who(change.new)}"
    return f"went: {_who(change.old)}" if change.old else ""


def _who(said: Acceptance) -> str:
    return f"{said.rule} on {said.subject}, {said.label}: {said.text}"


def _last(lines: Lines, compared: Compared) -> Iterator[str]:
    """A line for each host where there are several, and the one that sums it up."""
    several = len(compared.pairs) != 1 or any(beside(compared).values())
    for label, comparison in compared.pairs.items():
        yield _sum(lines, comparison.trend, f"{name(label)}: {_counts(comparison)}")
    if several:
        hosts = f"{len(compared.pairs)} hosts compared, {len(compared.came)} came"
        none = f", {len(compared.unknown)} without a record" if compared.unknown else ""
        yield _sum(lines, compared.trend, f"{hosts}, {len(compared.went)} went{none}")


def _sum(lines: Lines, trend: Trend, rest: str) -> str:
    return f"{lines.painted(WORDS[trend], PAINT[trend])}: {one_line(rest)}"


def _counts(comparison: Comparison) -> str:
    old, new = comparison.old.decision, comparison.new.decision
    decision = str(new) if old is new else f"{old} -> {new}"
    counts = [f"{len(comparison.of_trend(trend))} {word}" for trend, word in COUNTED.items()]
    rules = "the same rule set" if comparison.same_rules else "another rule set"
    return f"{decision}; rules: {', '.join(counts)}; {rules}"
