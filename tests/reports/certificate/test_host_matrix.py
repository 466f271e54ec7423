"""The matrix of the page of many hosts: its marks, its size, and what a browser makes of it."""

import json
import re
from dataclasses import replace
from html import escape
from pathlib import Path

from tests.support.browser import printed, visit
from tests.support.certifications import certification, result, rule
from tests.support.pages import element, rows_of, words
from vmfex.checks.inventory.parts import Capacity
from vmfex.checks.result.rule import Severity
from vmfex.checks.result.verdict import Verdict
from vmfex.reports.certificate.fleet import OPEN_CAUSES, render
from vmfex.reports.certificate.host_matrix import MARKS
from vmfex.reports.summary import HostSummary, summarise

ABOUT = ("2026-03-01T10:00:00Z", "0.1.0", "5f2b9d")
EVIL = "</script><script>document.title='steered'</script><img src=x onerror=alert(1)>"


def _host(label: str, **verdicts: Verdict) -> HostSummary:
    """Its rules by id, `_` for the dash; those of the area XTR are advice."""
    results = [
        result(
            verdict,
            id_.replace("_", "-"),
            Severity.NORMAL if id_.startswith("XTR") else Severity.BLOCKER,
            derived=id_.startswith("XTR"),
        )
        for id_, verdict in verdicts.items()
    ]
    of = certification(*results, host=label, constructed=False)
    return summarise(of, label, label, status=0, directory=f"hosts/{label}", reason="")


def _rows(page: str) -> dict[str, list[str]]:
    """The matrix: the cells of each row that can be seen, by the host."""
    return {name: cells for name, *cells in rows_of(element(page, "table", "id", "matrix"))}


def test_each_verdict_has_a_mark_that_needs_no_colour() -> None:
    """Compliant and not applicable have none. What decides nothing looks like neither a violation
    nor like what is fine."""
    host = _host(
        "blade",
        HST_01=Verdict.VIOLATED,
        HST_02=Verdict.UNDETERMINED,
        HST_03=Verdict.WAIVED,
        HST_04=Verdict.COMPLIANT,
        XTR_01=Verdict.VIOLATED,
        XTR_02=Verdict.UNDETERMINED,
    )
    rows = _rows("".join(render([host], *ABOUT)))
    ids = rows["Host"][3:-1]
    assert dict(zip(ids, rows["blade"][3:-1], strict=True)) == {
        "HST-01": "✖",
        "HST-02": "?",
        "HST-03": "✎",
        "XTR-01": "!",
        "XTR-02": "·",
    }
    assert len({sign for sign, _, _ in MARKS.values()}) == len(MARKS)


def test_columns_stand_in_the_order_of_the_rules_and_are_counted() -> None:
    """One rule is red everywhere, and says so; a rule that is fine everywhere is named below."""
    rules = {id_: rule(id_, title=f"Statement {id_}") for id_ in ("VIC-01", "HST-01", "HST-02")}
    hosts = [
        _host("a", HST_01=Verdict.VIOLATED, VIC_01=Verdict.VIOLATED, HST_02=Verdict.COMPLIANT),
        _host("b", HST_01=Verdict.COMPLIANT, VIC_01=Verdict.VIOLATED, HST_02=Verdict.COMPLIANT),
    ]
    page = "".join(render(hosts, *ABOUT, rules))
    assert _rows(page)["Host"][3:-1] == ["VIC-01", "HST-01"]
    section = element(page, "section", "aria-labelledby", "rules")
    assert [" ".join(row).split() for row in rows_of(section)][1:] == [
        ["VIC-01", "Statement", "VIC-01", "2", "(every", "host)"],
        ["HST-01", "Statement", "HST-01", "1"],
    ]
    assert words(section).endswith(": HST-02.")


def test_a_thousand_hosts_are_a_page_of_less_than_a_megabyte() -> None:
    """In parts of which none is large; each host has its row, and 60 rules are not fine."""
    verdicts = [Verdict.VIOLATED, Verdict.UNDETERMINED, Verdict.COMPLIANT, Verdict.COMPLIANT]
    kinds = [
        _host("x", **{f"TST_{n:02}": verdicts[(n + kind) % 4] for n in range(60)})
        for kind in range(4)
    ]
    hosts = [
        replace(kinds[n % 4], label=f"blade-{n:04}", directory=f"hosts/blade-{n:04}")
        for n in range(1000)
    ]
    parts = list(render(hosts, *ABOUT))
    page = "".join(parts)
    assert len(page.encode()) < 1_000_000
    assert max(map(len, parts)) < 200_000
    assert page.count('<tr><th scope="row"><a href="hosts/blade-') == 1000


SCRIPT = """<script>
const moment = () => new Promise((done) => setTimeout(done));
const choose = (id, value) => {
  const field = document.getElementById(id);
  field.value = value;
  field.dispatchEvent(new Event("input"));
};
const sortBy = (at) => table.tHead.rows[0].cells[at].firstChild.click();
(async () => {
  const told = [];
  for (const act of [%s]) {
    act();
    await moment();
    const seen = [...table.tBodies[0].rows].filter((row) => !row.hidden);
    told.push([...seen.map((row) => row.cells[0].textContent), shown.textContent]);
    form.reset();
    await moment();
  }
  const list = document.createElement("pre");
  list.id = "told";
  list.textContent = JSON.stringify(told);
  document.body.append(list);
})();
</script>"""


def test_a_reader_filters_and_sorts(tmp_path: Path) -> None:
    """By decision, rule and text; a rule's column has its worst hosts first. What a host calls
    itself, or why it was not read, is text and never part of the page, which asks the network for
    nothing."""
    ten, nine, eight, seven = (f"blade-{n}" for n in (10, 9, 8, 7))
    hosts = [
        _host(ten, HST_01=Verdict.VIOLATED, HST_02=Verdict.COMPLIANT),
        _host(nine, HST_01=Verdict.COMPLIANT, HST_02=Verdict.VIOLATED),
        _host(eight, HST_01=Verdict.COMPLIANT, HST_02=Verdict.UNDETERMINED),
        replace(_host(seven, HST_01=Verdict.COMPLIANT), reason=EVIL, host=EVIL),
    ]
    page = "".join(render(hosts, *ABOUT))
    assert EVIL not in page
    assert escape(EVIL)[:20] in page
    assert list(_rows(page)) == ["Host", ten, nine, eight, seven]
    expected = {
        'choose("decision", "NOT CERTIFIED")': [ten, nine],
        'choose("rule", "HST-02")': [nine, eight],
        'choose("decision", "NOT CERTIFIED"); choose("rule", "HST-02")': [nine],
        'choose("text", "ONERROR")': [seven],
        'choose("text", "ade-1"); form.reset()': [ten, nine, eight, seven],
        "sortBy(0)": [seven, eight, nine, ten],
        "sortBy(5)": [nine, eight, ten, seven],
        "void sortBy(5)": [ten, seven, eight, nine],
    }
    acts = ", ".join(f"() => {{ {act} }}" for act in expected)
    file = tmp_path / "page.html"
    file.write_text(page.replace("</body>", SCRIPT % acts + "</body>"), encoding="utf-8")
    seen = visit(file)
    assert not [url for url in seen.requests if not url.startswith("file:")]
    [title] = re.findall("<title>(.*?)</title>", seen.dom)
    assert title.startswith("4 hosts")
    told = json.loads(words(element(seen.dom, "pre", "id", "told")))
    assert told == [[*rows, f"{len(rows)} of 4 hosts"] for rows in expected.values()]


def test_on_paper_each_sheet_has_the_rules_and_nothing_stays_folded(tmp_path: Path) -> None:
    """A browser repeats a table's heading on each sheet; there it has to say which rule a column
    is. Causes that are folded on the screen are on paper, which nobody can unfold."""
    hosts = [_host(f"blade-{n:03}", HST_01=Verdict.VIOLATED) for n in range(150)]
    [held] = hosts[0].held
    several = tuple(
        replace(held, what=f"rule {n}", seen=f"cause {n}") for n in range(2 * OPEN_CAUSES)
    )
    hosts[0] = replace(hosts[0], held=several)
    file = tmp_path / "page.html"
    file.write_text("".join(render(hosts, *ABOUT)), encoding="utf-8")
    paper = printed(file)
    assert f"1 host: cause {2 * OPEN_CAUSES - 1}" in "".join(paper)
    sheets = [text for text in paper if text.count("NOT CERTIFIED") > 10]
    assert 1 < len(sheets) < 6, "some forty hosts are readable on a sheet"
    assert ["HST-01" in text for text in sheets] == [True] * len(sheets)


def test_the_room_of_the_site_is_that_of_its_hosts() -> None:
    """Added up by topology, apart for the hosts that may go live; what binds is counted, and a host
    of which nothing is known makes no number."""
    topology = "SR-IOV VF passthrough"

    def host(label: str, verdict: Verdict, binds: str, room: int | None, sure: bool) -> HostSummary:
        capacity = (Capacity(topology, binds, sure, (), room),)
        of = replace(certification(result(verdict), host=label), capacity=capacity)
        return summarise(of, label, label, status=0, directory="hosts/x", reason="")

    hosts = [
        host("a", Verdict.COMPLIANT, "VFs", 5, True),
        host("b", Verdict.WAIVED, "Netlink", 0, True),
        host("c", Verdict.VIOLATED, "VFs", 7, False),
        host("d", Verdict.UNDETERMINED, "functions", None, False),
    ]
    page = "".join(render(hosts, *ABOUT))
    _, cells = rows_of(element(page, "section", "aria-labelledby", "capacity"))
    assert cells == [topology, "at most 5", "at most 12", "VFs on 2, Netlink on 1", "1", "1"]
