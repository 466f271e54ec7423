"""Every finding as a row, for spreadsheets."""

from collections.abc import Iterable, Iterator

from vmfex.checks.result.certification import Certification
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.reports.formats.cells import cell
from vmfex.reports.formats.context import Assignment, Context
from vmfex.reports.formats.telling import GOOD, UNJUDGED, accepted_by, remarks, what_to_do, yes

WORDS = {verdict: str(verdict) for verdict in Verdict}  # a spreadsheet has the record's own words
NOT_RUN, REMARK = "not run", "remark"
OF_RULE = ("host", "decision", "rule", "title", "severity", "derived", "decides", "verdict")
OF_FINDING = ("subject", "finding", "observed", "wanted", "what to do", "read from", "accepted")
OF_PERSON = ("owner", "due", "status")
UNASSIGNED = Assignment()
HEADER = (*OF_RULE, *OF_FINDING, *OF_PERSON)

Row = tuple[str, ...]


def rows(hosts: Iterable[Certification], context: Context, *, well: bool = True) -> Iterator[Row]:
    """In the order of the record; what is to be known of a host, and a rule that was not run, have
    rows too. `verdict` is the rule's,
    `finding` that of one subject; without `well`, what is compliant or not applicable is left out.
    """
    for of in hosts:
        host, decision = cell(of.host), of.decision
        bare = dict.fromkeys(HEADER, "") | {"host": host, "decision": decision}
        for remark in remarks(of):
            yield tuple((bare | {"finding": REMARK, "observed": cell(remark)}).values())
        for result in of.results:
            rule, decides = result.rule, yes(of.decides(result))
            told = (rule.id, cell(rule.title), rule.severity, yes(rule.derived), decides)
            head = (host, decision, *told, WORDS[result.verdict])
            for finding in result.findings or (UNJUDGED,):
                if well or finding.verdict not in GOOD:
                    to_do = cell(what_to_do(result, finding))
                    yield head + _row(of, finding, to_do, context, (rule.id, host))
        for id_ in of.not_run:
            row = bare | {"rule": id_, "verdict": NOT_RUN, "finding": NOT_RUN}
            yield tuple(row.values())


def _row(
    of: Certification, finding: Finding, to_do: str, context: Context, about: tuple[str, str]
) -> Row:
    subject = cell(finding.subject)
    assigned = context.assigned.get((*about, subject), UNASSIGNED)
    return (
        subject,
        WORDS[finding.verdict],
        cell(finding.observed),
        cell(finding.wanted),
        to_do,
        cell(", ".join(dict.fromkeys([evidence.where for evidence in finding.evidence]))),
        cell(accepted_by(finding, of)),
        cell(assigned.owner),
        assigned.due,
        cell(assigned.status),
    )
