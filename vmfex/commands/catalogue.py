"""`vmfex rules`, `vmfex explain` and `vmfex lint`: what the rules are."""

from typing import TYPE_CHECKING, Any

import click

from vmfex.commands.choices import complete_rule, find_rule

if TYPE_CHECKING:
    from vmfex.checks.result.rule import Rule

RULES_EPILOG = """\
\b
Examples:
  vmfex rules
  vmfex rules | grep blocker
  vmfex rules --json
"""

EXPLAIN_EPILOG = """\
\b
Examples:
  vmfex explain VIC-02
  vmfex explain hdv-04
"""

LINT_EPILOG = """\
\b
Example:
  vmfex lint
"""


@click.command(epilog=RULES_EPILOG)
@click.option("--json", "as_json", is_flag=True, help="Write the whole catalogue as JSON.")
def rules(as_json: bool) -> None:
    """List the rules: id, severity, area, statement."""
    from vmfex.engine import catalogue

    known = catalogue.rules()
    if as_json:
        import json

        click.echo(json.dumps([_as_json(rule) for rule in known], indent=2))
        return
    rows = [("ID", "SEVERITY", "AREA", "RULE")]
    rows += [(rule.id, str(rule.severity), rule.area, _statement(rule)) for rule in known]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for *cells, statement in rows:
        padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        click.echo("  ".join([*padded, statement]))


@click.command(epilog=EXPLAIN_EPILOG, short_help="Explain what a rule requires, and why.")
@click.argument("id_", metavar="ID", shell_complete=complete_rule)
def explain(id_: str) -> None:
    """Explain what the rule ID requires, where the guide says so, and what to do if it is
    violated."""
    rule = find_rule(id_)
    advice = "; not in the guide: advice, which counts with --strict only" if rule.derived else ""
    click.echo(f"{rule.id}  {rule.title}\n")
    parts = [
        ("Severity", f"{rule.severity}{advice}"),
        ("Feature", f"{rule.feature} ({rule.area})"),
        ("Source", rule.source),
        ("Evidence", rule.evidence),
        ("Violation", f"for example: {rule.violation}" if rule.violation else ""),
        ("Remedy", rule.remedy),
    ]
    for label, text in parts:
        if text:
            click.echo(_entry(f"{label}:", text))


@click.command(epilog=LINT_EPILOG, short_help="Check the feature files.")
def lint() -> int:
    """Check the feature files: ids, names, sources, remedies, and that every step is defined."""
    from vmfex.engine import lint as linter

    return linter.main()


def _statement(rule: "Rule") -> str:
    return f"{rule.title} [advice]" if rule.derived else rule.title


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


def _as_json(rule: "Rule") -> dict[str, Any]:
    """A rule with the keys that it has in a record."""
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": str(rule.severity),
        "source": rule.source,
        "remedy": rule.remedy,
        "derived": rule.derived,
        "area": rule.area,
        "feature": rule.feature,
        "needs": rule.evidence,
        "violation": rule.violation,
    }
