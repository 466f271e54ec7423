"""docs/formats.md says what each verdict becomes."""

from pathlib import Path

from vmfex.checks.result.verdict import Verdict
from vmfex.reports.formats import MODULES, module_of

DOCUMENT = Path(__file__).parents[3] / "docs" / "formats.md"


def _table() -> list[list[str]]:
    text = DOCUMENT.read_text("utf-8")
    start = text.index("| the record |")
    lines = text[start:].split("\n\n")[0].splitlines()
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_the_table_is_that_of_the_modules() -> None:
    """Every format has a column, every verdict a row, and each cell is the word in the code."""
    (_, *names), _, *rows = _table()
    assert names == list(MODULES)
    assert [row[0] for row in rows] == [str(verdict) for verdict in Verdict]
    for verdict, *words in rows:
        for name, word in zip(names, words, strict=True):
            made = module_of(name).WORDS[Verdict(verdict)]
            told = ", ".join(made) if isinstance(made, tuple) else made
            assert word == (told or "-"), (name, verdict)
