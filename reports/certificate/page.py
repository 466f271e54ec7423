"""`certificate.html` of one host: what the template shows, taken from the certification."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from vmfex.checks.result.certification import Certification
from vmfex.checks.result.rule import Rule
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.reports.actions import actions_of
from vmfex.reports.assignment import AssignedTo, nobody
from vmfex.reports.certificate.drawing import Drawing, draw
from vmfex.reports.certificate.rows import MARKS
from vmfex.reports.certificate.templates import environment, short, told
from vmfex.reports.times import ages
from vmfex.reports.view import purpose, tally, why_not

MOST_FINDINGS = 12  # of a rule or an action; the record has all
MOST_IN_TABLE = 4  # findings of a rule there
MOST_VMS = 8  # with the fewest free PCI slots
ON_PAPER = (
    "text{font:12px sans-serif}.heading,.detail{font-size:11px;fill:#444}"
    ".wire{stroke:#667;fill:none}.box rect{fill:#f7f8fa;stroke:#667}"
    ".violated rect{stroke:#8f1212;stroke-width:3;"
    "stroke-dasharray:8 3}.undetermined rect{stroke:#6b4200;stroke-width:2;stroke-dasharray:2 3}"
    ".waived rect{stroke:#4b2073;stroke-width:2}"
)
GOOD = (Verdict.COMPLIANT, Verdict.NOT_APPLICABLE)  # a rule of these has no worse finding
CLASSES = {  # how the decision's banner looks
    "CERTIFIED": "good",
    "CERTIFIED WITH WAIVERS": "waived",
    "INCOMPLETE": "open",
    "NOT CERTIFIED": "bad",
}
AREAS = {  # as people call what the rooms of features are about
    "host": "The host",
    "adapter": "The adapter",
    "sriov": "SR-IOV",
    "fabric": "The fabric",
    "topology": "The topologies",
}
SYMBOLS = {  # readable without colour
    Verdict.VIOLATED: "✖",
    Verdict.UNDETERMINED: "?",
    Verdict.WAIVED: "✎",
    Verdict.COMPLIANT: "✔",
    Verdict.NOT_APPLICABLE: "-",
}


def render(
    certification: Certification, record_digest: str = "", assigned: AssignedTo = nobody
) -> str:
    """The whole page. `record_digest` is the SHA-256 of the record beside it; `assigned` says who
    has to mend what."""
    inventory = certification.inventory
    plain = [vm for vm in inventory.vms if not any(i.topology for i in vm.interfaces)]
    actions = actions_of(certification)
    unseen = [action for action in actions if action.cause]
    return (
        environment()
        .get_template("certificate.html.j2")
        .render(
            c=certification,
            banner=CLASSES[certification.decision],
            purpose=purpose(certification),
            tally=tally(certification),
            ruleset=short(certification.ruleset),
            ages=list(ages(certification)),
            loud=loud(certification),
            style="",
            actions=actions,
            assigned=assigned,
            unseen=unseen,
            place={id(action): place for place, action in enumerate(unseen)},
            id=id,
            drawing=drawing_of(certification),
            plain=plain,
            slots=slots(certification),
            areas=_areas(certification),
            spoken_of=_spoken_of(certification),
            record_digest=record_digest,
            most=MOST_FINDINGS,
        )
    )


def drawing_of(certification: Certification) -> Drawing | None:
    """None where there is nothing to draw."""
    return draw(certification.inventory, marks_of(certification))


def on_paper(drawing: Drawing) -> str:
    """The drawing alone, as an SVG with its own style."""
    template = environment().get_template("drawing.svg.j2")
    return template.render(drawing=drawing, style=ON_PAPER)


def _spoken_of(certification: Certification) -> Mapping[int, list[Finding]]:
    """The findings of each waiver, statement and objection, by its place."""
    findings: dict[int, list[Finding]] = {n: [] for n in range(len(certification.accepted))}
    for finding in (f for result in certification.results for f in result.findings):
        if finding.accepted is not None:
            findings[finding.accepted].append(finding)
    return findings


def slots(certification: Certification) -> str:
    """What binds a VM alone, of those on VM-FEX, the fewest first; empty where nothing is known."""
    on_vmfex = (vm for vm in certification.inventory.vms if any(i.topology for i in vm.interfaces))
    known = [(vm.free_slots, vm.name) for vm in on_vmfex if vm.free_slots is not None]
    fewest, others = sorted(known)[:MOST_VMS], sorted(known)[MOST_VMS:]
    said = [f"{told(name)} {free}" for free, name in fewest]
    said += [f"{len(others)} more VMs {others[0][0]} or more"] if others else []
    return (
        f"Free PCI slots, which bind what a VM alone can be given: {', '.join(said)}."
        if said
        else ""
    )


def loud(certification: Certification) -> list[str]:
    """What a reader of the decision has to know beside it, a sentence each."""
    c = certification
    said = [
        "Constructed: no real host gave this evidence." if c.constructed else "",
        f"Not all of the evidence arrived: {told(c.lost)}" if c.lost else "",
        "Only the guide's own rules count: not what libvirt, the kernel or UCS Manager refuse."
        if c.guide_only
        else "",
        "Strict: every derived rule counts." if c.strict else "",
        f"Rules not run: {', '.join(c.not_run)}. Such a run certifies nothing."
        if c.not_run
        else "",
        *map(told, c.notes),
    ]
    return [sentence for sentence in said if sentence]


def marks_of(certification: Certification) -> Mapping[str, str]:
    """The worst of what was found on each subject; what only is advice is told apart."""
    marks: dict[str, str] = {}
    for result in certification.results:
        if result.verdict in GOOD:
            continue
        aside = not certification.decides(result)
        for finding in result.findings:
            mark = _mark(finding, aside)
            old = marks.get(finding.subject, "")
            if mark and (not old or MARKS.index(mark) < MARKS.index(old)):
                marks[finding.subject] = mark
    return marks


def _mark(finding: Finding, aside: bool) -> str:
    if finding.verdict not in (Verdict.VIOLATED, Verdict.UNDETERMINED, Verdict.WAIVED):
        return ""
    if aside:
        return "advice" if finding.verdict is Verdict.VIOLATED else ""
    return str(finding.verdict)


class _Row(NamedTuple):
    """A rule in the table: what it says, its first findings, and how many more there are."""

    head: Markup
    findings: Sequence[str]
    more: int


def _areas(certification: Certification) -> Mapping[str, list[_Row]]:
    areas: dict[str, list[_Row]] = {}
    for result in certification.results:
        row = _Row(
            _head(result.rule, result.verdict, why_not(certification, result)),
            [_found(finding, result.verdict) for finding in result.findings[:MOST_IN_TABLE]],
            len(result.findings[MOST_IN_TABLE:]),
        )
        area = result.rule.area
        areas.setdefault(AREAS.get(area, area), []).append(row)
    return areas


@lru_cache(maxsize=1024)
def _head(rule: Rule, verdict: Verdict, why_not: str) -> Markup:
    """Most of what the page has of a rule is the same for every host."""
    template, symbol = environment().get_template("rule.html.j2"), SYMBOLS[verdict]
    return Markup(template.render(rule=rule, verdict=verdict, symbol=symbol, why_not=why_not))


def _found(finding: Finding, of_rule: Verdict) -> str:
    verdict = "" if finding.verdict is of_rule else f" ({finding.verdict})"
    return f"{told(finding.subject)}{verdict}: {told(finding.observed)}"
