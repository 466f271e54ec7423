"""Several hosts on the terminal."""

import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tests.support.certifications import certification, result
from vmfex.checks.result.verdict import Verdict
from vmfex.checks.rules.migration_matrix import Matrix
from vmfex.reports.summary import HostSummary, summarise
from vmfex.reports.summary_text import refused, render


def _host(label: str, *verdicts: Verdict, reason: str = "") -> HostSummary:
    results = [result(verdict, f"HST-{n:02}") for n, verdict in enumerate(verdicts, start=1)]
    of = certification(*results, host=label)
    return summarise(of, label, label, status=0, directory="hosts/x", reason=reason)


HOSTS = [
    _host("blade-7", *[Verdict.VIOLATED] * 12),
    _host("blade-8", Verdict.COMPLIANT),
    _host("blade-9", Verdict.UNDETERMINED, reason="the host does not answer " * 4),
]


@given(st.integers(20, 120), st.booleans(), st.booleans())
def test_lines_are_not_wider_than_the_terminal(width: int, verbose: bool, colour: bool) -> None:
    """They go on below their first words; each host begins at the left. The last line, which
    scripts take, is whole."""
    text = render(
        HOSTS,
        Matrix(),
        report="out",
        colour=colour,
        quiet=False,
        verbose=verbose,
        width=width,
        wrapped=True,
    )
    lines = re.sub(r"\x1b\[[\d;]*m", "", text).splitlines()
    *lines, empty, last = lines
    assert empty == ""
    assert last.startswith("3 hosts: ")
    wide = [line for line in lines if len(line) > width]
    assert not [line for line in wide if len(line.split()) > 1]
    begun = [line for line in lines if not line.startswith("    ")]
    assert [line.split()[0] for line in begun] == ["NOT", "CERTIFIED", "INCOMPLETE"]


def test_where_it_is_no_terminal_a_host_has_one_line() -> None:
    """A script takes it with grep, at any width."""
    text = render(HOSTS, Matrix(), report="out", colour=False, quiet=False, verbose=False, width=20)
    assert len(text.splitlines()) == len(HOSTS) + 2


def test_who_is_refused_and_why() -> None:
    """Whatever is violated is named; a host that was not read says why; one in which something is
    only unknown has a line at the end, and none on the way."""
    seven, eight, nine = HOSTS
    ids = ", ".join(f"HST-{n:02}" for n in range(1, 13))
    assert refused(seven) == f"refused: blade-7: NOT CERTIFIED; violated: {ids}"
    assert refused(eight) == refused(replace(nine, reason="")) == ""
    assert refused(nine).startswith("refused: blade-9: INCOMPLETE; the host does not answer")
    fault = replace(eight, decision=None, reason="internal error")
    assert refused(fault) == "refused: blade-8: INTERNAL ERROR; internal error"
