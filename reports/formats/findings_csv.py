"""CSV (RFC 4180, UTF-8 with a BOM): every finding a row, in the record's own words."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from vmfex.checks.result.certification import Certification
from vmfex.reports.formats.cells import BOM, cell
from vmfex.reports.formats.context import Context
from vmfex.reports.formats.findings_table import HEADER, WORDS, rows

END = "\r\n"  # of a row

__all__ = ["WORDS", "render", "text"]


def render(hosts: Sequence[Certification], context: Context) -> str:
    return "".join(stream(hosts, context))


def stream(hosts: Iterable[Certification], context: Context) -> Iterator[str]:
    """The file in parts, for more hosts than should be held at a time."""
    yield head()
    for host in hosts:
        yield body([host], context)


def head() -> str:
    """What the file begins with: the names of the columns."""
    return text(HEADER, ())


def body(hosts: Iterable[Certification], context: Context) -> str:
    """The rows of these hosts alone, without the names of the columns."""
    return _text(rows(hosts, context))


def called(body: str, host: str, name: str) -> str:
    """The rows of a host by another name."""
    old, new = (_text([[cell(each)]]).removesuffix(END) for each in (host, name))
    lines = body.split(END)  # there is none within a cell
    return END.join(new + line.removeprefix(old) if line else line for line in lines)


def text(header: Sequence[str], table: Iterable[Sequence[str]]) -> str:
    """A table whose cells are harmless."""
    return BOM + _text([header, *table])


def _text(table: Iterable[Sequence[str]]) -> str:
    """Every cell is quoted, so that none is cut by a reader that takes another character for its
    separator."""
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator=END).writerows(table)
    return out.getvalue()
