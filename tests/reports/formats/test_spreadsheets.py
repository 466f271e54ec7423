"""CSV and XLSX, as spreadsheets read them: no cell is a formula."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tests.support.format_readers import rows, sheets
from tests.support.formats import CONTEXT, HOSTS, PARTIAL, WHOLE, WITH_WAIVERS, hostile
from vmfex.reports.formats import actions, findings_csv, findings_xlsx
from vmfex.reports.formats.cells import cell
from vmfex.reports.formats.context import Assignment, Context

STARTS = ("=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "\uff1d", "\x00=", "\x1b=")


@pytest.mark.parametrize("start", STARTS)
def test_no_cell_begins_a_formula(start: str) -> None:
    """Nor after a tab, a carriage return, a blank or what is invisible."""
    assert not cell(f"{start}1+1").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d"))


@given(st.text())
def test_whatever_a_host_says_no_cell_is_a_formula(text: str) -> None:
    """In either file, in any cell of any host; and CSV keeps its columns."""
    of = hostile(text or "-")
    for made in (findings_csv.render([of], CONTEXT), actions.render([of], CONTEXT)):
        for row in rows(made):
            assert None not in row
            assert not any(value.startswith(("=", "+", "-", "@")) for value in row.values())


@pytest.mark.parametrize("start", ["=", "+", "-", "@", " =", "\uff1d"])
def test_semicolons_part_off_no_formula(start: str) -> None:
    """A spreadsheet of a country that parts cells by semicolons reads a quoted cell as several."""
    of = hostile(f"host;{start}cmd|'/C calc'!A1;x")
    for made in (findings_csv.render([of], CONTEXT), actions.render([of], CONTEXT)):
        cells = [cell for row in csv.reader(io.StringIO(made), delimiter=";") for cell in row]
        assert len(cells) > made.count("\n")
        assert not any(cell.strip().startswith(("=", "+", "-", "@", "\uff1d")) for cell in cells)


@pytest.mark.parametrize("start", STARTS)
def test_a_workbook_has_texts_alone(start: str) -> None:
    """Every cell is a text, also to the library that reads it."""
    of = hostile(f"{start}cmd|'/C calc'!A1")
    for raw in (findings_xlsx.render([of], CONTEXT), actions.render_xlsx([of], CONTEXT)):
        book = load_workbook(io.BytesIO(raw))
        cells = [c for sheet in book.worksheets for row in sheet.iter_rows() for c in row]
        assert {c.data_type for c in cells if c.value is not None} == {"s"}
        assert not any(c.hyperlink for c in cells)


def test_csv_is_what_excel_takes() -> None:
    """UTF-8 with a byte order mark, and lines that end as RFC 4180 says."""
    text = findings_csv.render([WHOLE], CONTEXT)
    assert text.encode().startswith(b"\xef\xbb\xbf")
    assert text.count("\r\n") == text.count("\n") == 1 + len(rows(text))


def test_every_finding_has_a_row() -> None:
    """With what was read, from where, what was wanted, what to do, and who accepted it."""
    table = [row for row in rows(findings_csv.render([WHOLE], CONTEXT)) if row["rule"]]
    assert len(table) == sum(len(r.findings) or 1 for r in WHOLE.results) + len(WHOLE.not_run)
    [violated] = [r for r in table if r["rule"] == "VIC-02" and r["finding"] == "violated"]
    assert violated["observed"] == "RHEL 7.9"
    assert violated["read from"] == "etc/redhat-release"
    assert violated["what to do"] == "Install a supported release."
    [waived] = [r for r in table if r["rule"] == "SRV-03" and r["finding"] == "waived"]
    assert waived["accepted"].startswith("waiver of change board until 2026-06-01")
    assert [r["verdict"] for r in table if r["rule"] == "TOP-04"] == ["not run"]


def test_the_workbook_has_what_is_not_well_and_every_rule() -> None:
    """Three sheets; the hosts' has their counts."""
    made = sheets(findings_xlsx.render(HOSTS, CONTEXT))
    assert list(made) == ["Hosts", "Rules", "Findings"]
    header, *hosts = made["Hosts"]
    assert [row[:2] for row in hosts] == [[of.host, of.decision] for of in HOSTS]
    assert dict(zip(header, hosts[0], strict=True))["not run"] == "1"
    assert len(made["Rules"]) == 1 + sum(len(of.results) + len(of.not_run) for of in HOSTS)
    column = made["Findings"][0].index("finding")
    assert not {row[column] for row in made["Findings"]} & {"compliant", "not applicable"}


def test_owners_and_dates_stand_beside_their_findings() -> None:
    """Those of a filled action plan, in both."""
    filled = {("VIC-02", "reference", "the operating system"): Assignment("Ann", "2026-05-01", "x")}
    context = Context(assigned=filled)
    [row] = [r for r in rows(findings_csv.render([WHOLE], context)) if r["owner"]]
    assert (row["rule"], row["owner"], row["due"], row["status"]) == (
        "VIC-02",
        "Ann",
        "2026-05-01",
        "x",
    )
    assert any("Ann" in row for row in sheets(findings_xlsx.render([WHOLE], context))["Findings"])


def test_the_same_record_gives_the_same_bytes() -> None:
    """A workbook has no time of its own."""
    hosts = [WITH_WAIVERS, PARTIAL]
    assert findings_xlsx.render(hosts, CONTEXT) == findings_xlsx.render(hosts, CONTEXT)
