"""Who mends what until when, as a filled action plan says, for the pages that people read."""

from vmfex.checks.result.certification import Certification, RuleResult
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.reports.actions import Action
from vmfex.reports.assignment import Assigned
from vmfex.reports.formats.action_rows import key
from vmfex.reports.formats.context import Assignment, Context
from vmfex.reports.formats.telling import UNJUDGED

MOST_SUBJECTS = 3  # named beside an assignment that is not that of all


def assigned(action: Action, of: Certification, context: Context) -> list[Assigned]:
    """Each assignment once, in the order of the findings."""
    subjects: dict[Assignment, dict[str, None]] = {}
    for result in action.rules:
        for finding in _findings(action, result):
            place = key(result.rule.id, of.host, finding.subject)
            wrote = context.assigned.get(place, Assignment())
            subjects.setdefault(wrote, {})[finding.subject] = None
    return [
        Assigned(
            wrote.owner,
            wrote.due,
            bool(wrote.due) and wrote.due < max(context.today, of.finished[:10]),
            wrote.status,
            _some([*named]) if len(subjects) > 1 else "",
        )
        for wrote, named in subjects.items()
        if wrote != Assignment()
    ]


def _findings(action: Action, result: RuleResult) -> list[Finding]:
    """Those that the action would settle: of a violated rule also what could not be read."""
    if not result.findings:
        return [UNJUDGED]
    if action.verdict is Verdict.VIOLATED:
        return [f for f in result.findings if f.verdict in (Verdict.VIOLATED, Verdict.UNDETERMINED)]
    own = {id(finding) for finding in action.findings}
    return [finding for finding in result.findings if id(finding) in own]


def _some(subjects: list[str]) -> str:
    more = len(subjects) - MOST_SUBJECTS
    return ", ".join([*subjects[:MOST_SUBJECTS], *([f"{more} more"] if more > 0 else [])])
