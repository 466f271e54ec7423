"""`vmfex rules`: what the rules are, and whether their feature files are fit to judge."""

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from vmfex.checks.result.rule import Rule

RULES_EPILOG = """\
\b
Examples:
  vmfex rules
  vmfex rules | grep blocker
  vmfex rules --json
  vmfex rules --check
  vmfex rules --markdown > docs/rules.md
"""


@click.command(epilog=RULES_EPILOG)
@click.option("--json", "as_json", is_flag=True, help="Write the whole catalogue as JSON.")
@click.option(
    "--check",
    is_flag=True,
    help="Check the feature files: ids, names, sources, remedies, and that every step is defined.",
)
@click.option(
    "--markdown", is_flag=True, help="Write the whole catalogue as a page (docs/rules.md)."
)
def rules(as_json: bool, check: bool, markdown: bool) -> int:
    """List the rules: id, severity, area, statement."""
    if as_json + check + markdown > 1:
        raise click.UsageError("--json, --check and --markdown cannot be used together.")
    if check:
        from vmfex.engine import lint

        return lint.main()
    if markdown:
        from vmfex.commands.rules_page import render
        from vmfex.engine.rule_set import load

        click.echo(render(load()), nl=False)
        return 0
    from vmfex.engine import catalogue

    known = catalogue.rules()
    if as_json:
        import json

        click.echo(json.dumps([_as_json(rule) for rule in known], indent=2))
        return 0
    rows = [("ID", "SEVERITY", "AREA", "RULE")]
    rows += [(rule.id, str(rule.severity), rule.area, _statement(rule)) for rule in known]
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    for *cells, statement in rows:
        padded = (cell.ljust(width) for cell, width in zip(cells, widths, strict=True))
        click.echo("  ".join([*padded, statement]))
    return 0


def _statement(rule: "Rule") -> str:
    from vmfex.reports.view import is_advice

    return f"{rule.title} [advice]" if is_advice(rule) else rule.title


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
