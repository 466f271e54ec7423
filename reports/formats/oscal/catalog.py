"""The rules as a catalog of controls."""

from collections.abc import Sequence

from vmfex.checks.result.certification import Certification
from vmfex.checks.result.rule import Rule
from vmfex.reports.formats.oscal.parts import (
    Json,
    identifier,
    markup,
    markup_line,
    metadata,
    objective_of,
    prop,
    statement_of,
)
from vmfex.reports.formats.telling import yes

NOT_RUN = "not-run"
UNTOLD = "The rule was not run: the record has its id alone."


def document(hosts: Sequence[Certification]) -> Json:
    """Every rule that one of the hosts was judged by, and those that were left out."""
    rules = {result.rule.id: result.rule for of in hosts for result in of.results}
    areas = dict.fromkeys(rule.area for rule in rules.values())
    groups = [
        {
            "id": area,
            "title": markup_line(area),
            "controls": [_control(rule) for rule in rules.values() if rule.area == area],
        }
        for area in areas
    ]
    untold = sorted({id_ for of in hosts for id_ in of.not_run} - rules.keys())
    if untold:
        controls = [_untold(id_) for id_ in untold]
        groups.append({"id": NOT_RUN, "title": "Rules that were not run", "controls": controls})
    head = {"uuid": identifier("catalog", hosts[0].ruleset, *rules, "-", *untold)}
    named = metadata(hosts, "Rules of Cisco VM-FEX for KVM")
    return {"catalog": head | {"metadata": named, "groups": groups}}


def _control(rule: Rule) -> Json:
    prose = {"statement": rule.title, "assessment-objective": rule.title, "guidance": rule.remedy}
    ids = {"statement": statement_of(rule.id), "assessment-objective": objective_of(rule.id)}
    parts = [
        {**({"id": ids[name]} if name in ids else {}), "name": name, "prose": markup(text)}
        for name, text in prose.items()
        if text
    ]
    told = {"severity": rule.severity, "derived": yes(rule.derived), "source": rule.source}
    props = [prop(name, value) for name, value in told.items()]
    return {"id": rule.id, "title": markup_line(rule.title), "props": props, "parts": parts}


def _untold(id_: str) -> Json:
    names = {"statement": statement_of(id_), "assessment-objective": objective_of(id_)}
    parts = [{"id": each, "name": name, "prose": UNTOLD} for name, each in names.items()]
    return {"id": id_, "title": id_, "parts": parts}
