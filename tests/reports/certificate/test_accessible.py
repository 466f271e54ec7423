"""axe finds nothing to object to in certificates and comparisons, on a screen and on a phone, light
and dark."""

import json
from importlib.resources import files
from pathlib import Path

import pytest
from lxml import etree

from tests.support.browser import visit
from tests.support.certifications import certification, result
from tests.support.outcomes import outcome_of
from vmfex.checks.result.verdict import Verdict
from vmfex.engine.rule_set import load
from vmfex.reports.certificate import fleet, page
from vmfex.reports.comparison import page as comparison
from vmfex.reports.comparison.hosts import compare_hosts
from vmfex.reports.summary import summarise

RUN = """
<script>%s</script>
<script>axe.run().then((found) => {
  const told = document.createElement("pre");
  told.id = "axe";
  const faults = found.violations.map((v) => [v.id, v.nodes.map((n) => n.html)]);
  told.textContent = JSON.stringify(faults);
  document.body.append(told);
});</script>
"""

WAIVED = certification(result(Verdict.WAIVED))


def _pages() -> dict[str, str]:
    outcomes = {
        h: outcome_of(h) for h in ("fabric-6454", "reference", "lab-compliant", "unreadable")
    }
    of = {h: outcome.certification for h, outcome in outcomes.items()}
    hosts = [summarise(c, h, h, status=0, directory=f"hosts/{h}", reason="") for h, c in of.items()]
    sites = [outcome.site for outcome in outcomes.values() if outcome.site]
    about = "2026-03-01T10:00:00Z", "0.1.0", "5f2b9d", load().rules
    many = "".join(fleet.render(hosts, *about, sites))
    worse = compare_hosts(
        {"a": of["reference"], "b": WAIVED}, {"a": of["fabric-6454"], "c": WAIVED}
    )
    compared = {"compared": comparison.render(worse)}
    return {host: page.render(c) for host, c in of.items()} | {"fleet": many} | compared


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing(width: int, scheme: str, tmp_path: Path) -> None:
    """Contrast, names, headings, tables and what can be reached by keyboard."""
    axe = files("axe_core_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    for name, html in _pages().items():
        file = tmp_path / f"{name}.html"
        file.write_text(_opened(html) + RUN % axe, encoding="utf-8")
        tree = etree.HTML(visit(file, width=width, dark=scheme == "dark").dom)
        [told] = [pre.text for pre in tree.iter("pre") if pre.get("id") == "axe"]
        assert json.loads(str(told)) == [], name


def _opened(html: str) -> str:
    """Without the policy that forbids scripts, axe's own among them."""
    head, policy, rest = html.partition('<meta http-equiv="Content-Security-Policy"')
    assert policy
    return head + rest.partition(">")[2]
