"""The certificate as PDF/UA-1 and PDF/A-3a, with the record in it; the same bytes each time."""

import json
from pathlib import Path
from typing import Any

from vmfex.checks.result.certification import Certification
from vmfex.checks.result.verdict import Verdict
from vmfex.checks.text import harmless
from vmfex.errors import UsageError
from vmfex.extras import wanted
from vmfex.reports import record
from vmfex.reports.actions import Action, actions_of
from vmfex.reports.assignment import AssignedTo, nobody
from vmfex.reports.certificate.page import (
    MOST_FINDINGS,
    drawing_of,
    loud,
    on_paper,
    slots,
)
from vmfex.reports.certificate.templates import told
from vmfex.reports.times import ages
from vmfex.reports.view import purpose, tally

HIGHEST = 1.3  # a drawing, of its width: on A4 the rest would not be on the page
DRAWN = str.maketrans({"✖": "x", "✎": "w", "…": "."})
COLOURS = {
    "CERTIFIED": "#12562a",
    "CERTIFIED WITH WAIVERS": "#4b2073",
    "INCOMPLETE": "#6b4200",
    "NOT CERTIFIED": "#8f1212",
}
Json = dict[str, Any]


def render(certification: Certification, assigned: AssignedTo = nobody) -> bytes:
    """The file's bytes; `assigned` says who has to mend what. Raises UsageError where typst is not
    installed."""
    try:
        import typst
    except ModuleNotFoundError:
        raise UsageError(wanted("the PDF needs typst", "pdf")) from None
    template = Path(__file__).with_name("certificate.typ").read_bytes()
    data = {"data": json.dumps(_printable(_data(certification, assigned)))}
    return typst.compile(
        template,
        None,
        format="pdf",
        sys_inputs=data,
        pdf_standards=["a-3a", "ua-1"],
        ignore_system_fonts=True,
    )


def _printable(value: Any) -> Any:
    """With escapes for what the font does not have: the standards refuse a file that would show an
    empty box in its place."""
    if isinstance(value, str):
        return (
            harmless(value).translate(DRAWN).encode("latin-1", "backslashreplace").decode("latin-1")
        )
    if isinstance(value, dict):
        return {k: v if k == "record" else _printable(v) for k, v in value.items()}
    return [_printable(each) for each in value] if isinstance(value, list) else value


def _data(certification: Certification, assigned: AssignedTo) -> Json:
    year, month, day = (int(part) for part in certification.started[:10].split("-"))
    actions = actions_of(certification)
    judged = f"Judged {certification.started} by vmfex {certification.version}."
    drawing = drawing_of(certification)
    return {
        "decision": str(certification.decision),
        "host": told(certification.host),
        "colour": COLOURS[certification.decision],
        "day": [year, month, day],
        "head": [f"Cisco VM-FEX for KVM, for {purpose(certification)}.", judged]
        + [f"{tally(certification)}."]
        + [f"Evidence of the {w}: read {how}, {at}." for w, how, at, old in _read(certification)],
        "loud": loud(certification),
        "must": [_action(a, assigned) for a in actions if a.decides],
        "may": [_action(a, assigned) for a in actions if not a.decides],
        "drawing": on_paper(drawing) if drawing else None,
        "tall": drawing is not None and drawing.height > HIGHEST * drawing.width,
        "capacity": _capacity(certification),
        "slots": slots(certification),
        "accepted": [
            [str(a.kind), a.rule, told(a.text), told(a.by), f"{a.expires or ''}"]
            for a in certification.accepted
        ],
        "out_of_scope": [told(name) for name in certification.out_of_scope],
        "rules": [
            [r.rule.id, str(r.verdict), f"{r.rule.title} ({r.rule.source})"]
            for r in certification.results
        ],
        "digests": _digests(certification),
        "record": record.text(certification),
    }


def _read(certification: Certification) -> list[tuple[str, str, str, bool]]:
    return [(told(what), told(how), at, old) for what, how, at, old in ages(certification)]


def _action(action: Action, assigned: AssignedTo) -> Json:
    violated = action.verdict is Verdict.VIOLATED
    title = f"{action.rules[0].rule.title}" if violated else f"Not known: {told(action.cause)}"
    aside = "" if action.decides else ", does not count for the decision"
    found = [f"{told(f.subject)}: {told(f.observed)}" for f in action.findings]
    return {
        "title": title,
        "about": f"{', '.join(action.ids)}, {action.severity}{aside}",
        "colour": "#8f1212" if violated else "#6b4200",
        "findings": _some(found if violated else list(map(told, action.causes[1:]))),
        "remedies": _some([told(remedy) for remedy in action.remedies]),
        "who": [told(each.line) for each in assigned(action)],
    }


def _some(texts: list[str]) -> list[str]:
    more = len(texts) - MOST_FINDINGS
    return [*texts[:MOST_FINDINGS], *([f"and {more} more, in the record"] if more > 0 else [])]


def _capacity(certification: Certification) -> list[list[str]]:
    return [
        [
            str(each.topology),
            "not known" if each.room is None else f"{'' if each.sure else 'at most '}{each.room}",
            each.binds,
            "; ".join(
                f"{limit.name}: {'not known' if limit.room is None else limit.room}"
                f" ({told(limit.how)})"
                for limit in each.limits
            ),
        ]
        for each in certification.capacity
    ]


def _digests(certification: Certification) -> list[str]:
    told_ = [("Rule set", certification.ruleset)]
    told_ += [("File of the evidence, sha256", certification.digest or "")]
    told_ += [("Plan, sha256", certification.plan.digest)]
    return [f"{name}: {digest}" for name, digest in told_ if digest]
