"""Each rule of the guide says on which sentence it rests, by the opening words alone."""

import re

import pytest

from vmfex.checks.result.rule import Rule
from vmfex.engine.catalogue import rules

PART = re.compile(r'(?P<section>[^:;"]+): "(?P<opening>[^"]+)"')
OPENING = re.compile(r"[A-Z]\S*( \S+)+ …")
MOST_WORDS = 10  # more of a sentence is not cited but copied
OF_THE_GUIDE = [rule for rule in rules() if not rule.derived]


@pytest.mark.parametrize("rule", OF_THE_GUIDE, ids=lambda rule: rule.id)
def test_source_is_sections_with_the_opening_of_a_sentence(rule: Rule) -> None:
    """Every part of the line is a section and a quoted opening of a few words that ends in an
    ellipsis."""
    for part in rule.source.split("; "):
        match = PART.fullmatch(part)
        assert match, part
        assert OPENING.fullmatch(match["opening"]), part
        assert len(match["opening"].split()) - 1 <= MOST_WORDS, part


def test_an_opening_stands_in_one_section_alone() -> None:
    """Two rules that cite the same words of one section mean one sentence; but for the sentence
    that the guide has in several topologies, no opening is cited from two sections."""
    sections: dict[str, set[str]] = {}
    for rule in OF_THE_GUIDE:
        for match in PART.finditer(rule.source):
            sections.setdefault(match["opening"], set()).add(match["section"].strip())
    several = {opening for opening, where in sections.items() if len(where) > 1}
    assert several == {"Live migration is …", "The MacVTap Linux driver is installed in …"}
