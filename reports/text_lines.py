"""Lines of text for a person: labelled, wrapped to the terminal, painted."""

from collections.abc import Iterator
from textwrap import wrap

from vmfex.checks.result.certification import Decision
from vmfex.checks.result.verdict import Finding, Verdict
from vmfex.checks.text import one_line, shorten

OBSERVED_LIMIT = 600  # characters of a finding's text that help a reader before the record does
PLACES_LIMIT = 6  # places that one finding was read from
NARROWEST = 20  # columns; a verdict alone has 14
NARROW = 40  # below it nothing stands beside a label or a verdict
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
        if text:
            yield from self.headed(f"{' ' * indent}{label:<9}", text)

    def headed(self, head: str, text: str, word: str = "", code: str = "") -> Iterator[str]:
        """Text to the right of a head, or below it where there is no room; a `word` of the head is
        painted."""
        if self._width >= NARROW:
            first, *rest = self.wrapped(text, len(head))
            heads = [f"{head}{first.lstrip()}"]
        else:
            indent = len(head) - len(head.lstrip())
            word = word.strip()
            heads = self.wrapped(" ".join(head.split()), indent)
            rest = self.wrapped(text, indent + 9)
        for line in heads:
            yield line.replace(word, self.painted(word, code), 1) if word else line
        yield from rest

    def wrapped(self, text: str, indent: int) -> list[str]:
        """The lines of `text` within the width; its own line feeds stay, other blanks do not."""
        margin = " " * (indent if self._width >= NARROW else min(indent // 4, 2))
        lines: list[str] = []
        for line in text.split("\n"):
            lines += folded(f"{margin}{line}", self._width, len(margin))
        return lines or [margin]

    def painted(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self._colour else text


def folded(line: str, width: int, indent: int) -> list[str]:
    """A line within the width; what does not fit stands below, after `indent` blanks."""
    return wrap(
        line,
        max(width, NARROWEST),
        subsequent_indent=" " * indent,
        break_long_words=False,
        break_on_hyphens=False,
    )


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
