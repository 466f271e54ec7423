"""Tables as an Excel workbook, whose cells are all text."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime

from vmfex.extras import wanted
from vmfex.reports import ReportError

WIDTHS = {"title": 50, "subject": 50, "observed": 60, "wanted": 40, "what to do": 60, "to do": 60}
WIDTH = 14  # of other columns, in characters

Table = tuple[str, Sequence[str], Iterable[Sequence[str]]]  # name, header, rows


def workbook(tables: Iterable[Table], made: str) -> bytes:
    """The file, a sheet for each table; `made` is the time that it states, in ISO 8601. Raises
    ReportError where the library is not installed."""
    try:
        from xlsxwriter import Workbook
    except ImportError:
        raise ReportError(wanted("a workbook needs XlsxWriter", "xlsx")) from None
    out = io.BytesIO()
    book = Workbook(out, {"in_memory": True})
    book.set_properties({"created": datetime.fromisoformat(made).replace(tzinfo=None)})
    bold = book.add_format({"bold": True})
    for name, header, rows in tables:
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        last = 0
        for column, title in enumerate(header):
            sheet.set_column(column, column, WIDTHS.get(title, WIDTH))
            sheet.write_string(0, column, title, bold)
        for last, row in enumerate(rows, start=1):
            for column, text in enumerate(row):
                if text:
                    sheet.write_string(last, column, text)
        sheet.autofilter(0, 0, last, len(header) - 1)
    book.close()
    return out.getvalue()
