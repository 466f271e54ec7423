"""`vmfex explain ID`: what a rule requires, by which table, and where that is said."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import click

from vmfex.commands.choices import complete_rule, find_rule

if TYPE_CHECKING:
    from vmfex.checks.result.rule import Rule

GUIDE = "Cisco UCS Manager VM-FEX for KVM configuration guide, Introduction"
SENTENCE = re.compile(r'([^:;"]+): ("[^"]+")(?:; |$)')  # a section, and how its sentence begins
EPILOG = """\
\b
Examples:
  vmfex explain VIC-02
  vmfex explain hdv-04
"""


@click.command(epilog=EPILOG, short_help="Explain what a rule requires, and why.")
@click.argument("id_", metavar="ID", shell_complete=complete_rule)
def explain(id_: str) -> None:
    """Explain what the rule ID requires, with its limits and lists, where the guide says so, and
    what to do if it is violated."""
    rule = find_rule(id_)
    click.echo(f"{rule.id}  {rule.title}\n")
    for label, text in _parts(rule):
        if text:
            click.echo(_entry(f"{label}:", text))
    for line in _scenarios(rule):
        click.echo(line)


def _parts(rule: "Rule") -> Iterator[tuple[str, str]]:
    yield "Severity", f"{rule.severity}; {what_decides(rule)}"
    yield "Feature", f"{rule.feature} ({rule.file})"
    yield from _source(rule)
    yield "Evidence", rule.evidence
    yield "Violation", f"for example: {rule.violation}" if rule.violation else ""
    yield "Remedy", rule.remedy


def _source(rule: "Rule") -> Iterator[tuple[str, str]]:
    """The document; of the guide also the section and the sentence, by its opening words."""
    quoted = SENTENCE.findall(rule.source)
    if rule.derived:
        yield "Source", rule.source
    elif not quoted:
        yield "Source", f"{GUIDE}: {rule.source}"
    else:
        yield "Source", GUIDE
    for section, opening in quoted if not rule.derived else ():
        yield "Section", section
        yield "Sentence", opening


def what_decides(rule: "Rule") -> str:
    """What a verdict on the rule does to the decision (docs/operating.md)."""
    from vmfex.reports.view import is_advice

    if not rule.derived:
        return "shown, and decides nothing" if is_advice(rule) else "decides"
    if is_advice(rule):
        return "not in the guide: advice, which decides with --strict only"
    return "not in the guide: decides where it is violated"


def _scenarios(rule: "Rule") -> Iterator[str]:
    """The steps as the feature file has them, with its tables of limits and lists."""
    from vmfex.engine.rule_set import load

    for scenario in (s for s in load().scenarios if s.rule_id == rule.id):
        yield ""
        for step in scenario.steps:
            yield f"  {step.title}"
            yield from (f"    {row}" for row in _drawn(step.table or ()))


def _drawn(table: Sequence[Sequence[str]]) -> Iterator[str]:
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    for row in table:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield f"| {' | '.join(cells)} |"


def _entry(label: str, text: str) -> str:
    from shutil import get_terminal_size
    from textwrap import fill

    width = max(get_terminal_size().columns, 40)
    return fill(
        text,
        width,
        initial_indent=f"{label:<11}",
        subsequent_indent=" " * 11,
        break_long_words=False,
        break_on_hyphens=False,
    )
