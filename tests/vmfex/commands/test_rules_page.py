"""docs/rules.md: made of the features, and current."""

import re
from pathlib import Path

from click.testing import CliRunner, Result

from vmfex.cli import cli
from vmfex.engine.rule_set import load

PAGE = Path(__file__).parents[3] / "docs/rules.md"


def vmfex(*args: str) -> Result:
    return CliRunner().invoke(cli, args)


def test_the_page_is_current() -> None:
    """`vmfex rules --markdown > docs/rules.md` makes it anew."""
    assert vmfex("rules", "--markdown").stdout == PAGE.read_text("utf-8")


def test_every_rule_and_every_limit_is_on_it() -> None:
    """Statement, source and remedy of each, and every cell of the tables of limits and lists, as
    the feature files have them."""
    page = re.sub(r"\\(.)", r"\1", PAGE.read_text("utf-8")).replace("&lt;", "<")
    rule_set = load()
    for rule in rule_set.rules.values():
        section = page[page.index(f"### {rule.id}\n") :]
        section = section[: section.find("\n### ", 1)] if "\n### " in section[1:] else section
        for text in (rule.title, rule.source, rule.remedy, rule.evidence, str(rule.severity)):
            assert text in section, rule.id
        for scenario in (s for s in rule_set.scenarios if s.rule_id == rule.id):
            for step in scenario.steps:
                cells = [cell for row in step.table or [] for cell in row]
                assert all(text in section for text in (step.title, *cells)), rule.id


def test_one_form_at_a_time() -> None:
    """JSON and a page cannot both be written."""
    assert vmfex("rules", "--json", "--markdown").exit_code == 4
