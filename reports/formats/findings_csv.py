"""CSV (RFC 4180, UTF-8 with a BOM): every finding a row, in the record's own words."""

import csv
import io
from collections.abc import Iterable, Sequence

from vmfex.checks.result.certification import Certification
from vmfex.reports.formats.cells import BOM
from vmfex.reports.formats.context import Context
from vmfex.reports.formats.findings_table import HEADER, WORDS, rows

__all__ = ["WORDS", "render", "text"]


def render(hosts: Sequence[Certification], context: Context) -> str:
    return text(HEADER, rows(hosts, context))


def text(header: Sequence[str], table: Iterable[Sequence[str]]) -> str:
    """A table whose cells are harmless. Every one is quoted, so that none is cut by a reader that
    takes another character for its separator."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(header)
    writer.writerows(table)
    return BOM + out.getvalue()
