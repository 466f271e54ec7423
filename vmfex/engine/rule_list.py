"""`features/rules.csv`: the rules that there have to be, with their severities, in their order.

A rule that is gone from a feature file would not be missed, and one that became advice would not be
noticed, were it not for a second place that says so. The lint holds the two against each other.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from vmfex.checks.result.rule import Severity

RULE_LIST = "rules.csv"
RULE_ID = re.compile(r"[A-Z]{3}-\d{2}")
COLUMNS = ["id", "severity", "derived"]
DERIVED = {"yes": True, "no": False}


class RuleListError(Exception):
    """The list cannot be read; the message says in which file and line, and why."""


@dataclass(frozen=True)
class ListedRule:
    """A row of the list."""

    id: str
    severity: Severity
    derived: bool


def rules_at(arguments: Iterable[str]) -> Path | None:
    """The folder of rules that pytest was pointed at, or into; None where there is no such place.
    An argument is a path, with or without a test's name behind `::`."""
    for argument in arguments:
        path = Path(argument.partition("::")[0]).resolve()
        for folder in (path, *path.parents):
            if (folder / RULE_LIST).is_file():
                return folder
    return None


def is_rule_list(path: Path) -> bool:
    """Whether a file called like the list is one: other programs have a rules.csv too."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            return file.readline(100).strip() == ",".join(COLUMNS)
    except (OSError, UnicodeDecodeError):
        return False


def read_rule_list(features: Path) -> dict[str, ListedRule]:
    """The rows of the list in `features`, by id, in their order. Raises RuleListError."""
    path = features / RULE_LIST
    listed: dict[str, ListedRule] = {}
    for line, cells in _rows(path):
        try:
            rule = _rule(cells)
        except ValueError as error:
            raise RuleListError(f"{path}:{line}: {error}") from None
        if rule.id in listed:
            raise RuleListError(f"{path}:{line}: rule {rule.id} is listed twice")
        listed[rule.id] = rule
    return listed


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row below the header, with its line; an empty line is no row."""
    reader = csv.reader(io.StringIO(_text(path), newline=""), strict=True)
    try:
        if next(reader, None) != COLUMNS:
            raise RuleListError(f"{path}:1: the first line is not {','.join(COLUMNS)}")
        for cells in reader:
            if cells:
                yield reader.line_num, cells
    except csv.Error as error:
        raise RuleListError(f"{path}:{reader.line_num}: {error}") from None


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")  # spreadsheets write a byte order mark
    except OSError as error:
        raise RuleListError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise RuleListError(f"{path}:{line}: the text is not UTF-8") from None


def _rule(cells: list[str]) -> ListedRule:
    """Raises ValueError with what is wrong with the row."""
    if len(cells) != len(COLUMNS):
        raise ValueError(f"a row has {len(COLUMNS)} cells ({', '.join(COLUMNS)}), not {len(cells)}")
    id_, severity, derived = cells
    if not RULE_ID.fullmatch(id_):
        raise ValueError(f"{id_!a:.40} is not a rule's id, such as VIC-01")
    if severity not in set(Severity):
        raise ValueError(f"severity {severity!a:.40} is not one of {', '.join(Severity)}")
    if derived not in DERIVED:
        raise ValueError(f"derived is {derived!a:.40}, not yes or no")
    return ListedRule(id_, Severity(severity), DERIVED[derived])
