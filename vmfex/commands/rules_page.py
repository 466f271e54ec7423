"""`vmfex rules --markdown`: the catalogue as a page, made of the feature files alone."""

from collections.abc import Iterator, Sequence

from vmfex.checks.result.rule import Rule
from vmfex.checks.result.scenario import Scenario
from vmfex.commands.explain import GUIDE, what_decides
from vmfex.engine.rule_set import RuleSet

PLAIN = str.maketrans({"<": "&lt;", "*": "\\*", "_": "\\_"})
HEAD = f"""\
# The rules

Made of `features/` by `vmfex rules --markdown`, and not to be changed here: a test holds this page
against the features. Sources are sections of the *{GUIDE}*,
each with the opening words of the sentence. A *derived* rule does not stand in the guide, and names
its own source. [judging.md](judging.md) says how words are read that the guide leaves open, and
what of the guide is no rule.
"""


def render(rule_set: RuleSet) -> str:
    """The page: a table of all rules, and each rule with its limits and lists."""
    return "\n".join([HEAD, *_overview(rule_set), *_areas(rule_set)])


def _overview(rule_set: RuleSet) -> Iterator[str]:
    yield "| rule | severity | statement |"
    yield "|---|---|---|"
    for rule in rule_set.rules.values():
        yield f"| [{rule.id}](#{rule.id.lower()}) | {_severity(rule)} | {_cell(rule.title)} |"
    yield ""


def _areas(rule_set: RuleSet) -> Iterator[str]:
    feature = ""
    for rule in rule_set.rules.values():
        if rule.feature != feature:
            feature = rule.feature
            yield f"## {feature}\n"
            yield f"`{rule.file}`\n"
        yield from _rule(rule, [s for s in rule_set.scenarios if s.rule_id == rule.id])


def _rule(rule: Rule, scenarios: Sequence[Scenario]) -> Iterator[str]:
    yield f"### {rule.id}\n"
    yield f"**{_text(rule.title)}**\n"
    yield f"- Severity: {_severity(rule)}; {what_decides(rule)}"
    for label, text in (
        ("Source", rule.source),
        ("Evidence", rule.evidence),
        ("Violated, for example", rule.violation),
        ("Remedy", rule.remedy),
    ):
        if text:
            yield f"- {label}: {_text(text)}"
    yield ""
    for scenario in scenarios:
        yield "\n".join(f"    {step.title}" for step in scenario.steps) + "\n"
        for step in scenario.steps:
            yield from _table(step.table or [])


def _table(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    if not rows:
        return
    head, *rest = rows
    yield _row(head)
    yield _row(["---"] * len(head))
    yield from map(_row, rest)
    yield ""


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(_cell, cells))} |"


def _severity(rule: Rule) -> str:
    return f"{rule.severity}, derived" if rule.derived else str(rule.severity)


def _text(text: str) -> str:
    """As Markdown shows it: what looks like a tag is none. Within backticks everything is plain."""
    parts = text.split("`")
    parts[::2] = [part.translate(PLAIN) for part in parts[::2]]
    return "`".join(parts)


def _cell(text: str) -> str:
    return _text(text).replace("|", "\\|")
