"""The page of many hosts: what holds them back, and which rules are red where."""

from lxml import etree

from tests.support.certifications import certification, result
from vmfex.checks.result.verdict import Verdict
from vmfex.reports.certificate.fleet import ranked, render
from vmfex.reports.summary import HostSummary, summarise


def _host(label: str, *verdicts: Verdict, directory: str | None = "hosts/x") -> HostSummary:
    results = [result(verdict, f"HST-{n:02}") for n, verdict in enumerate(verdicts, start=1)]
    of = certification(*results, host=label)
    return summarise(of, label, label, status=0, directory=directory, reason="")


def _text(cell: etree._Element) -> str:
    return "".join(map(str, cell.itertext())).strip()


def test_causes_are_ranked_by_the_hosts_that_they_hold_back() -> None:
    """Two hosts are refused for one reason, one of them for nothing else."""
    hosts = [
        _host("a", Verdict.COMPLIANT),
        _host("b", Verdict.VIOLATED),
        _host("c", Verdict.VIOLATED),
        _host("d", Verdict.UNDETERMINED),
    ]
    causes = ranked(hosts)
    assert [[host.label for host in cause.hosts] for cause in causes] == [["b", "c"], ["d"]]
    assert causes[0].held.remedy == "Install a supported release."


def test_the_matrix_has_a_row_for_each_host_and_a_column_for_each_rule_that_is_not_fine() -> None:
    """A host whose reports could not be written is there too, without a link."""
    hosts = [
        _host("good", Verdict.COMPLIANT, Verdict.COMPLIANT),
        _host("bad", Verdict.COMPLIANT, Verdict.VIOLATED),
        _host("<b>odd", Verdict.COMPLIANT, directory=None),
    ]
    page = etree.HTML(render(hosts, "2026-03-01T10:00:00Z", "0.1.0", "5f2b9d"))
    [table] = page.iter("table")
    rows = [
        ["".join(map(str, cell.itertext())).strip() for cell in row] for row in table.iter("tr")
    ]
    assert rows == [
        ["Host", "Decision", "HST-02", "Why not read"],
        ["good constructed", "CERTIFIED", "", ""],
        ["bad constructed", "NOT CERTIFIED", "✖", ""],
        ["<b>odd constructed", "CERTIFIED", "", ""],
    ]
    assert [a.get("href") for a in table.iter("a")] == ["hosts/x/certificate.html"] * 2


def test_the_heading_counts_the_decisions() -> None:
    """Worst colour first: one refused host makes the page red."""
    hosts = [_host("a", Verdict.COMPLIANT), _host("b", Verdict.VIOLATED)]
    page = etree.HTML(render(hosts, "2026-03-01T10:00:00Z", "0.1.0", "5f2b9d"))
    [heading] = page.iter("h1")
    assert heading.text == "2 hosts: 1 CERTIFIED, 1 NOT CERTIFIED"
    [header] = page.iter("header")
    assert header.get("class") == "bad"
