"""xunit-viewer, a reader of JUnit XML that people look at, shows every failure of the record."""

import re
from pathlib import Path

import pytest

from tests.support.browser import visit
from tests.support.certifications import certification, result
from tests.support.readers import xunit_viewer
from vmfex.checks.result.verdict import Verdict
from vmfex.reports.junit import combine, render

OUTCOMES = {
    Verdict.VIOLATED: "failure",
    Verdict.UNDETERMINED: "error",
    Verdict.WAIVED: "skipped",
    Verdict.COMPLIANT: "passed",
    Verdict.NOT_APPLICABLE: "skipped",
}
# Of three hosts: each has the same rules, and one of them other verdicts.
HOSTS = {
    "blade-1": [Verdict.VIOLATED, Verdict.COMPLIANT, Verdict.UNDETERMINED, Verdict.WAIVED],
    "blade-2": [Verdict.VIOLATED, Verdict.COMPLIANT, Verdict.COMPLIANT, Verdict.NOT_APPLICABLE],
    "blade-3": [Verdict.VIOLATED, Verdict.VIOLATED, Verdict.COMPLIANT, Verdict.COMPLIANT],
}


@pytest.mark.parametrize("number", [1, 3])
def test_it_counts_what_the_records_say(number: int, tmp_path: Path) -> None:
    """On the terminal and on its page, where it once showed none of two failures: no host hides
    another's."""
    chosen = {host: HOSTS[host] for host in list(HOSTS)[:number]}
    hosts = [
        certification(*(result(v, f"HST-{n:02}") for n, v in enumerate(verdicts, 1)), host=host)
        for host, verdicts in chosen.items()
    ]
    text = "".join(combine(lambda: [render(of) for of in hosts]))
    told = [OUTCOMES[verdict] for verdicts in chosen.values() for verdict in verdicts]
    counts, page = xunit_viewer(text, tmp_path)
    assert counts == {outcome: told.count(outcome) for outcome in set(told)}
    dom = re.sub(r"<(script|style)\b.*?</\1>|<!--.*?-->", "", visit(page).dom, flags=re.DOTALL)
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", dom))
    tests = re.findall(r"(\d+) / (\d+)", shown.partition("SUITES")[0])
    order = ("passed", "failure", "error", "skipped")
    assert [int(of_all) for _, of_all in tests] == [told.count(outcome) for outcome in order]
    assert [int(seen) for seen, _ in tests[1:3]] == [told.count(o) for o in ("failure", "error")]
