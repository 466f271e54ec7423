"""The plan of action and milestones: an item for each action."""

from collections.abc import Sequence

from vmfex.checks.result.certification import Certification
from vmfex.reports.formats.action_rows import Action
from vmfex.reports.formats.oscal.parts import (
    Json,
    component,
    identifier,
    markup,
    markup_line,
    metadata,
    of_host,
)
from vmfex.reports.formats.oscal.plan import assets
from vmfex.reports.formats.oscal.risk import risk, risk_id


def document(hosts: Sequence[Certification], actions: Sequence[Action]) -> Json:
    """Of one action or more."""
    components = {"components": [component(of) for of in hosts]}
    return {
        "plan-of-action-and-milestones": {
            "uuid": identifier("plan of action", *(of_host(of) for of in hosts)),
            "metadata": metadata(hosts, "Plan of action for Cisco VM-FEX for KVM"),
            "system-id": {"id": identifier("system", *(of.host for of in hosts))},
            "local-definitions": components | {"assessment-assets": assets(hosts)},
            "risks": [risk(action) for action in actions],
            "poam-items": [_item(action) for action in actions],
        }
    }


def _item(action: Action) -> Json:
    rule, finding = action.result.rule, action.finding
    made = risk(action)
    return {
        "uuid": of_host(action.of, "item", *action.key, finding.verdict),
        "title": markup_line(f"{action.of.host}: {rule.id} {finding.subject}"),
        "description": markup(action.to_do) or "-",
        "props": made["props"],
        "related-risks": [{"risk-uuid": risk_id(action)}],
    }
