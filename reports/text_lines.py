"""Lines of text for a person: labelled, wrapped to the terminal, painted."""

from collections.abc import Iterator
from textwrap import wrap

from vmfex.checks.result.certification import Decision
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.checks.text import one_line, shorten

OBSERVED_LIMIT = 600  # characters of a finding's text that help a reader before the record does
PLACES_LIMIT = 6  # places that one finding was read from
NARROWEST = 40  # columns; below it the labels alone would fill a line
LOUD = "1;33"

COLOURS = {
    Verdict.VIOLATED: "31",
    Verdict.UNDETERMINED: "33",
    Verdict.WAIVED: "35",
    Verdict.COMPLIANT: "32",
    Verdict.NOT_APPLICABLE: "2",
    Decision.NOT_CERTIFIED: "1;31",
    Decision.INCOMPLETE: "1;33",
    Decision.CERTIFIED_WITH_WAIVERS: "1;35",
    Decision.CERTIFIED: "1;32",
}


class Lines:
    """Words longer than the width are not broken, so that paths and commands can be copied."""

    def __init__(self, width: int, colour: bool) -> None:
        self._width, self._colour = max(width, NARROWEST), colour

    def labelled(self, label: str, text: str, indent: int) -> Iterator[str]:
        """Nothing where there is no text."""
        if not text:
            return
        first, *rest = self.wrapped(text, indent + 9)
        yield f"{' ' * indent}{label:<9}{first.lstrip()}"
        yield from rest

    def wrapped(self, text: str, indent: int) -> list[str]:
        """The lines of `text` within the width; its own line feeds stay, other blanks do not."""
        margin = " " * indent
        lines: list[str] = []
        for line in text.split("\n"):
            lines += wrap(
                line,
                self._width,
                initial_indent=margin,
                subsequent_indent=margin,
                break_long_words=False,
                break_on_hyphens=False,
            )
        return lines or [margin]

    def painted(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour else text


def short(text: str) -> str:
    """What the record has whole."""
    return shorten(text, OBSERVED_LIMIT)


def name(text: str) -> str:
    """What comes from a host, on one line."""
    return short(one_line(text))


def places(*findings: Finding) -> str:
    """Where they were read from, each place once, the first of them."""
    return some(evidence.where for finding in findings for evidence in finding.evidence)


def some(texts: Iterator[str]) -> str:
    """The first few, each once, and how many more there are."""
    each = list(dict.fromkeys(texts))
    more = len(each) - PLACES_LIMIT
    rest = [f"{more} more in the record"] if more > 0 else []
    return ", ".join([*map(name, each[:PLACES_LIMIT]), *rest])
