"""The assessment plan: the hosts, and how each rule is assessed."""

from collections.abc import Sequence

from vmfex.checks.result.certification import Certification
from vmfex.checks.result.rule import Rule
from vmfex.reports.formats.oscal.parts import (
    PROFILE,
    Json,
    component,
    identifier,
    markup,
    markup_line,
    metadata,
    of_host,
    select,
    tool,
)

NO_SSP = "There is no system security plan: the hosts are components of this assessment plan."


def document(hosts: Sequence[Certification]) -> Json:
    rules = {result.rule.id: result.rule for of in hosts for result in of.results}
    ssp, profile = identifier("no system security plan"), identifier("profile of the plan")
    head = metadata(hosts, "Assessment plan for Cisco VM-FEX for KVM")
    head["links"] = [{"href": f"#{profile}", "rel": "reference"}]
    return {
        "assessment-plan": {
            "uuid": identifier("assessment plan", *(of_host(of) for of in hosts)),
            "metadata": head,
            "import-ssp": {"href": f"#{ssp}", "remarks": NO_SSP},
            "local-definitions": {
                "components": [component(of) for of in hosts],
                **({"activities": [_activity(r) for r in rules.values()]} if rules else {}),
            },
            "reviewed-controls": {"control-selections": [{"include-all": {}}]},
            "assessment-subjects": [
                {
                    "type": "component",
                    "include-subjects": [
                        {"subject-uuid": of_host(of), "type": "component"} for of in hosts
                    ],
                }
            ],
            "assessment-assets": assets(hosts),
            "back-matter": {
                "resources": [
                    {"uuid": ssp, "title": "No system security plan", "description": NO_SSP},
                    {
                        "uuid": profile,
                        "title": "The profile",
                        "rlinks": [{"href": PROFILE, "media-type": "application/json"}],
                    },
                ]
            },
        }
    }


def assets(hosts: Sequence[Certification]) -> Json:
    """The program, or the versions of it, that judged the hosts."""
    tools = [*{of.version: tool(of) for of in hosts}.values()]
    platform = {
        "uuid": identifier("platform", *(each["uuid"] for each in tools)),
        "title": "vmfex",
        "uses-components": [{"component-uuid": each["uuid"]} for each in tools],
    }
    return {"components": tools, "assessment-platforms": [platform]}


def _activity(rule: Rule) -> Json:
    selection = {"include-controls": select([rule.id])}
    return {
        "uuid": identifier("activity", rule.id, rule.title),
        "title": markup_line(f"{rule.id} {rule.title}"),
        "description": markup(f"Read and judge: {rule.evidence}"),
        "props": [{"name": "method", "value": "TEST"}],
        "related-controls": {"control-selections": [selection]},
    }
