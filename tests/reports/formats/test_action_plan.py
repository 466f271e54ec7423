"""The action plan: made, filled in by people, and read back."""

import csv
import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.support.certifications import WAIVER
from tests.support.format_readers import rows
from tests.support.formats import (
    CONTEXT,
    HOSTS,
    OPEN,
    STATEMENT,
    VIOLATED,
    WHOLE,
    WITH_WAIVERS,
    host,
    hostile,
)
from vmfex.checks.result.certification import Certification
from vmfex.reports import ReportError
from vmfex.reports.formats import filled_plan
from vmfex.reports.formats.action_rows import forgotten, of_others
from vmfex.reports.formats.actions import HEADER, render, render_xlsx
from vmfex.reports.formats.context import Assignment, Context
from vmfex.reports.formats.filled_plan import read


def test_it_has_what_auditors_fill_in() -> None:
    """A row for each subject that is not well: what decides first, violations before what is open;
    what is waived has the waiver's owner and end."""
    table = rows(render([WHOLE], CONTEXT))
    assert [(row["rule"], row["verdict"]) for row in table] == [
        ("VIC-02", "violated"),
        ("PRF-04", "undetermined"),
        ("EMU-01", "undetermined"),
        ("HDV-05", "waived"),
        ("SRV-03", "waived"),
        ("FAB-05", "violated"),
        ("FAB-06", "undetermined"),
    ]
    assert {"owner", "due", "status"} < set(HEADER)
    waived = next(row for row in table if row["rule"] == "SRV-03")
    assert (waived["owner"], waived["due"]) == ("server team", "2026-06-01")
    assert table[0]["what to do"] == "Install a supported release."


def _filled_csv(text: str, separator: str = ",") -> bytes:
    """The plan as a spreadsheet saves it when somebody has filled in its first row."""
    table = rows(text)
    table[0] |= {"owner": "Ann B.", "due": "2026-05-01", "status": "ordered"}
    out = io.StringIO()
    writer = csv.DictWriter(out, HEADER, delimiter=separator)
    writer.writeheader()
    writer.writerows(table)
    return ("\ufeff" + out.getvalue()).encode()


def _filled_xlsx(of: Certification) -> bytes:
    """The same in a workbook, where a day is a date."""
    book = load_workbook(io.BytesIO(render_xlsx([of], CONTEXT)))
    sheet = book.worksheets[0]
    for name, value in (("owner", "Ann B."), ("due", datetime(2026, 5, 1)), ("status", "ordered")):
        sheet.cell(2, HEADER.index(name) + 1).value = value
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize("form", ["comma", "semicolon", "tab", "workbook"])
@pytest.mark.parametrize("of", [WHOLE, hostile()], ids=["host", "hostile"])
def test_owners_and_dates_stand_in_the_next_report(
    form: str, of: Certification, tmp_path: Path
) -> None:
    """However the country's spreadsheet saves it, and whatever the host is called."""
    separators = {"comma": ",", "semicolon": ";", "tab": "\t"}
    if form == "workbook":
        raw = _filled_xlsx(of)
    else:
        raw = _filled_csv(render([of], CONTEXT), separators[form])
    path = tmp_path / "plan"
    path.write_bytes(raw)
    context = Context(assigned=read(path))
    first, *others = rows(render([of], context))
    assert [first["owner"], first["due"], first["status"]] == ["Ann B.", "2026-05-01", "ordered"]
    assert not any(row["owner"] == "Ann B." for row in others)
    assert list(forgotten([of], context)) == []


def test_a_row_that_nobody_filled_in_says_nothing(tmp_path: Path) -> None:
    """It is no answer, and missed by nobody when its subject is mended; nor does it stand against
    another row of its subject."""
    path = tmp_path / "plan.csv"
    path.write_text(render([host(VIOLATED, OPEN)], CONTEXT), "utf-8")
    assert read(path) == {}


def test_a_renewed_waiver_counts_over_an_old_plan(tmp_path: Path) -> None:
    """The plan had its end too, and nobody wrote that there."""
    path = tmp_path / "plan.csv"
    path.write_text(render([WITH_WAIVERS], CONTEXT), "utf-8")
    renewed = replace(WAIVER, expires=datetime(2027, 1, 1, tzinfo=UTC), owner="Bob")
    of = replace(WITH_WAIVERS, accepted=(renewed, STATEMENT))
    table = rows(render([of], Context(assigned=read(path))))
    [row] = [row for row in table if row["rule"] == "SRV-03"]
    assert (row["owner"], row["due"]) == ("Bob", "2027-01-01")


def test_a_status_never_changes_a_verdict(tmp_path: Path) -> None:
    """What somebody calls done is violated until it is read to be otherwise."""
    path = tmp_path / "plan.csv"
    path.write_bytes(_filled_csv(render([WHOLE], CONTEXT)).replace(b"ordered", b"compliant"))
    first = rows(render([WHOLE], Context(assigned=read(path))))[0]
    assert (first["status"], first["verdict"]) == ("compliant", "violated")


def test_what_has_no_action_any_more_is_told() -> None:
    """It was mended, or is called otherwise now; nothing is dropped in silence."""
    gone = ("VIC-02", "blade-1", "the operating system")
    elsewhere = ("VIC-02", "another host", "the operating system")
    context = Context(assigned=dict.fromkeys((gone, elsewhere), Assignment("Ann", "", "")))
    assert list(forgotten(HOSTS, context)) == [gone]
    assert of_others(HOSTS, context) == {elsewhere}


HEAD = "rule,host,subject,owner,due,status\n"


@pytest.mark.parametrize(
    ("raw", "fault"),
    [
        (b"", "its first row has no column 'rule'"),
        (b"a,b\n", "its first row has no column 'rule'"),
        (b"\xff\xfe", "it is not UTF-8"),
        (f"{HEAD}R,h,s,Ann,1/5/2027,\n".encode(), "row 2: due must be a day as 2027-03-31"),
        (f"{HEAD}R,h,s,Ann,2027-02-30,\n".encode(), "row 2: due must be a day as 2027-03-31"),
        (f"{HEAD}R,h,s,Ann,,\nR,h,s,Bob,,\n".encode(), "row 3 says otherwise than a row before"),
        (f"{HEAD}R,h,s,{'a' * 501},,\n".encode(), "row 2: owner has more than 500 characters"),
        (f'{HEAD}"R,h\n'.encode(), "it is not CSV"),
        (b"PK\x03\x04 and then nothing", "it is not a workbook that can be read"),
    ],
)
def test_a_plan_that_cannot_be_used_is_refused(raw: bytes, fault: str, tmp_path: Path) -> None:
    """In one sentence: what is wrong, and in which row."""
    path = tmp_path / "plan"
    path.write_bytes(raw)
    with pytest.raises(ReportError) as refused:
        read(path)
    assert fault in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_plan_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """With the reason."""
    with pytest.raises(ReportError, match="cannot be read: No such file"):
        read(tmp_path / "plan.csv")


def _changed(raw: bytes, name: str, content: bytes) -> bytes:
    """The workbook with another part."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for part in old.namelist():
            new.writestr(part, content if part == name else old.read(part))
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-7", "cp037"])
def test_a_workbook_that_declares_entities_is_refused(encoding: str, tmp_path: Path) -> None:
    """They could stand for any amount of text, or for a file, in whatever encoding they hide."""
    declared = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    )
    raw = _changed(_filled_xlsx(WHOLE), "xl/worksheets/sheet1.xml", declared.encode(encoding))
    path = tmp_path / "plan.xlsx"
    path.write_bytes(raw)
    with pytest.raises(ReportError, match="document type declaration"):
        read(path)


def test_a_workbook_that_unpacks_to_too_much_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it is unpacked."""
    monkeypatch.setattr(filled_plan, "UNPACKED_LIMIT", 2**20)
    bomb = _changed(_filled_xlsx(WHOLE), "xl/worksheets/sheet1.xml", b" " * 2**20)
    path = tmp_path / "plan.xlsx"
    path.write_bytes(bomb)
    with pytest.raises(ReportError, match="unpacks to more than 1 MiB"):
        read(path)


def _refused(raw: bytes) -> str:
    """Why the file is refused; empty where it is read."""
    with NamedTemporaryFile() as file:
        file.write(raw)
        file.flush()
        try:
            read(Path(file.name))
        except ReportError as refused:
            return str(refused)
    return ""


@given(st.binary(max_size=400) | st.text().map(lambda text: (HEAD + text).encode()))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    """There is no third way."""
    assert "\n" not in _refused(raw)


WORKBOOK = _filled_xlsx(WHOLE)


@settings(max_examples=50)
@given(st.integers(0, len(WORKBOOK) - 1), st.integers(0, 255))
@example(242, 0)  # zlib's own error
def test_a_damaged_workbook_is_read_or_refused(place: int, byte: int) -> None:
    """Wherever a byte of it was changed."""
    raw = bytearray(WORKBOOK)
    raw[place] = byte
    assert "\n" not in _refused(bytes(raw))
