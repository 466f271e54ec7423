"""Hosts of a run that call themselves the same, by the summaries of hosts."""

from collections.abc import Sequence

from tests.support.certifications import certification, result
from vmfex.reports.certificate.fleet import render
from vmfex.reports.same_name import told
from vmfex.reports.summary import HostSummary, summarise


def _host(label: str, own: str, reason: str = "") -> HostSummary:
    of = certification(result(), host=own)
    return summarise(of, label, label, status=0, directory=f"hosts/{label}", reason=reason)


def _page(hosts: Sequence[HostSummary]) -> str:
    return "".join(render(hosts, "2026-03-01T10:00:00Z", "0.1.0", "5f2b9d"))


def test_an_old_capture_beside_a_new_one_is_told() -> None:
    """Both are of one host, which the page counts twice: it says so, and so does the run."""
    hosts = [_host("blade-7", "blade-7"), _host("blade-8", "blade-8"), _host("old-7", "blade-7")]
    sentence = told(hosts)
    assert sentence.startswith("2 hosts call themselves 'blade-7' (blade-7, old-7): one host")
    assert "2 hosts call themselves" in _page(hosts)
    hosts += [_host(f"x{n}", "<i>") for n in range(6)]
    sentence = told(hosts)
    assert sentence.startswith("6 hosts call themselves '<i>' (x0, x1, x2, x3 and 2 more); so do")
    assert "<i>" not in _page(hosts)


def test_hosts_of_their_own_names_are_not() -> None:
    """What could not be read says nothing of itself."""
    hosts = [_host("a", "a"), _host("b", "b"), _host("c", "a", reason="no route to host")]
    assert told(hosts) == ""
    assert "call themselves" not in _page(hosts)
