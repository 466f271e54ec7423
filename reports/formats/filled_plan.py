"""A filled action plan, as a person and a spreadsheet left it: CSV or XLSX, read back."""

import csv
import io
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from vmfex.checks.text import shown, shown_path
from vmfex.extras import wanted
from vmfex.reports import ReportError
from vmfex.reports.bounded import read_bounded
from vmfex.reports.formats.action_rows import WORDS
from vmfex.reports.formats.context import Assignment, Key

FILLED = ("owner", "due", "status")
COLUMNS = ("rule", "host", "subject", *FILLED)
SIZE_LIMIT = 32 * 2**20  # bytes; the plan of a thousand hosts has a few MiB
UNPACKED_LIMIT = 8 * SIZE_LIMIT
ROW_LIMIT = 100_000
TEXT_LIMIT = 500  # characters of what a person wrote
ENCODING = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([^\"'>]*)")
DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)

Cells = Sequence[str]


def read(path: Path) -> dict[Key, Assignment]:
    """What was filled in, by rule, host and subject. Raises ReportError, in one sentence."""
    raw = read_bounded(path, SIZE_LIMIT)
    try:
        return _assignments(_sheet(raw) if raw.startswith(b"PK") else _csv(raw))
    except _Fault as fault:
        raise ReportError(f"the action plan {shown_path(path)} cannot be used: {fault}") from fault


class _Fault(Exception):
    """What is wrong with the table."""


def _csv(raw: bytes) -> Iterator[Cells]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Fault("it is not UTF-8: save it as CSV UTF-8, or as XLSX") from error
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)  # Excel takes that of its country
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    except csv.Error as error:
        raise _Fault(f"it is not CSV: {error}") from error


def _sheet(raw: bytes) -> Iterator[Cells]:
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise _Fault(wanted("a workbook needs openpyxl", "xlsx") + ", or give CSV") from None
    try:
        _refuse_bombs(raw)
        book = load_workbook(io.BytesIO(raw), read_only=True, data_only=True, keep_links=False)
        sheet = book[book.sheetnames[0]]
        for row in sheet.iter_rows(values_only=True):
            yield [_text(value) for value in row]
    except _Fault:
        raise
    except Exception as error:  # the libraries let out whatever a damaged file brings
        raise _Fault("it is not a workbook that can be read") from error


def _refuse_bombs(raw: bytes) -> None:
    """What unpacks to too much, or declares entities."""
    with zipfile.ZipFile(io.BytesIO(raw)) as parts:
        if sum(part.file_size for part in parts.infolist()) > UNPACKED_LIMIT:
            raise _Fault(f"it unpacks to more than {UNPACKED_LIMIT >> 20} MiB")
        for part in parts.infolist():
            if part.filename.endswith((".xml", ".rels")) and not _is_plain(parts.read(part)):
                raise _Fault("it has a document type declaration, or parts that are not UTF-8")


def _is_plain(xml: bytes) -> bool:
    """Whether it is UTF-8 and declares no document type, which other encodings could hide."""
    text = xml.removeprefix(b"\xef\xbb\xbf").lstrip()
    encoding = ENCODING.match(text)
    named = encoding is None or encoding[1].lower() == b"utf-8"
    return text.startswith(b"<") and named and not DECLARATION.search(text)


def _text(value: object) -> str:
    if isinstance(value, datetime | date):
        return value.strftime("%Y-%m-%d")
    return "" if value is None else str(value)


def _assignments(rows: Iterator[Cells]) -> dict[Key, Assignment]:
    header = [title.strip().lower() for title in next(rows, ())]
    if lacking := [column for column in COLUMNS if column not in header]:
        raise _Fault(f"its first row has no column {lacking[0]!r}")
    places = [header.index(column) for column in COLUMNS]
    found: dict[Key, Assignment] = {}
    for number, row in enumerate(rows, start=2):
        if number > ROW_LIMIT:
            raise _Fault(f"it has more than {ROW_LIMIT:,} rows")
        cells = [row[place].strip() if place < len(row) else "" for place in places]
        rule, host, subject, owner, due, status = cells
        status = "" if status in WORDS.values() else status  # as the plan was made
        if not (owner or due or status):
            continue
        for column, text in zip(FILLED, (owner, due, status), strict=True):
            if len(text) > TEXT_LIMIT:
                raise _Fault(f"row {number}: {column} has more than {TEXT_LIMIT} characters")
        made = Assignment(owner, _day(due, number), status)
        if found.setdefault((rule, host, subject), made) != made:
            raise _Fault(f"row {number} says otherwise than a row before it of the same subject")
    return found


def _day(text: str, row: int) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        told = shown(text, 40)
        raise _Fault(f"row {row}: due must be a day as 2027-03-31, not {told}") from None
