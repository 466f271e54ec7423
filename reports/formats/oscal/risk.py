"""What is not well, as a risk: open, or accepted by a named person."""

from vmfex.checks.result.verdict import Verdict
from vmfex.reports.formats.action_rows import Action
from vmfex.reports.formats.oscal.parts import Json, markup, markup_line, of_host, prop
from vmfex.reports.formats.telling import line, yes

STATUS = {Verdict.WAIVED: "deviation-approved"}
OPEN = "open"


def risk_id(action: Action) -> str:
    return of_host(action.of, "risk", *action.key, action.finding.verdict)


def risk(action: Action) -> Json:
    """With its deadline and owner, where there are any."""
    rule, finding, assigned = action.result.rule, action.finding, action.assigned
    props = [prop("verdict", finding.verdict), prop("severity", rule.severity)]
    props += [prop("decides", yes(action.decides)), prop("status", assigned.status)]
    if assigned.owner:
        props.append(prop("owner", assigned.owner))
    made = {
        "uuid": risk_id(action),
        "title": markup_line(f"{rule.id} {finding.subject}"),
        "description": markup(f"{action.observed}; wanted: {line(finding.wanted)}"),
        "statement": markup(rule.title),
        "props": props,
        "status": STATUS.get(finding.verdict, OPEN),
        "remediations": [*_responses(action)],
    }
    if assigned.due:
        made["deadline"] = f"{assigned.due}T23:59:59Z"
    return made


def _responses(action: Action) -> list[Json]:
    kinds = [("mitigate", "recommendation", "What to do", action.to_do)]
    if action.accepted:
        kinds.append(("accept", "planned", "Accepted", action.accepted))
    return [
        {
            "uuid": of_host(action.of, "response", kind, *action.key, action.finding.verdict),
            "lifecycle": lifecycle,
            "title": title,
            "description": markup(told),
            "props": [{"name": "type", "value": kind}],
        }
        for kind, lifecycle, title, told in kinds
    ]
