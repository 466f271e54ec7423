"""The page of many hosts: what holds them back, and which rules are red where."""

from dataclasses import replace
from typing import Any

import pytest
from lxml import etree

from tests.support.certifications import certification, result
from tests.support.pages import element, rows_of
from vmfex.checks.result.reading import Reading
from vmfex.checks.result.verdict import Verdict
from vmfex.reports.certificate import fleet
from vmfex.reports.site_causes import ranked
from vmfex.reports.summary import HostSummary, summarise


def _host(label: str, *verdicts: Verdict, directory: str | None = "hosts/x") -> HostSummary:
    results = [result(verdict, f"HST-{n:02}") for n, verdict in enumerate(verdicts, start=1)]
    of = certification(*results, host=label)
    return summarise(of, label, label, status=0, directory=directory, reason="")


def render(*about: Any) -> str:
    """The page, whole."""
    return "".join(fleet.render(*about))


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


def test_the_headline_of_a_cause_is_what_is_wrong() -> None:
    """The rule's statement says what should be. What all hosts show stands there, and the rule as
    broken where they differ."""
    seen = [replace(_host(name, Verdict.VIOLATED)) for name in "ab"]
    [cause] = ranked(seen)
    title, shown = cause.held.what, cause.held.seen
    page = render(seen, "2026-03-01T10:00:00Z", "0.1.0", "5f2b9d")
    [head] = [_text(each) for each in etree.HTML(page).iter("h3")]
    assert head == f"2 hosts: {shown}"
    assert f"HST-01 {title} ·" in page
    [held] = seen[1].held
    seen[1] = replace(seen[1], held=(replace(held, seen="another"),))
    page = render(seen, "2026-03-01T10:00:00Z", "0.1.0", "5f2b9d")
    [head] = [_text(each) for each in etree.HTML(page).iter("h3")]
    assert head == f"2 hosts: this is violated: {title}"
    assert f"On a: {shown}" in page


def test_a_long_remedy_is_cut_between_two_lines() -> None:
    """And keeps its lines: half an XML element helps nobody."""
    of = result(Verdict.VIOLATED, "HST-01")
    line = "<address type='pci'/>\n"
    findings = tuple(replace(each, remedy="Put:\n" + line * 30) for each in of.findings)
    whole = certification(replace(of, findings=findings), host="a")
    [held] = summarise(whole, "a", "a", status=0, directory=None, reason="").held
    assert held.remedy.startswith("Put:\n" + line * 10)
    assert held.remedy.rpartition("\n")[0].endswith("/>")


def test_the_matrix_has_a_row_for_each_host_and_a_column_for_each_rule_that_is_not_fine() -> None:
    """The worst first. A host whose reports could not be written is there too, without a link."""
    hosts = [
        _host("good", Verdict.COMPLIANT, Verdict.COMPLIANT),
        _host("bad", Verdict.COMPLIANT, Verdict.VIOLATED),
        _host("<b>odd", Verdict.COMPLIANT, directory=None),
    ]
    page = render(hosts, "2026-03-01T10:00:00Z", "0.1.0", "5f2b9d")
    table = element(page, "table", "id", "matrix")
    rows = rows_of(table)
    assert rows == [
        ["Host", "Decision", "rules violated", "undetermined", "HST-02", "Remarks"],
        ["bad constructed", "NOT CERTIFIED", "1", "", "✖", ""],
        ["good constructed", "CERTIFIED", "", "", "", ""],
        ["<b>odd constructed", "CERTIFIED", "", "", "", ""],
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


@pytest.mark.parametrize(
    ("decisions", "banner"),
    [
        ((Verdict.COMPLIANT, Verdict.WAIVED), "waived"),
        ((Verdict.COMPLIANT, Verdict.UNDETERMINED), "open"),
        ((Verdict.UNDETERMINED, Verdict.VIOLATED), "bad"),
        ((Verdict.COMPLIANT,), "good"),
    ],
)
def test_the_page_looks_like_its_worst_host(decisions: tuple[Verdict, ...], banner: str) -> None:
    """A host with waivers is not one without."""
    hosts = [_host(f"h{n}", verdict) for n, verdict in enumerate(decisions)]
    page = etree.HTML(render(hosts, "2026-03-01T10:00:00Z", "0.1.0", "5f2b9d"))
    assert [header.get("class") for header in page.iter("header")] == [banner]


def test_the_first_lines_say_for_what_when_by_what_and_how_old() -> None:
    """Of all hosts together; whose evidence is old is named."""
    old = replace(
        certification(result(), host="old"),
        readings=(Reading("host", "from a capture", "2026-02-26T10:00:00Z"),),
    )
    aged = summarise(old, "old", "old", status=0, directory="hosts/old", reason="")
    page = etree.HTML(render([aged, _host("a")], "2026-03-01T10:00:00Z", "0.1.0", "sha256:5f2b9d"))
    [header] = page.iter("header")
    said = [_text(line) for line in header.iter("dd")]
    assert said == [
        "Cisco VM-FEX for KVM: SR-IOV VF passthrough (8)",
        "2026-03-01 10:00 UTC by vmfex 0.1.0, rule set 5f2b9d",
        "of 1 host older than a day, or without a time: old",
    ]
    [row] = [row for row in page.iter("tr") if _text(row).startswith("old")]
    assert "2026-02-26 10:00 UTC, 3 days before this certificate" in _text(row)
