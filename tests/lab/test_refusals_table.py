"""The cases of the lab and the table of refusals that people read (docs/refusals.md)."""

from tests.lab import generations
from tests.lab.parts import CHECKOUT
from tests.lab.refusals.refusal import REFUSED, TWIN, load, names
from vmfex.engine.catalogue import rules

TABLE = CHECKOUT / "docs" / "refusals.md"
ASKED = ("asked", "read", "-")


def table() -> list[list[str]]:
    """The cells of each row below the header."""
    lines = [line for line in TABLE.read_text().splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    assert cells[0][-3:] == list(generations.VERSIONS.values())
    return cells[2:]


def test_the_table_has_every_case() -> None:
    """Its name, title and rule, and every word that libvirt says in any version."""
    rows = {row[0].strip("`"): row for row in table()}
    assert tuple(sorted(rows)) == names()
    for name, (_, title, rule, words, *versions) in rows.items():
        refusal = load(name)
        assert (title, rule) == (refusal.title, refusal.rule)
        for version, cell in zip(generations.VERSIONS.values(), versions, strict=True):
            said = refusal.words(version)
            assert (said or "it starts") in words
            assert cell in ASKED


def test_each_case_is_about_a_rule_and_has_a_twin_that_differs() -> None:
    """And both have the domain that the refusal is about."""
    known = {rule.id for rule in rules()}
    for name in names():
        refusal = load(name)
        refused, twin = refusal.variants[REFUSED], refusal.variants[TWIN]
        assert refusal.rule in known
        assert refused != twin
        assert refused.asked == twin.asked
