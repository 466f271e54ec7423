"""`certificate.html` of one host: what the template shows, taken from the certification."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING

from vmfex.checks.result.certification import Certification, RuleResult
from vmfex.checks.result.reading import OLD, in_days
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.checks.text import harmless, shorten
from vmfex.reports.actions import actions_of
from vmfex.reports.certificate.drawing import draw
from vmfex.reports.view import purpose, tally, why_not

if TYPE_CHECKING:
    from jinja2 import Environment

MOST_FINDINGS = 12  # of a rule or an action; the record has all
MOST_TEXT = 600  # characters of what a finding says
CLASSES = {  # how the decision's banner looks
    "CERTIFIED": "good",
    "CERTIFIED WITH WAIVERS": "waived",
    "INCOMPLETE": "open",
    "NOT CERTIFIED": "bad",
}
SYMBOLS = {  # readable without colour
    Verdict.VIOLATED: "✖",
    Verdict.UNDETERMINED: "?",
    Verdict.WAIVED: "✎",
    Verdict.COMPLIANT: "✔",
    Verdict.NOT_APPLICABLE: "-",
}


def render(certification: Certification, record_digest: str = "") -> str:
    """The whole page. `record_digest` is the SHA-256 of the record beside it."""
    inventory = certification.inventory
    plain = [vm for vm in inventory.vms if not any(i.topology for i in vm.interfaces)]
    return (
        _environment()
        .get_template("certificate.html.j2")
        .render(
            c=certification,
            banner=CLASSES[certification.decision],
            purpose=purpose(certification),
            tally=tally(certification),
            ages=list(_ages(certification)),
            actions=actions_of(certification),
            drawing=draw(inventory, marks_of(certification)),
            plain=plain,
            areas=_areas(certification),
            symbols=SYMBOLS,
            why_not=lambda result: why_not(certification, result),
            waived=[
                (r, f) for r in certification.results for f in r.findings if f.accepted is not None
            ],
            record_digest=record_digest,
            most=MOST_FINDINGS,
        )
    )


@cache
def _environment() -> "Environment":
    from pathlib import Path

    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["told"] = told
    environment.filters["moment"] = moment
    return environment


def told(text: str) -> str:
    """What comes from a host, so that it cannot steer a reader, and not too long."""
    return shorten(harmless(text), MOST_TEXT)


def moment(at: str) -> str:
    """An instant as people read it: 2026-03-01 10:00 UTC."""
    return f"{at[:10]} {at[11:16]} UTC" if len(at) >= 16 else "at a time that is not known"


def _ages(certification: Certification) -> Iterator[tuple[str, str, str, bool]]:
    """Of each reading: what, how, when with its age, and whether that is old."""
    for reading in certification.readings:
        age = reading.age(certification.started)
        if age is None:
            when = "the evidence does not tell when"
        elif age < OLD:
            when = moment(reading.at)
        else:
            when = f"{moment(reading.at)}, {in_days(age)} before this certificate"
        yield reading.what, reading.how, when, age is None or age >= OLD


def marks_of(certification: Certification) -> Mapping[str, str]:
    """The worst of what was found on each subject; what only is advice is told apart."""
    marks: dict[str, str] = {}
    weights = ("violated", "undetermined", "waived", "advice")
    for result in certification.results:
        aside = not certification.decides(result)
        for finding in result.findings:
            mark = _mark(finding, aside)
            old = marks.get(finding.subject, "")
            if mark and (not old or weights.index(mark) < weights.index(old)):
                marks[finding.subject] = mark
    return marks


def _mark(finding: Finding, aside: bool) -> str:
    if finding.verdict not in (Verdict.VIOLATED, Verdict.UNDETERMINED, Verdict.WAIVED):
        return ""
    if aside:
        return "advice" if finding.verdict is Verdict.VIOLATED else ""
    return str(finding.verdict)


def _areas(certification: Certification) -> Mapping[str, list[RuleResult]]:
    areas: dict[str, list[RuleResult]] = {}
    for result in certification.results:
        areas.setdefault(result.rule.area, []).append(result)
    return areas
